/** The unified matcher by itself (`xds_matcher.json`, from Envoy's matcher tests; and our own): action, miss, or insufficient data. */
import { expect, test } from 'vitest';
import { ConfigNode, type TypedConfig } from '../../server/src/schema/configNode';
import { parseText } from '../../server/src/syntax/parseText';
import { evaluateMatcher } from '../../server/src/trace/matcher/evaluateMatcher';
import type { MatchContext } from '../../server/src/trace/matcher/matchContext';
import type { MatcherResult } from '../../server/src/trace/matcher/matcherResult';
import type { InputReading, InputValue } from '../../server/src/trace/matcher/inputs/inputReading';
import { findOracleFiles, readJson } from './oracleFolders';
import { failuresOf, isWanted, reportCases, runCase, type CaseResult } from './report';

interface MatcherTest {
  readonly test: string;
  readonly matcher: unknown;
  /** The runtime guard that the test turns off: in Envoy's tests that of prefix maps that give up below a prefix. */
  readonly runtime?: unknown;
  readonly cases: readonly MatcherCase[];
}

interface MatcherCase {
  /** By type: `String` is the value of every input of type google.protobuf.StringValue. */
  readonly inputs: Readonly<Record<string, string | boolean | number | { readonly absent?: boolean; readonly not_available?: boolean }>>;
  readonly expect: {
    readonly action?: string;
    readonly no_match?: boolean;
    readonly insufficient_data?: boolean;
    readonly skipped_actions?: readonly string[];
  };
}

test('matchers match as in Envoy', { timeout: 60_000 }, () => {
  const results: CaseResult[] = [];
  for (const file of findOracleFiles('xds_matcher.json'))
    for (const matcherTest of readJson(file.path) as MatcherTest[]) results.push(...runMatcherTest(file.name, matcherTest));
  reportCases('xds_matcher', results);
  expect(failuresOf(results).length, 'cases do not agree: see the report above').toBe(0);
});

function runMatcherTest(file: string, matcherTest: MatcherTest): CaseResult[] {
  return matcherTest.cases.flatMap((matcherCase, index): CaseResult[] => {
    const identity = { file, name: `${matcherTest.test} #${index}` };
    if (!isWanted(identity.name)) return [];
    if (matcherTest.runtime)
      return [{ ...identity, verdict: 'excepted', because: 'Envoy 1.40 no longer has the runtime guard that the test turns off' }];
    return [runCase(identity, () => checkMatcher(matcherTest, matcherCase))];
  });
}

function checkMatcher(matcherTest: MatcherTest, matcherCase: MatcherCase): Pick<CaseResult, 'verdict' | 'because'> {
  const tree = parseText('oracle:/matcher.json', JSON.stringify(matcherTest.matcher, null, 1));
  const matcher = new ConfigNode(tree, tree.roots[0] ?? 0);
  const result = evaluateMatcher(matcher, contextOf(matcherCase));
  const { expect: expected, inputs } = matcherCase;
  const got = describeResult(result);
  const wanted = expected.action ?? (expected.insufficient_data ? 'insufficient data' : 'no match');
  const skipped = result.skipped.map(nameOfAction);
  const same = got === wanted && (!expected.skipped_actions || JSON.stringify(expected.skipped_actions) === JSON.stringify(skipped));
  if (same) return { verdict: 'agree' };
  const because = `${JSON.stringify(inputs)}: expected ${JSON.stringify(expected)}, got ${got}, skipped ${JSON.stringify(skipped)}`;
  return { verdict: result.kind === 'insufficient' ? 'could_not_tell' : 'disagree', because };
}

function describeResult(result: MatcherResult): string {
  switch (result.kind) {
    case 'match':
      return nameOfAction(result.action);
    case 'no_match':
      return result.insufficientData ? 'insufficient data' : 'no match';
    case 'insufficient':
      return 'cannot tell';
  }
}

function nameOfAction(action: ConfigNode): string {
  return action.typed()?.node.string('value') ?? action.string('name');
}

/** Nothing but the inputs of the case: there is no hop in which they could be found. */
function contextOf({ inputs }: MatcherCase): MatchContext {
  const readInput = ({ type }: TypedConfig): InputReading => ({
    what: { strings: [type], values: [] },
    value: valueOf(inputs[inputName(type)]),
  });
  return {
    hop: undefined as unknown as MatchContext['hop'],
    connection: undefined as unknown as MatchContext['connection'],
    commitsToFirstHit: false,
    readInput,
  };
}

/** `google.protobuf.StringValue` → `String`. */
function inputName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1).replace(/Value$/u, '');
}

function valueOf(given: MatcherCase['inputs'][string] | undefined): InputValue {
  if (given === undefined) return { kind: 'absent' };
  if (typeof given !== 'object') return { kind: 'text', text: String(given) };
  return given.not_available ? { kind: 'not_available' } : { kind: 'absent' };
}
