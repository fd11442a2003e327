/** Matchers on the hash of an input (Envoy: input_matchers/{consistent_hashing,runtime_fraction}/matcher.h). */
import type { ConfigNode, TypedConfig } from '../../../schema/configNode';
import { say } from '../../record/sentence';
import { readRuntimeFraction } from '../../runtime/fractionalPercent';
import type { InputReading } from '../inputs/inputReading';
import type { MatchContext } from '../matchContext';
import { xxHash64 } from '../xxHash64';
import type { PredicateResult } from '../predicateResult';

/** Hashes the value with the seed; holds when the rest reaches the threshold, or stays under the fraction. */
export function testHashed({ type, node }: TypedConfig, { what, value }: InputReading, context: MatchContext): PredicateResult {
  if (value.kind !== 'text') return { kind: 'no', because: say`${what} is absent`, at: node };
  const hash = xxHash64(value.text, BigInt(Math.max(0, Math.trunc(node.number('seed') ?? 0))));
  return type.endsWith('ConsistentHashing')
    ? testConsistent(node, hash, { what, value })
    : testFraction(node, hash, { reading: { what, value }, context });
}

function testConsistent(config: ConfigNode, hash: bigint, { what }: InputReading): PredicateResult {
  const modulo = BigInt(Math.max(1, Math.trunc(config.number('modulo') ?? 1)));
  const threshold = BigInt(Math.max(0, Math.trunc(config.number('threshold') ?? 0)));
  const rest = hash % modulo;
  const numbers = say`the hash of ${what} modulo ${Number(modulo)} is ${Number(rest)}`;
  if (rest >= threshold) return { kind: 'yes', because: numbers };
  return { kind: 'no', because: say`${numbers}, must be at least ${Number(threshold)}`, at: config };
}

function testFraction(
  config: ConfigNode,
  hash: bigint,
  { reading, context }: { reading: InputReading; context: MatchContext },
): PredicateResult {
  const fraction = config.get('runtime_fraction');
  const { numerator, denominator } = fraction ? readRuntimeFraction(context.hop, fraction) : { numerator: 0, denominator: 100 };
  const drawn = Number(hash % BigInt(denominator));
  const numbers = say`the hash of ${reading.what} is ${drawn} of ${denominator}`;
  if (drawn < numerator) return { kind: 'yes', because: numbers };
  return { kind: 'no', because: say`${numbers}, must be under ${numerator}`, at: fraction };
}
