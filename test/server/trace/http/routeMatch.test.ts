import { describe, expect, test } from 'vitest';
import { hopOf, onlyPath, stepsOf } from '../support/traceOf';
import { httpTrace, type HttpCall } from './httpTrace';

/** True when a route with this match takes the request. */
function takes(match: string, call: HttpCall, more = ''): boolean {
  const routes = `
name: rc
${more}
virtual_hosts:
- name: v
  domains: ["*"]
  routes:
  - {name: tried, match: ${match}, route: {cluster: a}}
  - {name: rest, match: {prefix: /}, route: {cluster: b}}`;
  return hopOf(onlyPath(httpTrace({ routes }, call))).route?.name === 'tried';
}

describe('a path specifier', () => {
  test.each([
    ['{prefix: /foo}', '/foobar', true],
    ['{prefix: /foo}', '/Foo', false],
    ['{prefix: /foo, case_sensitive: false}', '/FOObar', true],
    ['{path: /x}', '/x?q', true],
    ['{path: /x}', '/x/', false],
    ['{path_separated_prefix: /foo}', '/foobar', false],
    ['{path_separated_prefix: /foo}', '/foo/bar', true],
    ['{path_separated_prefix: /foo}', '/foo?x', true],
    ['{safe_regex: {regex: "/a/\\\\d+"}}', '/a/1?z=2', true],
    ['{safe_regex: {regex: "/a/\\\\d+"}}', '/a/1x', false],
    ['{safe_regex: {regex: "/re"}, case_sensitive: false}', '/RE', false],
    ['{connect_matcher: {}}', '/', false],
  ])('%s on %s: %s', (match, path, expected) => {
    expect(takes(match, { path })).toBe(expected);
  });

  test.each([
    ['/*', '/a', true],
    ['/*', '/a/b', false],
    ['/{x}/b', '/a/b', true],
    ['/a/{rest=**}', '/a/b/c', true],
    ['/a/**.txt', '/a/b/c.txt', true],
    ['/{x=v*}/b', '/vv/b', true],
    ['/v{x}/b', '/v1/b', true],
    ['/v{x}/b', '/v/b', false],
    ['/{x}.json/b', '/a.json/b', true],
    ['/{x}.json', '/a/b.json', false],
    ['/a.b', '/axb', false],
    ['/a', '/a/', false],
  ])('template %s on %s: %s', (template, path, expected) => {
    const type = 'type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig';
    expect(takes(`{path_match_policy: {name: t, typed_config: {"@type": ${type}, path_template: "${template}"}}}`, { path })).toBe(
      expected,
    );
  });

  test('ignores path parameters per segment where the configuration says so', () => {
    expect(takes('{path: /a/b}', { path: '/a;p=1/b;q' }, 'ignore_path_parameters_in_path_matching: true')).toBe(true);
    expect(takes('{path: /a/b}', { path: '/a;p=1/b' })).toBe(false);
  });
});

describe('a header matcher', () => {
  test.each<[string, HttpCall['headers'], boolean]>([
    ['{name: x, string_match: {exact: v}}', { x: 'v' }, true],
    ['{name: X, string_match: {exact: V, ignore_case: true}}', { x: 'v' }, true],
    ['{name: x, string_match: {exact: v}, invert_match: true}', {}, false],
    ['{name: x, string_match: {exact: v}, invert_match: true, treat_missing_header_as_empty: true}', {}, true],
    ['{name: x, present_match: true, invert_match: true}', {}, true],
    ['{name: x, present_match: false}', {}, true],
    ['{name: x, present_match: false}', { x: '' }, false],
    ['{name: x}', { x: '' }, true],
    ['{name: x, exact_match: ""}', { x: 'v' }, true],
    ['{name: x, string_match: {exact: ""}}', { x: 'v' }, false],
    ['{name: x, range_match: {start: 1, end: 10}}', { x: '1' }, true],
    ['{name: x, range_match: {start: 1, end: 10}}', { x: '10' }, false],
    ['{name: x, range_match: {start: 1, end: 10}}', { x: '+5' }, true],
    ['{name: x, range_match: {start: 1, end: 10}}', { x: '5x' }, false],
    ['{name: x, range_match: {start: "-9223372036854775808", end: -9223372036854775807}}', { x: '-9223372036854775808' }, true],
    ['{name: ":authority", string_match: {exact: a.test}}', {}, true],
    ['{name: ":method", string_match: {exact: POST}}', {}, false],
    ['{name: x, string_match: {safe_regex: {regex: "a+"}}}', { x: 'aab' }, false],
  ])('%s with %j: %s', (matcher, headers, expected) => {
    expect(takes(`{prefix: /, headers: [${matcher}]}`, { headers })).toBe(expected);
  });

  test('tests several values one by one', () => {
    const headers: [string, string][] = [
      ['x', 'a'],
      ['x', 'b'],
    ];
    expect(takes('{prefix: /, headers: [{name: x, string_match: {exact: b}}]}', { headers })).toBe(true);
    expect(takes('{prefix: /, headers: [{name: x, string_match: {exact: "a,b"}}]}', { headers })).toBe(false);
    const off = { 'envoy.reloadable_features.match_headers_individually': false };
    expect(takes('{prefix: /, headers: [{name: x, string_match: {exact: "a,b"}}]}', { headers, runtime: off })).toBe(true);
  });
});

