/** Runtime fractions (Envoy: SnapshotImpl::featureEnabled of source/common/runtime/runtime_impl.cc, ProtobufPercentHelper). */
import type { ConfigNode } from '../../schema/configNode';
import type { Hop } from '../hop';
import { readRuntime } from './readRuntime';
import { wordTable } from '../../text/wordTable';
import type { Fraction } from './runtimeReading';

const DENOMINATORS: Readonly<Record<string, number>> = wordTable({
  HUNDRED: 100,
  TEN_THOUSAND: 10_000,
  MILLION: 1_000_000,
  '0': 100,
  '1': 10_000,
  '2': 1_000_000,
});

/** Reads `type.v3.FractionalPercent`. */
export function readFractionalPercent(node: ConfigNode | undefined): { numerator: number; denominator: number } {
  return { numerator: node?.number('numerator') ?? 0, denominator: DENOMINATORS[node?.enumName('denominator') ?? ''] ?? 100 };
}

/** Reads `core.v3.RuntimeFractionalPercent` with the runtime's value in place of the default, where one is known. */
export function readRuntimeFraction(hop: Pick<Hop, 'request' | 'proxy'>, node: ConfigNode): Fraction {
  const runtimeKey = node.string('runtime_key');
  const standard = readFractionalPercent(node.get('default_value'));
  const { value, from } = readRuntime(hop, runtimeKey);
  const layered = value === undefined ? readLayeredPercent(hop, runtimeKey) : undefined;
  if (layered) return { ...layered, from: 'bootstrap', runtimeKey };
  const percent = typeof value === 'number' ? value : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
  if (percent === undefined) return { ...standard, from: 'default', runtimeKey };
  return { numerator: percent, denominator: 100, from, runtimeKey };
}

/** A static layer may give a whole fraction: `key: {numerator: 5, denominator: TEN_THOUSAND}`. */
function readLayeredPercent(hop: Pick<Hop, 'request' | 'proxy'>, key: string): { numerator: number; denominator: number } | undefined {
  if (key === '') return undefined;
  const [numerator, denominator] = ['numerator', 'denominator'].map((field) => readRuntime(hop, `${key}.${field}`).value);
  if (numerator === undefined && denominator === undefined) return undefined;
  return { numerator: Number(numerator ?? 0), denominator: DENOMINATORS[String(denominator ?? '')] ?? 100 };
}
