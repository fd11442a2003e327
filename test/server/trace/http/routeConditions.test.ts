/** Every condition of a RouteMatch by itself: what it takes and what it does not (Envoy: source/common/router/config_impl.cc, source/common/http/header_utility.h). */
import { describe, expect, test } from 'vitest';
import { fate, filter, type FilterCall } from '../httpFilters/filterTrace';

type Call = FilterCall & { readonly with?: object };

/** Whether a route with this match takes the request; `with`: fields of the route configuration. */
function takes(match: object, { with: routeConfiguration, ...call }: Call = {}): boolean {
  const routes = [
    { match, route: { cluster: 'b' } },
    { match: { prefix: '/' }, route: { cluster: 'a' } },
  ];
  return fate({ filters: [], routes, ...(routeConfiguration && { routeConfiguration: { ...routeConfiguration } }) }, call) === 'upstream b';
}

const header = (more: object): object => ({ prefix: '/', headers: [{ name: 'x', ...more }] });
const query = (more: object): object => ({ prefix: '/', query_parameters: [{ name: 'q', ...more }] });
const x = (...values: string[]): Call => ({ headers: values.map((value): [string, string] => ['x', value]) });
const grpc = (type: string): Call => ({ method: 'POST', version: 'http2', path: '/s/m', headers: { 'content-type': type } });
const exact = (text: string): object => ({ string_match: { exact: text } });

describe('the path', () => {
  test.each<[object, string, boolean]>([
    [{ prefix: '/foo' }, '/foobar', true],
    [{ prefix: '/foo' }, '/FOO', false],
    [{ prefix: '/foo', case_sensitive: false }, '/FOObar', true],
    [{ prefix: '/foo?x' }, '/foo?x=1', false],
    [{ path: '/x' }, '/x?y=1', true],
    [{ path: '/x' }, '/x/', false],
    [{ path: '/x', case_sensitive: false }, '/X', true],
    [{ path_separated_prefix: '/foo' }, '/foo', true],
    [{ path_separated_prefix: '/foo' }, '/foo/bar', true],
    [{ path_separated_prefix: '/foo' }, '/foo?x', true],
    [{ path_separated_prefix: '/foo' }, '/foobar', false],
    [{ safe_regex: { regex: '/a/\\d+' } }, '/a/1?z=2', true],
    [{ safe_regex: { regex: '/a/1\\?z=2' } }, '/a/1?z=2', false],
    [{ safe_regex: { regex: '/a' } }, '/a/b', false],
    [{ safe_regex: { regex: '/a' }, case_sensitive: false }, '/A', false],
    [{ safe_regex: { regex: '(?i)/a' } }, '/A', true],
    [{ connect_matcher: {} }, '/', false],
  ])('%j and %s: %s', (match, path, expected) => {
    expect(takes(match, { path })).toBe(expected);
  });

  test.each<[string, string, boolean]>([
    ['/a/*', '/a/b', true],
    ['/a/*', '/a/b/c', false],
    ['/a/**', '/a/b/c', true],
    ['/a/{x}/c', '/a/b/c', true],
    ['/a/{x=*}', '/a/b', true],
    ['/a/{x=**}', '/a/b/c?q', true],
    ['/a/**.m3u8', '/a/b/c.m3u8', true],
    ['/a/**.m3u8', '/a/b/c.ts', false],
  ])('the template %s and %s: %s', (path_template, path, expected) => {
    const typed_config = {
      '@type': 'type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig',
      path_template,
    };
    expect(takes({ path_match_policy: { name: 't', typed_config } }, { path })).toBe(expected);
  });

  test('loses its parameters, segment by segment, where the configuration says so', () => {
    const without = { ignore_path_parameters_in_path_matching: true };
    expect(takes({ path: '/a/b' }, { path: '/a;p=1/b;q', with: without })).toBe(true);
    expect(takes({ path: '/a/b' }, { path: '/a;p=1/b;q' })).toBe(false);
  });
});