describe('other conditions', () => {
  test.each<[string, HttpCall, boolean]>([
    ['{prefix: /, query_parameters: [{name: q, string_match: {exact: v}}]}', { path: '/?q=v&q=w' }, true],
    ['{prefix: /, query_parameters: [{name: q, string_match: {exact: v}}]}', { path: '/?q=w&q=v' }, false],
    ['{prefix: /, query_parameters: [{name: q, string_match: {exact: "a b"}}]}', { path: '/?q=a%20b' }, false],
    ['{prefix: /, query_parameters: [{name: q, present_match: false}]}', { path: '/?r' }, true],
    ['{prefix: /, query_parameters: [{name: q}]}', { path: '/?q' }, true],
    ['{prefix: /, grpc: {}}', { headers: { 'content-type': 'application/grpc+proto' } }, true],
    ['{prefix: /, grpc: {}}', { headers: { 'content-type': 'application/grpc-web' } }, false],
    ['{prefix: /, tls_context: {presented: false}}', {}, true],
    ['{prefix: /, tls_context: {presented: true}}', {}, false],
    ['{prefix: /, cookies: [{name: k, string_match: {exact: v}}]}', { headers: { cookie: 'a=b; k=v' } }, true],
    ['{prefix: /, cookies: [{name: k, string_match: {exact: v}, invert_match: true}]}', {}, true],
    // What the connection brings along is not the stream's metadata.
    [
      '{prefix: /, dynamic_metadata: [{filter: ns, path: [{key: k}], value: {string_match: {exact: v}}}]}',
      { connection: { metadata: { ns: { k: 'v' } } } },
      false,
    ],
    ['{prefix: /, dynamic_metadata: [{filter: ns, path: [{key: k}], value: {string_match: {exact: v}}, invert: true}]}', {}, true],
  ])('%s with %j: %s', (match, call, expected) => {
    expect(takes(match, call)).toBe(expected);
  });
});

test('a rejected route names its first failing condition and its place', () => {
  const routes = `
name: rc
virtual_hosts:
- name: v
  domains: ["*"]
  routes:
  - {name: canary, match: {prefix: /, headers: [{name: x-user, string_match: {exact: jason}}]}, route: {cluster: a}}
  - {name: rest, match: {prefix: /}, route: {cluster: b}}`;
  const [step] = stepsOf(hopOf(onlyPath(httpTrace({ routes }, { headers: { 'x-user': 'bob' } }))), 'route');
  expect(step?.decision).toBe('route `rest` takes the request');
  expect(step?.rejected).toMatchObject([{ candidate: 'route `canary`', because: 'header `x-user` is `bob`, must be `jason`' }]);
  expect(step?.rejected[0]?.at?.pointer).toMatch(/routes\/0\/match\/headers\/0/);
});

