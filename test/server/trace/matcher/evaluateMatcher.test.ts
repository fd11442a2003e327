/** The unified matcher: lists, trees, fall-through by version, keep_matching, predicates, custom matchers. */
import { describe, expect, test } from 'vitest';
import { ConfigNode } from '../../../../server/src/schema/configNode';
import { parseText } from '../../../../server/src/syntax/parseText';
import type { Hop } from '../../../../server/src/trace/hop';
import { newConnection } from '../../../../server/src/trace/facts/connection';
import { evaluateLossy, evaluateMatcher } from '../../../../server/src/trace/matcher/evaluateMatcher';
import { findLostActions } from '../../../../server/src/trace/matcher/lostActions';
import type { InputValue } from '../../../../server/src/trace/matcher/inputs/inputReading';
import { actionName } from '../../../../server/src/trace/matcher/matcherActions';
import { renderSentence } from '../../../../server/src/trace/record/sentence';
import { words } from '../../../../server/src/trace/record/sentence';

type Inputs = Readonly<Record<string, string | InputValue>>;

const NONE: InputValue = { kind: 'absent' };

function evaluate(yaml: string, inputs: Inputs, commitsToFirstHit = false): ReturnType<typeof evaluateMatcher> {
  return evaluateMatcher(...ask(yaml, inputs, commitsToFirstHit));
}

function ask(yaml: string, inputs: Inputs, commitsToFirstHit = false): Parameters<typeof evaluateMatcher> {
  const tree = parseText(yaml.startsWith('{"') ? 'm.json' : 'm.yaml', yaml, yaml.startsWith('{"') ? 'json' : 'yaml');
  const hop = { arrival: { kind: 'socket' }, request: { connection: {} } } as unknown as Hop;
  const context = {
    hop,
    connection: newConnection({}),
    commitsToFirstHit,
    readInput: ({ type }: { type: string }) => {
      const given = inputs[type];
      if (given === undefined) return undefined;
      return { what: words(`input ${type}`), value: typeof given === 'string' ? ({ kind: 'text', text: given } as const) : given };
    },
  };
  return [new ConfigNode(tree, tree.roots[0] ?? 0), context];
}

function answer(yaml: string, inputs: Inputs, commitsToFirstHit = false): string {
  const result = evaluate(yaml, inputs, commitsToFirstHit);
  if (result.kind === 'match') return actionName(result.action);
  return result.kind === 'no_match' && result.insufficientData ? 'insufficient data' : result.kind;
}

const input = (type: string): string => `{name: i, typed_config: {'@type': x/${type}}}`;
const to = (name: string, more = ''): string =>
  `{action: {name: a, typed_config: {'@type': type.googleapis.com/google.protobuf.StringValue, value: ${name}}}${more}}`;
const tree = (kind: string, entries: string, more = ''): string =>
  `{matcher_tree: {input: ${input('s')}, ${kind}: {map: {${entries}}}}${more}}`;
const nestedMiss = `{matcher: ${tree('exact_match_map', `never: ${to('never')}`)}}`;
const single = (value: string, type = 's'): string => `{single_predicate: {input: ${input(type)}, value_match: ${value}}}`;
const list = (items: readonly string[], more = ''): string => `{matcher_list: {matchers: [${items.join(', ')}]}${more}}`;
const item = (predicate: string, onMatch: string): string => `{predicate: ${predicate}, on_match: ${onMatch}}`;

