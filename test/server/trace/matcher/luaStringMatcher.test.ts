/** String matchers in Lua (observed with Envoy 1.40). */
import { expect, test } from 'vitest';
import { any, fate, filter } from '../httpFilters/filterTrace';

function fateBy(script: string, value: string): string {
  const custom = {
    name: 'lua',
    typed_config: any('envoy.extensions.string_matcher.lua.v3.Lua', { source_code: { inline_string: script } }),
  };
  const policy = { permissions: [{ header: { name: 'x', string_match: { custom } } }], principals: [{ any: true }] };
  return fate(
    { filters: [filter('rbac', 'rbac.v3.RBAC', { rules: { action: 'ALLOW', policies: { p: policy } } })] },
    { headers: { x: value } },
  );
}

const YES = 'upstream a';
const NO = 'denied 403 rbac_access_denied_matched_policy[none]';

test.each([
  ['returns true', 'function envoy_match(text) return text == "abc" end', 'abc', YES],
  ['returns false', 'function envoy_match(text) return text == "abc" end', 'abd', NO],
  ['returns no boolean', 'function envoy_match(text) return text end', 'abc', NO],
  ['fails', 'function envoy_match(text) return text.a.b end', 'abc', NO],
  ['reads the text', 'local min = 3 function envoy_match(text) return #text > min and text:sub(1, 1) == "a" end', 'abcd', YES],
  ['remembers', 'count = 0 function envoy_match(text) count = count + 1 return count > 1 end', 'abc', 'insufficient_info'],
  ['asks for the time', 'function envoy_match(text) return os.time() > 5 end', 'abc', 'insufficient_info'],
])('a script that %s', (_, script, value, expected) => {
  expect(fateBy(script, value)).toBe(expected);
});
