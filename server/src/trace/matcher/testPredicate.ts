/** Predicates of a matcher list (Envoy: source/common/matcher/field_matcher.h). */
import type { ConfigNode } from '../../schema/configNode';
import { mayLackEntries } from '../../schema/mayLackEntries';
import { say, words, type Sentence } from '../record/sentence';
import { testCustomInput } from './inputMatchers/testCustomInput';
import type { InputReading } from './inputs/inputReading';
import { readInput } from './inputs/readInput';
import type { MatchContext } from './matchContext';
import { readStringMatcher, testString } from './stringMatcher';
import type { PredicateResult } from './predicateResult';

/** Tests `single_predicate`, `or_matcher`, `and_matcher` or `not_matcher`. */
export function testPredicate(predicate: ConfigNode | undefined, context: MatchContext, depth = 0): PredicateResult {
  if (!predicate) return { kind: 'unknown', missing: words("a matcher's condition, which the file leaves out") };
  if (depth > 100) return { kind: 'unknown', missing: words('what a condition of more than 100 levels says') };
  const single = predicate.get('single_predicate');
  if (single) return testSingle(single, context);
  const all = predicate.get('and_matcher');
  if (all) return testAll(partsOf(all), (each) => testPredicate(each, context, depth + 1));
  const any = predicate.get('or_matcher');
  if (any) return testAny(partsOf(any), (each) => testPredicate(each, context, depth + 1));
  const not = predicate.get('not_matcher');
  if (not) return invertResult(testPredicate(not, context, depth + 1), not);
  return { kind: 'unknown', missing: words('what a condition of an unknown kind says') };
}

/** Undefined stands for those that the file leaves out. */
function partsOf(list: ConfigNode): (ConfigNode | undefined)[] {
  return [...list.list('predicate'), ...(mayLackEntries(list, 'predicate') ? [undefined] : [])];
}

function testSingle(single: ConfigNode, context: MatchContext): PredicateResult {
  const custom = single.get('custom_match');
  const tested = custom && context.testCustom?.(custom);
  if (tested) return tested;
  const reading = readInput(single.get('input'), context);
  if (reading.value.kind === 'unknown') {
    const exact = single.get('value_match')?.get('exact');
    if (exact && reading.value.excludes?.(exact.asString() ?? ''))
      return { kind: 'no', because: say`${reading.what} is not ${exact.asString()}`, at: exact };
    return { kind: 'unknown', missing: reading.value.missing };
  }
  if (reading.value.kind === 'not_available')
    return { kind: 'not_available', because: say`${reading.what} is not available at this point` };
  return custom ? testCustomInput(custom, reading, context) : testText(single.get('value_match'), reading);
}

/** A string matcher on a missing value does not hold, whatever it asks. */
function testText(valueMatch: ConfigNode | undefined, { what, value }: InputReading): PredicateResult {
  if (!valueMatch) return { kind: 'unknown', missing: say`what ${what} is compared with` };
  const matcher = readStringMatcher(valueMatch);
  if (value.kind !== 'text') return { kind: 'no', because: say`${what} is absent, must ${matcher.condition}`, at: valueMatch };
  const verdict = testString(matcher, value.text, what);
  return verdict.kind === 'yes' ? { kind: 'yes', because: say`${what} is ${value.text}` } : verdict;
}

/** Envoy stops at the first that fails or lacks data. An unknown before a certain no does not matter. */
function testAll(parts: readonly (ConfigNode | undefined)[], test: (part: ConfigNode | undefined) => PredicateResult): PredicateResult {
  const reasons: Sentence[] = [];
  let open: PredicateResult | undefined;
  for (const part of parts) {
    const result = test(part);
    if (result.kind === 'no') return result;
    if (result.kind === 'not_available') return open ?? result;
    if (result.kind === 'unknown') open ??= result;
    else reasons.push(result.because);
  }
  return open ?? { kind: 'yes', because: joinReasons(reasons) };
}

/** The first that holds wins, even after one that lacks data. */
function testAny(parts: readonly (ConfigNode | undefined)[], test: (part: ConfigNode | undefined) => PredicateResult): PredicateResult {
  let open: PredicateResult | undefined;
  let failed: PredicateResult | undefined;
  for (const part of parts) {
    const result = test(part);
    if (result.kind === 'yes') return result;
    if (result.kind === 'unknown') open = result;
    else if (result.kind === 'not_available') open ??= result;
    else failed ??= result;
  }
  return open ?? failed ?? { kind: 'no', because: words('there is no alternative') };
}

function invertResult(result: PredicateResult, at: ConfigNode): PredicateResult {
  if (result.kind === 'yes') return { kind: 'no', because: say`${result.because}, which must not be`, at };
  return result.kind === 'no' ? { kind: 'yes', because: result.because } : result;
}

function joinReasons(reasons: readonly Sentence[]): Sentence {
  if (reasons.length === 0) return words('all of no conditions hold');
  return { strings: ['', ...reasons.map((_, index) => (index < reasons.length - 1 ? ' and ' : ''))], values: reasons };
}
