/** Runtime values: what the request gives, else the static layers of the bootstrap (Envoy: source/common/runtime/runtime_impl.cc). */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import type { Hop } from '../hop';
import type { RuntimeValue, RuntimeReading } from './runtimeReading';

/** The value of a runtime key; undefined where nobody sets it (the configuration's own default counts then). */
export function readRuntime({ request, proxy }: Pick<Hop, 'request' | 'proxy'>, key: string): RuntimeReading {
  if (key === '') return { value: undefined, from: 'default' };
  const given = request.runtime && Object.hasOwn(request.runtime, key) ? request.runtime[key] : undefined;
  if (given !== undefined) return { value: given, from: 'request' };
  const known = proxy.bootstrap && staticRuntime(proxy.bootstrap).get(key);
  return known === undefined ? { value: undefined, from: 'default' } : { value: known, from: 'bootstrap' };
}

/** A runtime feature flag: `true`, `false`, or the default where it is not set. */
export function runtimeFlag(hop: Pick<Hop, 'request' | 'proxy'>, key: string, standard: boolean): boolean {
  const { value } = readRuntime(hop, key);
  if (value === undefined) return standard;
  return value === true || value === 'true';
}

/** A number; the default where the key is not set or is none. */
export function runtimeNumber(hop: Pick<Hop, 'request' | 'proxy'>, key: string, standard: number): number {
  const { value } = readRuntime(hop, key);
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  return Number.isFinite(number) && number >= 0 ? number : standard;
}

const MAX_DEPTH = 20;

/** All static layers of a bootstrap flattened: nested objects become dotted keys, later layers win. */
const staticRuntime: (bootstrap: ConfigNode) => ReadonlyMap<string, RuntimeValue> = memoizeByNode((bootstrap) => {
  const values = new Map<string, RuntimeValue>();
  for (const layer of bootstrap.get('layered_runtime')?.list('layers') ?? []) {
    const fixed = layer.get('static_layer');
    if (fixed) flatten(fixed, { prefix: '', depth: 0, values });
  }
  return values;
});

function flatten(node: ConfigNode, { prefix, depth, values }: { prefix: string; depth: number; values: Map<string, RuntimeValue> }): void {
  if (depth > MAX_DEPTH) return;
  for (const [key, value] of node.entries()) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    const plain = value.isObject ? undefined : value.toValue();
    if (value.isObject) flatten(value, { prefix: name, depth: depth + 1, values });
    else if (typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean') values.set(name, plain);
  }
}