test.each<[string, HttpCall, string]>([
  ['{path: /x, case_sensitive: false}', { path: '/X' }, 'path is `/X` (case_sensitive is false)'],
  ['{prefix: /x, case_sensitive: false}', { path: '/Xy' }, 'path `/Xy` begins with `/x` (case_sensitive is false)'],
  ['{prefix: /x, case_sensitive: false}', { path: '/xY' }, 'path `/xY` begins with `/x`'],
  ['{prefix: /, query_parameters: [{name: q}]}', { path: '/?q=v' }, 'path `/` begins with `/`, query parameter `q` is `v`'],
  ['{prefix: /, query_parameters: [{name: q}]}', { path: '/?q=v&q=w' }, 'path `/` begins with `/`, the first query parameter `q` is `v`'],
  ['{prefix: /, query_parameters: [{name: q, present_match: false}]}', {}, 'path `/` begins with `/`, query parameter `q` is not there'],
  ['{prefix: /, cookies: [{name: c}]}', { headers: { cookie: 'c=1' } }, 'path `/` begins with `/`, cookie `c` is `1`'],
  ['{prefix: /, grpc: {}}', { headers: { 'content-type': 'application/grpc' } }, 'path `/` begins with `/`, the content type is gRPC'],
  [
    '{prefix: /, runtime_fraction: {default_value: {numerator: 100}, runtime_key: k}}',
    {},
    'path `/` begins with `/`, and it takes 100 of 100 requests (runtime key `k`, default)',
  ],
])('a chosen route tells what held: %s with %j', (match, call, because) => {
  const routes = `virtual_hosts: [{name: v, domains: ["*"], routes: [{match: ${match}, route: {cluster: a}}]}]`;
  const [step] = stepsOf(hopOf(onlyPath(httpTrace({ routes }, call))), 'route');
  expect(step?.because).toBe(because);
});

test('of a repeated query parameter the first is told that fails', () => {
  const match = '{prefix: /, query_parameters: [{name: q, string_match: {exact: v}}]}';
  const routes = `virtual_hosts: [{name: v, domains: ["*"], routes: [{match: ${match}, route: {cluster: a}}]}]`;
  const [step] = stepsOf(hopOf(onlyPath(httpTrace({ routes }, { path: '/?q=w&q=v' }))), 'route');
  expect(step?.rejected[0]?.because).toBe('the first query parameter `q` is `w`, must be `v`');
});

test('a matcher chooses among routes, which still check their own match; indexes count in pre-order', () => {
  const route = 'type.googleapis.com/envoy.config.route.v3.Route';
  const routes = `
name: rc
virtual_hosts:
- name: v
  domains: ["*"]
  matcher:
    matcher_tree:
      input: {name: in, typed_config: {"@type": type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: x}}
      exact_match_map:
        map:
          one: {action: {name: r, typed_config: {"@type": ${route}, name: first, match: {prefix: /a}, route: {cluster: a}}}}
          two: {action: {name: r, typed_config: {"@type": ${route}, name: second, match: {prefix: /}, route: {cluster: b}}}}`;
  expect(hopOf(onlyPath(httpTrace({ routes }, { headers: { x: 'two' } }))).route).toEqual({ name: 'second', index: 1 });
  expect(onlyPath(httpTrace({ routes }, { headers: { x: 'one' }, path: '/b' })).disposition).toBe('no_route');
  expect(onlyPath(httpTrace({ routes }, { headers: { x: 'three' } })).disposition).toBe('no_route');
});

test.each<[[string, string][], string]>([
  [[], 'header `x` is not there, so it is drawn by weight: weight 1 of 1'],
  [
    [
      ['x', '1'],
      ['x', '2'],
    ],
    'header `x` is there 2 times, so it is drawn by weight: weight 1 of 1',
  ],
  [[['x', 'no']], 'header `x` is no number but `no`, so it is drawn by weight: weight 1 of 1'],
  [[['x', '7']], 'header `x` says 7: weight 1 of 1'],
])('weights by a header: %j', (headers, because) => {
  const route = 'route: {weighted_clusters: {header_name: x, clusters: [{name: a, weight: 1}]}}';
  const routes = `virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, ${route}}]}]`;
  expect(stepsOf(hopOf(onlyPath(httpTrace({ routes }, { headers }))), 'route')[1]?.because).toBe(because);
});