describe('trees', () => {
  test('exact map', () => {
    const matcher = tree('exact_match_map', `a: ${to('A')}`, `, on_no_match: ${to('otherwise')}`);
    expect(answer(matcher, { s: 'a' })).toBe('A');
    expect(answer(matcher, { s: 'b' })).toBe('otherwise');
    expect(answer(matcher, { s: NONE })).toBe('otherwise');
    expect(answer(matcher, { s: { kind: 'not_available' } })).toBe('insufficient data');
    expect(answer(matcher, { s: { kind: 'unknown', missing: words('it') } })).toBe('insufficient');
  });

  test('prefix map: the longest first, the next one after a miss; before 1.35 the longest is final', () => {
    const matcher = tree('prefix_match_map', `/: ${to('X')}, /a: ${nestedMiss}`, `, on_no_match: ${to('otherwise')}`);
    expect(answer(matcher, { s: '/ab' })).toBe('X');
    expect(answer(matcher, { s: '/ab' }, true)).toBe('no_match');
    expect(answer(matcher, { s: 'zz' }, true)).toBe('otherwise');
  });

  test('a nested miss climbs to on_no_match; before 1.35 it is final', () => {
    const matcher = tree('exact_match_map', `a: ${nestedMiss}`, `, on_no_match: ${to('otherwise')}`);
    expect(answer(matcher, { s: 'a' })).toBe('otherwise');
    expect(answer(matcher, { s: 'a' }, true)).toBe('no_match');
  });

  test('IP ranges: the longest first; an exclusive one counts only when it comes first', () => {
    const range = (prefix: string, length: number, onMatch: string, more = ''): string =>
      `{ranges: [{address_prefix: '${prefix}', prefix_len: ${length}}], on_match: ${onMatch}${more}}`;
    const ranges = (...entries: string[]): string =>
      `{matcher_tree: {input: ${input('s')}, custom_match: {name: ip, typed_config: {'@type': type.googleapis.com/xds.type.matcher.v3.IPMatcher, range_matchers: [${entries.join(', ')}]}}}, on_no_match: ${to('otherwise')}}`;
    const matcher = ranges(range('10.0.0.0', 8, to('eight')), range('10.1.0.0', 16, to('sixteen')), range('fd00::', 8, to('six')));
    expect(answer(matcher, { s: '10.1.2.3' })).toBe('sixteen');
    expect(answer(matcher, { s: '10.2.2.3' })).toBe('eight');
    expect(answer(matcher, { s: 'fd00::1' })).toBe('six');
    expect(answer(matcher, { s: '11.0.0.1' })).toBe('otherwise');
    expect(answer(matcher, { s: 'nonsense' })).toBe('otherwise');
    const exclusive = ranges(range('10.0.0.0', 8, to('eight'), ', exclusive: true'), range('10.1.0.0', 16, nestedMiss));
    expect(answer(exclusive, { s: '10.1.2.3' })).toBe('otherwise');
    const rejected = evaluate(exclusive, { s: '10.1.2.3' }).rejected.slice(0, 9);
    expect(rejected.map(({ candidate, because }) => `${renderSentence(candidate)}: ${renderSentence(because)}`)).toContain(
      '`eight`: input s `10.1.2.3` is in `10.0.0.0/8`, which is exclusive, and in `10.1.0.0/16`, which comes first',
    );
    expect(answer(ranges(range('10.0.0.0', 8, to('eight')), range('10.1.0.0', 16, nestedMiss)), { s: '10.1.2.3' }, true)).toBe('eight');
  });

  test('server names: exact, wildcards from the longest, the star; none without a name, or with an empty one', () => {
    const domains = (...entries: [string, string][]): string =>
      `{matcher_tree: {input: ${input('s')}, custom_match: {name: d, typed_config: {'@type': type.googleapis.com/xds.type.matcher.v3.ServerNameMatcher, domain_matchers: [${entries.map(([domain, onMatch]) => `{domains: ['${domain}'], on_match: ${onMatch}}`).join(', ')}]}}}}`;
    const matcher = domains(['*', to('star')], ['*.com', to('com')], ['*.a.com', nestedMiss], ['x.a.com', to('exact')]);
    expect(answer(matcher, { s: 'x.a.com' })).toBe('exact');
    expect(answer(matcher, { s: 'y.a.com' })).toBe('com');
    expect(answer(matcher, { s: 'com' })).toBe('star');
    expect(answer(matcher, { s: NONE })).toBe('no_match');
    expect(answer(matcher, { s: '' })).toBe('no_match');
  });
});

describe('lists', () => {
  const two = list([item(single('{prefix: a}'), nestedMiss), item(single('{suffix: z}'), to('Z'))], `, on_no_match: ${to('otherwise')}`);

  test('an item that leads nowhere lets the next one try; before 1.35 it does not', () => {
    expect(answer(two, { s: 'az' })).toBe('Z');
    expect(answer(two, { s: 'az' }, true)).toBe('no_match');
    expect(answer(two, { s: 'b' })).toBe('otherwise');
  });

  test('a matcher with neither list nor tree', () => {
    expect(answer(`{on_no_match: ${to('otherwise')}}`, {})).toBe('otherwise');
  });

  test('keep_matching passes an action over and remembers it', () => {
    const matcher = list([item(single('{exact: a}'), to('first', ', keep_matching: true')), item(single('{exact: a}'), to('second'))]);
    const result = evaluate(matcher, { s: 'a' });
    expect(result.kind === 'match' && actionName(result.action)).toBe('second');
    expect(result.skipped.map(actionName)).toEqual(['first']);
  });

  test('and, or, not; an absent value fails every string matcher, and so passes every not', () => {
    const of = (predicate: string): string => list([item(predicate, to('held'))]);
    const both = of(`{and_matcher: {predicate: [${single('{prefix: a}')}, ${single('{contains: b}', 't')}]}}`);
    expect(answer(both, { s: 'a', t: 'xbx' })).toBe('held');
    expect(answer(both, { s: 'a', t: 'x' })).toBe('no_match');
    expect(answer(both, { s: { kind: 'unknown', missing: words('it') }, t: 'x' })).toBe('no_match');
    const either = of(`{or_matcher: {predicate: [${single('{exact: a}')}, ${single('{exact: B, ignore_case: true}', 't')}]}}`);
    expect(answer(either, { s: { kind: 'not_available' }, t: 'b' })).toBe('held');
    expect(answer(either, { s: { kind: 'not_available' }, t: 'c' })).toBe('insufficient data');
    expect(answer(of(`{not_matcher: ${single('{exact: a}')}}`), { s: NONE })).toBe('held');
    expect(answer(of(single('{safe_regex: {google_re2: {}, regex: "a|b"}}')), { s: 'ab' })).toBe('no_match');
  });
});

