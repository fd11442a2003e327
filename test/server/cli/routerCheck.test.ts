import { expect, test } from 'vitest';
import { runRouterCheck } from '../../../server/src/cli/routerCheck';

const CONFIG = `
virtual_hosts:
- name: v
  domains: [a.test]
  virtual_clusters: [{name: users, headers: [{name: ":path", string_match: {prefix: /users}}]}]
  routes:
  - {match: {path: /ping}, direct_response: {status: 200, body: {inline_string: pong}}, response_headers_to_add: [{header: {key: x-ping, value: "yes"}}]}
  - {match: {prefix: /old}, redirect: {host_redirect: b.test, prefix_rewrite: /new}}
  - {match: {prefix: /f, runtime_fraction: {runtime_key: k, default_value: {numerator: 10}}}, route: {cluster: sometimes}}
  - {match: {prefix: /users}, route: {cluster: users, host_rewrite_literal: u.test}}
  - {match: {prefix: /}, route: {cluster: rest, prefix_rewrite: /r/}}
`;

function check(input: Record<string, unknown>, validate: Record<string, unknown>): readonly string[] {
  const tests = { tests: [{ test_name: 't', input: { authority: 'a.test', path: '/', method: 'GET', ...input }, validate }] };
  return runRouterCheck(CONFIG, JSON.stringify(tests), { config: 'c.yaml', tests: 't.json' }).results[0]?.failures ?? ['no result'];
}

test('routes, rewrites and virtual clusters are checked after the rewrite', () => {
  expect(
    check(
      { path: '/x?q' },
      { cluster_name: 'rest', virtual_host_name: 'v', path_rewrite: '/r/x?q', host_rewrite: 'a.test', virtual_cluster_name: 'other' },
    ),
  ).toEqual([]);
  expect(check({ path: '/users/1' }, { virtual_cluster_name: 'users', host_rewrite: 'u.test' })).toEqual([]);
});

test('redirects and direct responses have no cluster', () => {
  expect(
    check(
      { path: '/old/1', ssl: true },
      { cluster_name: '', path_redirect: 'https://b.test/new/1', code_redirect: 301, virtual_host_name: '' },
    ),
  ).toEqual([]);
  const headers = [
    { name: 'content-type', string_match: { exact: 'text/plain' } },
    { name: 'content-length', string_match: { exact: '4' } },
    { name: 'x-ping', string_match: { exact: 'yes' } },
  ];
  expect(check({ path: '/ping' }, { code_redirect: 200, path_redirect: 'http://a.test/ping', response_header_matches: headers })).toEqual(
    [],
  );
});

test('fractions hold for the named runtime key alone', () => {
  expect(check({ path: '/f' }, { cluster_name: 'rest' })).toEqual([]);
  expect(check({ path: '/f', runtime: 'k', random_value: 9 }, { cluster_name: 'sometimes' })).toEqual([]);
  expect(check({ path: '/f', runtime: 'k', random_value: 10 }, { cluster_name: 'rest' })).toEqual([]);
});

test("failures are told in the tool's words", () => {
  expect(check({}, { cluster_name: 'other' })).toEqual(['expected: [other], actual: [rest], test type: cluster_name']);
  expect(check({ authority: 'nobody' }, { virtual_host_name: 'v' })).toEqual(['expected: [v], actual: [], test type: virtual_host_name']);
  expect(check({ path: '/ping' }, { response_header_matches: [{ name: 'x-ping', string_match: { exact: 'no' } }] })).toEqual([
    'expected: [x-ping: no], actual: [x-ping: yes], test type: response_header_matches.string_match.exact',
  ]);
  expect(check({ path: '/ping' }, { response_header_matches: [{ name: 'x-pong', present_match: true }] })).toEqual([
    'expected: [has(x-pong):true], actual: [has(x-pong):false], test type: response_header_matches.present_match',
  ]);
});

test('a file without tests, or without routes, fails', () => {
  expect(runRouterCheck(CONFIG, '{}', { config: 'c', tests: 't' }).results[0]?.passed).toBe(false);
  expect(runRouterCheck('{}', '{"tests": [{}]}', { config: 'c', tests: 't' }).results[0]?.passed).toBe(false);
});
