/** HeaderMatcher of envoy.config.route.v3 (Envoy: source/common/http/header_utility.h; values one by one since 1.39, match_headers_individually). */
import { readHeaderComparison } from '../../../model/summary/textComparison';
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { keepsBack, KEPT_BACK } from '../../../schema/keptBack';
import { hasHeader, headerValues, unknownHeader, type HttpRequest } from '../../facts/httpRequest';
import { readStringMatcher, testOf } from '../../matcher/stringMatcher';
import { say, words, type Sentence } from '../../record/sentence';
import { no, unknown, YES, type Verdict } from '../../verdict';

type ValueTest = (value: string) => boolean;

interface HeaderCondition {
  readonly name: string;
  readonly inverts: boolean;
  readonly treatsMissingAsEmpty: boolean;
  /** The file leaves out a part of it, or keeps back which header it is about. */
  readonly isHidden: boolean;
  /** Wanted presence, where the matcher asks for nothing else. */
  readonly present: boolean | undefined;
  /** Null: a custom string matcher. */
  readonly test: ValueTest | null;
  /** To follow "must". */
  readonly condition: Sentence;
}

/** Tests a header of the request; pseudo headers and `host` are found as well. `joins`: several values count as one, with commas (before 1.39). */
export function testHeader(matcher: ConfigNode, request: HttpRequest, joins = false): Verdict {
  const { name, inverts, present, isHidden } = readHeaderMatcher(matcher);
  const missing = isHidden ? undefined : unknownHeader(request, name);
  if (missing && present !== undefined && hasHeader(request, name) === true)
    return present !== inverts ? YES : no(say`header ${name} is there, and must not be`, matcher);
  if (missing) return unknown(missing, matcher);
  const values = headerValues(request, name);
  return testHeaderValues(matcher, joins && values.length > 1 ? [values.join(',')] : values);
}

/** The same on the values of a header, wherever they come from (a response). [] when the header is absent. */
export function testHeaderValues(matcher: ConfigNode, values: readonly string[]): Verdict {
  const condition = readHeaderMatcher(matcher);
  if (condition.isHidden) return unknown(words('what a header matcher asks for: the file leaves a part of it out'), matcher);
  const { name, inverts, treatsMissingAsEmpty, present, test } = condition;
  const isMissing = values.length === 0;
  if (present !== undefined) {
    const holds = isMissing && !treatsMissingAsEmpty ? inverts === present : present !== inverts;
    if (holds) return YES;
    return no(isMissing ? say`header ${name} is not there` : say`header ${name} is there, and must not be`, matcher);
  }
  if (isMissing && !treatsMissingAsEmpty) return no(say`header ${name} is not there, must ${describe(condition)}`, matcher);
  if (test === null) return unknown(say`what the custom string matcher says of header ${name}`, matcher);
  const tested = isMissing ? [''] : values;
  if (tested.some(test) !== inverts) return YES;
  return no(say`header ${name} is ${tested}, must ${describe(condition)}`, matcher);
}

function describe({ inverts, condition }: HeaderCondition): Sentence {
  return inverts ? say`not ${condition}` : condition;
}

const readHeaderMatcher: (matcher: ConfigNode) => HeaderCondition = memoizeByNode((matcher) => {
  const parts = [matcher.get('range_match'), matcher.get('safe_regex_match')].filter((part) => part !== undefined);
  const common = {
    name: matcher.string('name').toLowerCase(),
    inverts: matcher.bool('invert_match') === true,
    treatsMissingAsEmpty: matcher.bool('treat_missing_header_as_empty') === true,
    present: undefined,
    isHidden: matcher.isIncomplete || matcher.string('name') === KEPT_BACK || parts.some(keepsBack),
  };
  const value = readValueTest(matcher);
  if (value) return { ...common, ...value };
  return { ...common, present: matcher.bool('present_match') ?? true, test: null, condition: words('be there') };
});

function readValueTest(matcher: ConfigNode): { test: ValueTest | null; condition: Sentence } | undefined {
  const text = matcher.get('string_match');
  if (text) {
    const { matches, condition } = readStringMatcher(text);
    return { test: matches, condition };
  }
  const comparison = readHeaderComparison(matcher);
  if (comparison?.text === KEPT_BACK) return { test: null, condition: words('fit a text that the dump keeps back') };
  if (comparison) {
    const { matches, condition } = testOf(comparison);
    // `exact_match: ""` holds for any value; the StringMatcher's `exact: ""` does not.
    return { test: comparison.kind === 'exact' && comparison.text === '' ? () => true : matches, condition };
  }
  const range = matcher.get('range_match');
  return range && readRange(range);
}

/** An int64 in [start, end), as absl::SimpleAtoi reads it: blanks around and a sign are fine. */
function readRange(range: ConfigNode): { test: ValueTest; condition: Sentence } {
  const start = readInt64(range.get('start'));
  const end = readInt64(range.get('end'));
  const test: ValueTest = (value) => {
    const number = toInteger(value);
    return number !== undefined && number >= start && number < end;
  };
  return { test, condition: say`be a number from ${words(String(start))} and below ${words(String(end))}` };
}

/** From the text itself, as numbers beyond 2^53 would lose digits; what other programs have rounded beyond an int64 is its limit. */
function readInt64(node: ConfigNode | undefined): bigint {
  if (!node) return 0n;
  const { tree, id } = node;
  const text = tree.text.slice(tree.start(id), tree.end(id)).replace(/^["']|["']$/g, '');
  const number = /^[+-]?\d{1,25}$/.test(text) ? BigInt(text.replace('+', '')) : (toInteger(node.asString() ?? '') ?? 0n);
  return number < -MAX_INT64 ? -MAX_INT64 : number >= MAX_INT64 ? MAX_INT64 - 1n : number;
}

const MAX_INT64 = 2n ** 63n;

function toInteger(text: string): bigint | undefined {
  const trimmed = text.trim();
  if (!/^[+-]?\d{1,19}$/.test(trimmed)) return undefined;
  const number = BigInt(trimmed.replace(/^\+/, ''));
  return number >= -MAX_INT64 && number < MAX_INT64 ? number : undefined;
}