test('what is left out in the file is not taken for absent', () => {
  expect(
    answer(
      `{"matcher_tree": {"input": {"name": "i", "typed_config": {"@type": "x/s"}}, "exact_match_map": {"map": {"a": ${to('A')
        .replace(/'/g, '"')
        .replace(/(\w+):/g, '"$1":')}`,
      { s: 'b' },
    ),
  ).toBe('insufficient');
});

test('the losers are told with the condition that failed', () => {
  const result = evaluate(list([item(single('{exact: a}'), to('A')), item(single('{exact: b}'), to('B'))]), { s: 'b' });
  const [first] = result.rejected.slice(0, 10);
  expect(result.rejected.length).toBe(1);
  expect(first && [renderSentence(first.candidate), renderSentence(first.because)]).toEqual(['`A`', 'input s is `b`, must be `a`']);
});

test('a matcher of a hundred thousand levels is not followed', () => {
  const depth = 5_000;
  const nested = `${'{"on_no_match": {"matcher": '.repeat(depth)}{}${'}}'.repeat(depth)}`;
  expect(['insufficient', 'no_match']).toContain(answer(nested, {}));
});

// Observed with Envoy 1.40, in matchers of listeners, clusters, transport sockets, client certificates, custom responses and routes.
describe('where keep_matching is an error that nobody looks at', () => {
  const KEEP = ', keep_matching: true';
  const find = findLostActions();
  const outcome = (yaml: string, s: string, findLost = find): string => {
    const result = evaluateLossy(...ask(yaml, { s, t: s }), findLost);
    return result.kind === 'match' ? actionName(result.action) : result.kind;
  };
  const abc = (...kept: string[]): string =>
    list(['a', 'b', 'c'].map((name) => item(single(`{exact: ${name}}`), to(name, kept.includes(name) ? KEEP : ''))));

  test('a list loses it and what stands behind it, a miss as well', () => {
    expect(['a', 'b', 'c', 'd'].map((s) => outcome(abc('b'), s))).toEqual(['a', 'lost', 'lost', 'lost']);
    expect(['a', 'b', 'c', 'd'].map((s) => outcome(abc(), s))).toEqual(['a', 'b', 'c', 'no_match']);
  });

  test('a tree makes what follows a miss first, and its entries in any order', () => {
    const two = (more: string): string => tree('exact_match_map', `a: ${to('A', KEEP)}, b: ${to('B')}`, more);
    expect(['a', 'b', 'c'].map((s) => outcome(two(`, on_no_match: ${to('C')}`), s))).toEqual(['lost', 'insufficient', 'C']);
    expect(outcome(two(''), 'c')).toBe('no_match');
  });

  test('nested matchers are made where they stand', () => {
    const nested = (more: string): string =>
      list([item(single('{exact: a}'), `{matcher: ${abc('b')}${more}}`), item(single('{exact: c}'), to('C'))]);
    expect(['a', 'c'].map((s) => outcome(nested(''), s))).toEqual(['a', 'lost']);
    expect(['a', 'c'].map((s) => outcome(nested(KEEP), s))).toEqual(['lost', 'lost']);
  });

  test('an input that the place does not take is one, too', () => {
    const ofS = findLostActions(new Set(['s']));
    const items = list([item(single('{exact: a}'), to('A')), item(single('{exact: b}', 't'), to('B'))]);
    expect(['a', 'b', 'c'].map((s) => outcome(items, s, ofS))).toEqual(['A', 'lost', 'lost']);
  });
});
