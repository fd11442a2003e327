/** What a route does with the request that it takes: redirects, rewrites, clusters, upgrades (Envoy: source/common/http/utility.cc, source/common/router). */
import { describe, expect, test } from 'vitest';
import { fate, filterPath, filterTrace, sentHeader, type FilterCall } from '../httpFilters/filterTrace';
import { hopOf } from '../support/traceOf';

const answer = (route: object, call: FilterCall = {}): ReturnType<typeof filterPath> =>
  filterPath({ filters: [], routes: [{ name: 'r', match: { prefix: '/' }, ...route }] }, call);

describe('a redirect', () => {
  const location = (redirect: object, path = '/o/p?z', more: FilterCall = {}): string | undefined =>
    filterPath(
      {
        filters: [],
        routes: [
          { match: { prefix: '/o' }, redirect },
          { match: { prefix: '/' }, redirect },
        ],
      },
      { path, ...more },
    ).response?.location;
  test.each<[object, string]>([
    [{ host_redirect: 'b.com' }, 'http://b.com/o/p?z'],
    [{ host_redirect: 'b.com', path_redirect: '/n?x=1', strip_query: true }, 'http://b.com/n?x=1'],
    [{ path_redirect: '/n' }, 'http://a.test/n?z'],
    [{ path_redirect: '/n', strip_query: true }, 'http://a.test/n'],
    [{ path_redirect: 'n' }, 'http://a.test/n?z'],
    [{ prefix_rewrite: '/n' }, 'http://a.test/n/p?z'],
    [{ regex_rewrite: { pattern: { regex: '/o' }, substitution: '/n' } }, 'http://a.test/n/p?z'],
    [{ https_redirect: true }, 'https://a.test/o/p?z'],
    [{ scheme_redirect: 'ftp' }, 'ftp://a.test/o/p?z'],
    [{ port_redirect: 8443 }, 'http://a.test:8443/o/p?z'],
  ])('%j leads to %s', (redirect, expected) => {
    expect(location(redirect)).toBe(expected);
  });
  test('drops the default port of the former scheme, and no other', () => {
    expect(location({ https_redirect: true }, '/', { authority: 'a.test:80' })).toBe('https://a.test/');
    expect(location({ https_redirect: true }, '/', { authority: 'a.test:8080' })).toBe('https://a.test:8080/');
  });
  test.each([
    [undefined, 301],
    ['FOUND', 302],
    ['SEE_OTHER', 303],
    ['TEMPORARY_REDIRECT', 307],
    ['PERMANENT_REDIRECT', 308],
  ])('of the code %s has the status %d', (response_code, status) => {
    expect(answer({ redirect: { path_redirect: '/n', ...(response_code && { response_code }) } }).response?.code).toBe(status);
  });
});

describe('a rewrite', () => {
  const sent = (match: object, action: object, path = '/o/p?z'): string[] => {
    const path1 = filterPath({ filters: [], routes: [{ match, route: { cluster: 'a', ...action } }] }, { path });
    const http = hopOf(path1).upstream?.http;
    return [http?.authority ?? '', http?.path ?? '', sentHeader(path1, 'x-envoy-original-path') ?? ''];
  };
  test.each<[string, object, object, string[]]>([
    ['of the prefix', { prefix: '/o' }, { prefix_rewrite: '/n' }, ['a.test', '/n/p?z', '/o/p?z']],
    ['of the whole path that matched', { path: '/o/p' }, { prefix_rewrite: '/n' }, ['a.test', '/n?z', '/o/p?z']],
    ['by an expression, the query kept', { prefix: '/' }, { regex_rewrite: { pattern: { regex: 'p' }, substitution: 'q' } }, ['a.test', '/o/q?z', '/o/p?z']], // prettier-ignore
    ['of the host', { prefix: '/' }, { host_rewrite_literal: 'b.test' }, ['b.test', '/o/p?z', '']],
    ['of the host by a header that is not there', { prefix: '/' }, { host_rewrite_header: 'x-host' }, ['a.test', '/o/p?z', '']],
    ['of the host by the path', { prefix: '/' }, { host_rewrite_path_regex: { pattern: { regex: '^/(.+)/.+$' }, substitution: '\\1.test' } }, ['o.test', '/o/p?z', '']], // prettier-ignore
  ])('%s', (_, match, action, expected) => {
    expect(sent(match, action)).toEqual(expected);
  });
  test('of the host by a weight counts only where the route has none', () => {
    const weighted = (more: object): string | undefined => {
      const clusters = [{ name: 'a', weight: 1, host_rewrite_literal: 'weight.test' }];
      return hopOf(answer({ route: { weighted_clusters: { clusters }, ...more } })).upstream?.http?.authority;
    };
    expect(weighted({})).toBe('weight.test');
    expect(weighted({ host_rewrite_literal: 'route.test' })).toBe('route.test');
  });
});

