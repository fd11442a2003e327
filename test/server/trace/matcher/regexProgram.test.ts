/** Sizes of programs: each was asked of Envoy 1.40, which tells them when it refuses an expression. */
import { expect, test } from 'vitest';
import { compileRegex } from '../../../../server/src/trace/matcher/regex';
import { programSizeAtLeast } from '../../../../server/src/trace/matcher/regexProgram';

const size = (text: string): number => programSizeAtLeast(compileRegex(text));

test.each([
  ['a', 5],
  ['abc', 7],
  ['.', 6],
  ['\\w', 7],
  ['[^/]', 6],
  ['[a-zA-Z0-9]{10}', 24],
  ['(?i)abc', 7],
  ['(a|b)', 7],
  ['(foo|bar)', 12],
  ['(foo|far)', 11],
  ['(.*a){3}', 19],
  ['(?:abc){20}', 64],
])('%s has %d', (text, exact) => expect(size(text)).toBe(exact));

test.each([
  ['^abc$', 4],
  ['^(abc)', 7],
  ['(^abc)', 7],
  ['a{3,5}', 11],
  ['/a/[^/]+', 10],
  ['^/api/v[0-9]+/users/([^/]+)$', 18],
  ['\\pL', 11],
  ['^(?i)[^/]{0,2}[^/]*', 4],
  ['^[^/]{0,50}[^/]*', 4],
])('%s has no more than %d', (text, exact) => expect(size(text)).toBeLessThanOrEqual(exact));

test('what is no expression has none', () => expect(size('(')).toBe(0));