describe('a header', () => {
  test.each<[string, object, Call, boolean]>([
    ['that is missing fails, inverted or not', { ...exact('v'), invert_match: true }, x(), false],
    ['unless a missing one counts as empty', { ...exact('v'), invert_match: true, treat_missing_header_as_empty: true }, x(), true],
    ['is there', { present_match: true }, x('v'), true],
    ['is not there', { present_match: true, invert_match: true }, x(), true],
    ['must not be there', { present_match: false }, x(), true],
    ['must not be there, and is', { present_match: false }, x('v'), false],
    ['must be there where nothing is asked', {}, x('v'), true],
    ['must be there where nothing is asked, and is not', {}, x(), false],
    ['may have any value for an old exact of nothing', { exact_match: '' }, x('v'), true],
    ['is empty for a new exact of nothing', exact(''), x('v'), false],
    ['one value of several', exact('a'), x('a', 'b'), true],
    ['one line with a comma is one value', exact('a'), x('a,b'), false],
    ['none of several', { ...exact('a'), invert_match: true }, x('b', 'a'), false],
    ['with its case', exact('V'), x('v'), false],
    ['without its case', { string_match: { exact: 'V', ignore_case: true } }, x('v'), true],
    ['begins', { prefix_match: 'ab' }, x('abc'), true],
    ['ends', { suffix_match: 'bc' }, x('abc'), true],
    ['contains', { contains_match: 'b' }, x('abc'), true],
    ['as a whole', { safe_regex_match: { regex: 'b' } }, x('abc'), false],
    ['from the start of a range', { range_match: { start: 1, end: 10 } }, x('1'), true],
    ['not its end', { range_match: { start: 1, end: 10 } }, x('10'), false],
    ['a number and nothing else', { range_match: { start: 1, end: 10 } }, x('5x'), false],
    ['a number with its sign', { range_match: { start: -3, end: 0 } }, x('-1'), true],
    ['a number with a plus', { range_match: { start: 1, end: 10 } }, x('+5'), true],
  ])('%s', (_, matcher, call, expected) => {
    expect(takes(header(matcher), call)).toBe(expected);
  });
});

describe('a query parameter', () => {
  test.each<[object, string, boolean]>([
    [exact('v'), '/?q=v&q=w', true],
    [exact('v'), '/?q=w&q=v', false],
    [exact('a b'), '/?q=a%20b', false],
    [exact('a%20b'), '/?q=a%20b', true],
    [exact(''), '/?q', true],
    [{ present_match: true }, '/?q', true],
    [{ present_match: true }, '/', false],
    [{ present_match: false }, '/', true],
    [{ present_match: false }, '/?q', false],
    [{}, '/?q=1', true],
    [{}, '/?p=1', false],
  ])('%j and %s: %s', (matcher, path, expected) => {
    expect(takes(query(matcher), { path })).toBe(expected);
  });
});

test.each<[string, object, Call, boolean]>([
  ['gRPC', { prefix: '/', grpc: {} }, grpc('application/grpc'), true],
  ['gRPC with a format', { prefix: '/', grpc: {} }, grpc('application/grpc+json'), true],
  ['gRPC is not gRPC-Web', { prefix: '/', grpc: {} }, grpc('application/grpc-web'), false],
  ['a fraction of none', { prefix: '/', runtime_fraction: { default_value: { numerator: 0 } } }, {}, false],
  ['a fraction of all', { prefix: '/', runtime_fraction: { default_value: { numerator: 100 } } }, {}, true],
  ['a certificate, in plain text', { prefix: '/', tls_context: { presented: true } }, {}, false],
  ['no certificate, in plain text', { prefix: '/', tls_context: { presented: false, validated: false } }, {}, true],
  ['two conditions', { prefix: '/', headers: [{ name: 'x' }, { name: 'y' }] }, { headers: { x: '1' } }, false],
  ['a cookie', { prefix: '/', cookies: [{ name: 'c', ...exact('1') }] }, { headers: { cookie: 'b=2; c=1' } }, true],
  ['another cookie', { prefix: '/', cookies: [{ name: 'c', ...exact('1') }] }, { headers: { cookie: 'c=2' } }, false],
  ['no such cookie, inverted', { prefix: '/', cookies: [{ name: 'c', ...exact('1'), invert_match: true }] }, {}, true],
])('%s', (_, match, call, expected) => {
  expect(takes(match, call)).toBe(expected);
});

