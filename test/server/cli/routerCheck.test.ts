import { expect, test } from 'vitest';
import { runRouterCheck } from '../../../server/src/cli/routerCheck/routerCheck';

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

test('timeouts and metadata of a route are checked', () => {
  const config = `
virtual_hosts:
- name: v
  domains: ['*']
  routes:
  - {match: {prefix: /slow}, route: {cluster: c, timeout: 2m}}
  - {match: {prefix: /quick}, route: {cluster: c, timeout: 0.25s}, metadata: {filter_metadata: {team.example: {owner: shop}}}}
  - {match: {path: /gone}, redirect: {host_redirect: b.test}}
  - {match: {prefix: /}, route: {cluster: c}}
`.replace('2m', '120s');
  const run = (path: string, validate: Record<string, unknown>): readonly string[] =>
    runRouterCheck(config, JSON.stringify({ tests: [{ test_name: 't', input: { authority: 'a', path, method: 'GET' }, validate }] }), {
      config: 'c.yaml',
      tests: 't.json',
    }).results[0]?.failures ?? ['no result'];
  expect(run('/slow', { timeout: '120s' })).toEqual([]);
  expect(run('/', { timeout: '15s' })).toEqual([]);
  expect(run('/quick', { timeout: '0.250s' })).toEqual([]);
  expect(run('/quick', { timeout: '1s' })).toEqual(['expected: [1000], actual: [250], test type: timeout']);
  expect(run('/gone', { timeout: '1s' })).toEqual(['expected: [1000], actual: [0], test type: timeout']);
  const metadata = [{ namespace: 'team.example', key: 'owner', value: 'shop' }];
  expect(run('/quick', { route_metadata: metadata })).toEqual([]);
  expect(run('/slow', { route_metadata: metadata })).toEqual(['expected: [shop], actual: [], test type: route_metadata']);
});

test('headers of which Envoy keeps one line are joined, of others each value counts', () => {
  const added = [
    { key: 'x-color', value: 'red' },
    { key: 'x-color', value: 'blue' },
    { key: 'accept', value: 'a/b' },
    { key: 'accept', value: 'c/d' },
  ];
  expect(
    check({ additional_request_headers: added }, { request_header_matches: [{ name: 'x-color', string_match: { exact: 'blue' } }] }),
  ).toEqual([]);
  expect(
    check({ additional_request_headers: added }, { request_header_matches: [{ name: 'accept', string_match: { exact: 'a/b,c/d' } }] }),
  ).toEqual([]);
  const answered = [{ key: 'server', value: 'one' }];
  expect(
    check({ additional_response_headers: answered }, { response_header_matches: [{ name: 'server', string_match: { exact: 'one' } }] }),
  ).toEqual([]);
});

test('what the tool would not load fails as a whole, with its place', () => {
  const run = (config: string, tests: unknown): readonly string[] =>
    runRouterCheck(config, JSON.stringify(tests), { config: 'c.yaml', tests: 't.json' }).results[0]?.failures ?? [];
  const item = { test_name: 't', input: { authority: 'a.test', path: '/', method: 'GET' }, validate: { cluster_name: 'rest' } };
  expect(run(CONFIG, { tests: [{ ...item, validate: { clustername: 'rest' } }] })).toEqual(['t.json:1: there is no field clustername']);
  expect(run(CONFIG, { tests: [{ ...item, input: { authority: 'a', path: '/' } }] })).toEqual(['t.json:1: the input needs a method']);
  expect(run(CONFIG, { tests: [item, { ...item, test_name: '' }] })).toEqual(['t.json:1: a test needs a test_name']);
  expect(run(CONFIG.replace('domains: [a.test]', 'domains: [a.test, a.test]'), { tests: [item] })[0]).toMatch(
    /^c\.yaml:\d+: Envoy refuses the configuration: /,
  );
  expect(run('{virtual_hosts: [], virtual_host: 1}', { tests: [item] })[0]).toMatch(/virtual_host/);
});

test('coverage counts routes, and what was asked of each', () => {
  const tests = {
    tests: [
      {
        test_name: 'a',
        input: { authority: 'a.test', path: '/ping', method: 'GET' },
        validate: { path_redirect: 'http://a.test/ping', code_redirect: 200 },
      },
      {
        test_name: 'b',
        input: { authority: 'a.test', path: '/x', method: 'GET' },
        validate: { cluster_name: 'rest', virtual_host_name: 'v' },
      },
      { test_name: 'c', input: { authority: 'a.test', path: '/users', method: 'GET' }, validate: { cluster_name: 'wrong' } },
    ],
  };
  const { coverage } = runRouterCheck(CONFIG, JSON.stringify(tests), { config: 'c.yaml', tests: 't.json' });
  expect(coverage?.routes).toBe(40);
  expect(coverage?.fields).toBeCloseTo((100 * (1 + 2 / 5)) / 5);
  expect(coverage?.missing.map(({ route }) => route.get('match')?.string('prefix'))).toEqual(['/old', '/f', '/users']);
});