describe('the cluster', () => {
  const weights = {
    clusters: [
      { name: 'a', weight: 80 },
      { name: 'b', weight: 20 },
    ],
    header_name: 'x-rand',
  };
  test.each<[string, [string, string][], string[]]>([
    ['by the number in the header', [['x-rand', '85']], ['upstream b']],
    ['modulo the sum', [['x-rand', '179']], ['upstream a']],
    ['by chance where it is no number', [['x-rand', 'x']], ['upstream a', 'upstream b']],
    ['by chance where there are two', [['x-rand', '85'], ['x-rand', '85']], ['upstream a', 'upstream b']], // prettier-ignore
  ])('of weighted ones is drawn %s', (_, headers, expected) => {
    const { paths } = filterTrace(
      { filters: [], routes: [{ match: { prefix: '/' }, route: { weighted_clusters: weights } }] },
      { headers },
    );
    expect(paths.map((path) => `${path.disposition} ${hopOf(path).cluster}`)).toEqual(expected);
  });
  test.each<[object, string]>([
    [{ cluster_header: 'x-c' }, 'no_cluster 503 cluster_not_found'],
    [{ cluster: 'none' }, 'no_cluster 503 cluster_not_found'],
    [{ cluster: 'none', cluster_not_found_response_code: 'NOT_FOUND' }, 'no_cluster 404 cluster_not_found'],
    [{ cluster: 'none', cluster_not_found_response_code: 'INTERNAL_SERVER_ERROR' }, 'no_cluster 500 cluster_not_found'],
  ])('that is not there: %j ends as %s', (route, expected) => {
    const path = filterPath({ filters: [], routes: [{ match: { prefix: '/' }, route }], routeConfiguration: { validate_clusters: false } });
    expect([`${path.disposition} ${path.response?.code} ${path.response?.details}`, path.response?.flags]).toEqual([expected, ['NC']]);
  });
  test('is the first value of its header', () => {
    const headers: [string, string][] = [['x-c', 'b'], ['x-c', 'a']]; // prettier-ignore
    expect(fate({ filters: [], routes: [{ match: { prefix: '/' }, route: { cluster_header: 'x-c' } }] }, { headers })).toBe('upstream b');
  });
  test('of a route without action has no name', () => {
    expect(fate({ filters: [], routes: [{ match: { prefix: '/' }, non_forwarding_action: {} }] })).toBe('no_cluster 503 cluster_not_found');
  });
});

describe('an upgrade', () => {
  const upgrade = (manager: object, route: object, routes?: object[]): string =>
    fate(
      {
        filters: [],
        manager: { ...manager },
        routes: [...((routes as never[] | undefined) ?? [{ match: { prefix: '/' }, route: { cluster: 'a', ...route } }])],
      },
      { headers: { connection: 'upgrade', upgrade: 'websocket' } },
    );
  const on = { upgrade_configs: [{ upgrade_type: 'websocket' }] };
  const off = { upgrade_configs: [{ upgrade_type: 'websocket', enabled: false }] };
  test.each<[string, object, object, string]>([
    ['nobody speaks of', {}, {}, 'denied 403 upgrade_failed'],
    ['the manager allows', on, {}, 'upstream a'],
    ['the route allows', {}, on, 'upstream a'],
    ['the route forbids', on, off, 'denied 403 upgrade_failed'],
    ['the manager forbids and the route allows', off, on, 'upstream a'],
  ])('that %s', (_, manager, route, expected) => {
    expect(upgrade(manager, route).replace(/^\w+ 403/, 'denied 403')).toBe(expected);
  });
  test('without a route has no answer but 404', () => {
    expect(upgrade({}, {}, [{ match: { prefix: '/x' }, route: { cluster: 'a' } }])).toBe('no_route 404 route_not_found');
  });
});

describe('require_tls', () => {
  const asked = (require_tls: string, headers: Record<string, string> = {}): string =>
    fate({ filters: [], virtualHost: { require_tls } }, { headers });
  test('ALL looks at x-forwarded-proto', () => {
    expect(asked('ALL')).toBe('redirect 301 direct_response');
    expect(asked('ALL', { 'x-forwarded-proto': 'https' })).toBe('upstream a');
  });
  test('EXTERNAL_ONLY means who is not internal', () => {
    expect(asked('EXTERNAL_ONLY')).toBe('redirect 301 direct_response');
    const internal_address_config = { cidr_ranges: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] };
    const fixture = {
      filters: [],
      virtualHost: { require_tls: 'EXTERNAL_ONLY' },
      manager: { use_remote_address: true, internal_address_config },
    };
    expect(fate(fixture)).toBe('upstream a');
  });
});

test.each<[string, string[], string]>([
  ['route, virtual host, configuration', [], 'route host configuration'],
  ['the most specific last', ['wins'], 'configuration host route'],
])('headers are added in the order %s', (_, wins, expected) => {
  const add = (value: string): object => ({ request_headers_to_add: [{ header: { key: 'x', value } }] });
  const path = filterPath({
    filters: [],
    route: { ...add('route') },
    virtualHost: { ...add('host') },
    routeConfiguration: { ...add('configuration'), ...(wins.length > 0 && { most_specific_header_mutations_wins: true }) },
  });
  const sent = hopOf(path).upstream?.http?.headers.filter(([name]) => name === 'x');
  expect(sent?.map(([, value]) => value).join(' ')).toBe(expected);
});