test.each<[string, object, boolean]>([
  ['that fits', { string_match: { exact: 'v' } }, true],
  ['that does not', { string_match: { exact: 'w' } }, false],
  ['inverted, of a path that leads nowhere', { present_match: true }, false],
])('dynamic metadata %s, once the route is looked up again', (name, value, expected) => {
  const path = [{ key: name.startsWith('inverted') ? 'none' : 'k' }];
  const dynamic_metadata = [{ filter: 'lab', path, value, invert: false }];
  const routes = [
    { match: { prefix: '/', dynamic_metadata }, route: { cluster: 'b' } },
    { match: { prefix: '/' }, route: { cluster: 'a' } },
  ];
  const filters = [
    filter('data', 'set_metadata.v3.Config', { metadata: [{ metadata_namespace: 'lab', value: { k: 'v' } }] }),
    filter('again', 'lua.v3.Lua', {
      default_source_code: { inline_string: 'function envoy_on_request(h) h:headers():add("y", "1") h:clearRouteCache() end' },
    }),
  ];
  expect(fate({ filters, routes })).toBe(expected ? 'upstream b' : 'upstream a');
});

describe('a virtual host', () => {
  /** The cluster of the virtual host that takes the request, or the code. */
  function hostOf(domains: readonly string[][], authority: string, more: object = {}): string {
    const virtual_hosts = domains.map((each, index) => ({
      name: `v${index}`,
      domains: each,
      routes: [{ match: { prefix: '/' }, direct_response: { status: 200 + index } }],
    }));
    return fate({ filters: [], routeConfiguration: { virtual_hosts, ...more } }, { authority }).split(' ')[1] ?? '';
  }
  test.each<[string, string[][], string, string]>([
    ['any', [['*']], 'anything.test', '200'],
    ['exact before all', [['*'], ['foo.*'], ['*.com'], ['foo.com']], 'foo.com', '203'],
    ['without its port is another', [['foo.com']], 'foo.com:8080', '404'],
    ['with its port', [['foo.com:8080']], 'foo.com:8080', '200'],
    ['whatever its case', [['foo.com']], 'FOO.com', '200'],
    ['the longer suffix', [['*.foo.com'], ['*-bar.foo.com']], 'x-bar.foo.com', '201'],
    ['a wildcard takes a letter at least', [['*.foo.com'], ['*foo.com']], 'foo.com', '404'],
    ['a suffix before a prefix', [['foo.*'], ['*.com']], 'foo.com', '201'],
    ['the longer prefix', [['foo.*'], ['foo.bar.*']], 'foo.bar.baz', '201'],
    ['a star inside is none', [['x*y'], ['*']], 'xzy', '201'],
  ])('%s', (_, domains, authority, expected) => {
    expect(hostOf(domains, authority)).toBe(expected);
  });
  test('is found without the port where the configuration says so', () => {
    expect(hostOf([['foo.com']], 'foo.com:8080', { ignore_port_in_host_matching: true })).toBe('200');
  });
  test('whose routes all fail is final', () => {
    const virtual_hosts = [
      { name: 'own', domains: ['foo.com'], routes: [{ match: { prefix: '/x' }, route: { cluster: 'a' } }] },
      { name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'b' } }] },
    ];
    expect(fate({ filters: [], routeConfiguration: { virtual_hosts } }, { authority: 'foo.com', path: '/y' })).toBe(
      'no_route 404 route_not_found',
    );
  });
});
