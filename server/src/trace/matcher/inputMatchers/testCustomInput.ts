/** Custom matchers of a single predicate, by type (Envoy: source/extensions/matching/input_matchers). */
import { cidrContains, readCidr } from '../../../model/address';
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { say } from '../../record/sentence';
import { testCelMatcher } from '../cel/testCelMatcher';
import type { InputReading } from '../inputs/inputReading';
import type { MatchContext } from '../matchContext';
import { testValue } from '../valueMatcher';
import { testHashed } from './testHashed';
import type { PredicateResult } from '../predicateResult';

/** Tests `custom_match: {name, typed_config}` against what the input yields. */
export function testCustomInput(custom: ConfigNode, reading: InputReading, context: MatchContext): PredicateResult {
  const typed = custom.typed();
  switch (typed?.type) {
    case 'envoy.extensions.matching.input_matchers.ip.v3.Ip':
      return testIp(typed.node, reading);
    case 'envoy.extensions.matching.input_matchers.consistent_hashing.v3.ConsistentHashing':
    case 'envoy.extensions.matching.input_matchers.runtime_fraction.v3.RuntimeFraction':
      return testHashed(typed, reading, context);
    case 'envoy.extensions.matching.input_matchers.metadata.v3.Metadata':
      return testMetadata(typed.node, reading);
    case 'xds.type.matcher.v3.CelMatcher':
      return testCelMatcher(typed.node, context);
    default:
      return { kind: 'unknown', missing: say`what the matcher ${typed?.type || custom.string('name')} says of ${reading.what}` };
  }
}

const rangesOf = memoizeByNode((config: ConfigNode) => config.list('cidr_ranges').flatMap((range) => readCidr(range) ?? []));

function testIp(config: ConfigNode, { what, value }: InputReading): PredicateResult {
  const ranges = rangesOf(config);
  const at = config.get('cidr_ranges') ?? config;
  if (value.kind !== 'text') return { kind: 'no', because: say`${what} is absent`, at };
  const holding = ranges.find((range) => cidrContains(range, value.text));
  if (holding) return { kind: 'yes', because: say`${what} ${value.text} is in ${holding.text}` };
  return { kind: 'no', because: say`${what} is ${value.text}, must be in ${ranges.map(({ text }) => text)}`, at };
}

function testMetadata(config: ConfigNode, { what, value }: InputReading): PredicateResult {
  if (value.kind !== 'metadata') return { kind: 'unknown', missing: say`what the metadata matcher says of ${what}` };
  const verdict = testValue(config.get('value'), value.value, what);
  if (verdict.kind === 'unknown') return verdict;
  const holds = (verdict.kind === 'yes') !== (config.bool('invert') === true);
  if (holds) return { kind: 'yes', because: say`${what} fits` };
  return verdict.kind === 'no' ? verdict : { kind: 'no', because: say`${what} fits, and must not`, at: config };
}
