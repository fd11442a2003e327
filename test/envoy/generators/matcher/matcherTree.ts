/** Unified matchers over any inputs and actions. */
import fc from 'fast-check';
import type { JsonObject } from '../../labCase';
import { stringMatcher } from '../parts';

export interface MatcherInput {
  readonly input: JsonObject;
  readonly words: readonly string[];
  readonly kind: 'text' | 'ip';
}

/** A matcher of at most `depth` levels. `keep_matching` is left out: it crashes Envoy 1.40 in chain matchers. */
export function matcherTree(inputs: readonly MatcherInput[], action: fc.Arbitrary<JsonObject>, depth = 2): fc.Arbitrary<JsonObject> {
  const plain = action.map((each): JsonObject => ({ action: each }));
  const onMatch =
    depth <= 1
      ? plain
      : fc.oneof(
          { weight: 3, arbitrary: plain },
          { weight: 1, arbitrary: matcherTree(inputs, action, depth - 1).map((matcher): JsonObject => ({ matcher })) },
        );
  const body = fc.oneof(list(inputs, onMatch), exactMap(inputs, onMatch), prefixMap(inputs, onMatch), ipRanges(inputs, onMatch));
  return fc
    .tuple(body, fc.option(onMatch, { nil: undefined }))
    .map(([matcher, otherwise]) => (otherwise ? { ...matcher, on_no_match: otherwise } : matcher));
}

function list(inputs: readonly MatcherInput[], onMatch: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  const item = fc.tuple(predicate(inputs, 2), onMatch).map(([held, then]): JsonObject => ({ predicate: held, on_match: then }));
  return fc.array(item, { minLength: 1, maxLength: 3 }).map((matchers): JsonObject => ({ matcher_list: { matchers } }));
}

function predicate(inputs: readonly MatcherInput[], depth: number): fc.Arbitrary<JsonObject> {
  const single = fc
    .constantFrom(...inputs)
    .chain(({ input, words }) =>
      stringMatcher(words).map((value_match): JsonObject => ({ single_predicate: { input, value_match: withEngine(value_match) } })),
    );
  if (depth <= 1) return single;
  const nested = predicate(inputs, depth - 1);
  const several = fc.array(nested, { minLength: 2, maxLength: 2 });
  return fc.oneof(
    { weight: 4, arbitrary: single },
    { weight: 1, arbitrary: several.map((all): JsonObject => ({ and_matcher: { predicate: all } })) },
    { weight: 1, arbitrary: several.map((all): JsonObject => ({ or_matcher: { predicate: all } })) },
    { weight: 1, arbitrary: nested.map((one): JsonObject => ({ not_matcher: one })) },
  );
}

/** xds.type.matcher.v3.RegexMatcher wants its engine named; Envoy's own twin does not. */
function withEngine(matcher: JsonObject): JsonObject {
  const regex = matcher['safe_regex'];
  return regex === undefined ? matcher : { safe_regex: { google_re2: {}, ...(regex as JsonObject) } };
}

function exactMap(inputs: readonly MatcherInput[], onMatch: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  return mapOf(inputs, onMatch, 'exact_match_map');
}

function prefixMap(inputs: readonly MatcherInput[], onMatch: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  return mapOf(inputs, onMatch, 'prefix_match_map');
}

function mapOf(inputs: readonly MatcherInput[], onMatch: fc.Arbitrary<JsonObject>, kind: string): fc.Arbitrary<JsonObject> {
  return fc.constantFrom(...inputs).chain(({ input, words }) => {
    const keys = fc.uniqueArray(fc.constantFrom(...words.filter((word) => word !== '')), { minLength: 1, maxLength: 3 });
    return keys
      .chain((names) => fc.tuple(...names.map((name) => onMatch.map((then): [string, JsonObject] => [name, then]))))
      .map((entries): JsonObject => ({ matcher_tree: { input, [kind]: { map: Object.fromEntries(entries) } } }));
  });
}

const RANGES = [
  ['10.0.0.0', 8],
  ['10.1.0.0', 16],
  ['10.1.1.0', 24],
  ['192.168.0.0', 16],
  ['127.0.0.0', 8],
  ['203.0.113.9', 32],
] as const;

function ipRanges(inputs: readonly MatcherInput[], onMatch: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  const addresses = inputs.filter(({ kind }) => kind === 'ip');
  if (addresses.length === 0) return list(inputs, onMatch);
  const range = fc.constantFrom(...RANGES).map(([address_prefix, prefix_len]): JsonObject => ({ address_prefix, prefix_len }));
  const matcher = fc
    .tuple(fc.array(range, { minLength: 1, maxLength: 2 }), onMatch)
    .map(([ranges, on_match]): JsonObject => ({ ranges, on_match }));
  const type = 'type.googleapis.com/xds.type.matcher.v3.IPMatcher';
  return fc
    .tuple(fc.constantFrom(...addresses), fc.array(matcher, { minLength: 1, maxLength: 3 }))
    .map(([{ input }, range_matchers]): JsonObject => ({
      matcher_tree: { input, custom_match: { name: 'ip', typed_config: { '@type': type, range_matchers } } },
    }));
}
