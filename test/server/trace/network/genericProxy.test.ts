/** Routes of generic_proxy and of protocols beside HTTP, as Envoy 1.40 was seen to take them. */
import { describe, expect, test } from 'vitest';
import type { RequestHttp, Trace } from '../../../../server/src/protocol/trace';
import { GET, hopOf, onlyPath, traceOf } from '../support/traceOf';

type Fields = Record<string, unknown>;
const NETWORK = 'type.googleapis.com/envoy.extensions.filters.network.';
const GENERIC = `${NETWORK}generic_proxy.`;

function trace(config: Fields, http?: Partial<RequestHttp>, random?: number): Trace {
  const cluster = (name: string, index: number): Fields => ({
    name,
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: `10.50.0.${index + 1}`, port_value: 80 } } } }] }],
    },
  });
  const listener = {
    name: 'l',
    address: { socket_address: { address: '0.0.0.0', port_value: 80 } },
    filter_chains: [{ filters: [{ name: 'own', typed_config: config }] }],
  };
  const bootstrap = { static_resources: { listeners: [listener], clusters: ['a', 'b'].map(cluster) } };
  return traceOf(
    { '/w/envoy.json': JSON.stringify(bootstrap) },
    {
      connection: { destination: '10.0.0.1:80', source: '10.9.9.9:40000' },
      ...(http && { http: { ...GET, ...http } }),
      ...(random !== undefined && { random }),
    },
  );
}

function fate(config: Fields, http?: Partial<RequestHttp>): string {
  const path = onlyPath(trace(config, http));
  if (path.disposition === 'upstream') return hopOf(path).cluster ?? '';
  return [path.disposition, path.response?.code, path.response?.details].filter((each) => each !== undefined).join(' ');
}

const to = (cluster: string): Fields => ({ action: { name: 'r', typed_config: { '@type': `${GENERIC}action.v3.RouteAction`, cluster } } });
const input = (kind: string, fields: Fields = {}): Fields => ({
  name: kind,
  typed_config: { '@type': `${GENERIC}matcher.v3.${kind}MatchInput`, ...fields },
});
const exact = (by: Fields, map: Fields, more: Fields = {}): Fields => ({ matcher_tree: { input: by, exact_match_map: { map } }, ...more });
/** To `a` where a RequestMatcher fits, else to `b`. */
const whole = (fields: Fields): Fields => ({
  matcher_list: {
    matchers: [
      {
        predicate: {
          single_predicate: {
            input: input('Request'),
            custom_match: { name: 'm', typed_config: { '@type': `${GENERIC}matcher.v3.RequestMatcher`, ...fields } },
          },
        },
        on_match: to('a'),
      },
    ],
  },
  on_no_match: to('b'),
});
const generic = (route_config: Fields, codec = 'http1.v3.Http1'): Fields => ({
  '@type': `${GENERIC}v3.GenericProxy`,
  codec_config: { name: 'c', typed_config: { '@type': `${GENERIC}codecs.${codec}CodecConfig` } },
  filters: [{ name: 'router', typed_config: { '@type': `${GENERIC}router.v3.Router` } }],
  route_config,
});

describe('a generic proxy that reads HTTP/1', () => {
  test.each<[string, Fields, Partial<RequestHttp>, string]>([
    ['path', exact(input('Path'), { '/a': to('a') }), { path: '/a' }, 'a'],
    ['path with its query', exact(input('Path'), { '/a': to('a') }), { path: '/a?x' }, 'no_route 404 route_not_found'],
    ['host with its case', exact(input('Host'), { 'a.test': to('a') }), { authority: 'A.test' }, 'no_route 404 route_not_found'],
    ['method', exact(input('Method'), { POST: to('b') }), { method: 'POST' }, 'b'],
    [
      'header',
      exact(input('Property', { property_name: 'X' }), { '1': to('a') }, { on_no_match: to('b') }),
      { headers: [['x', '1']] },
      'a',
    ],
    ['header', exact(input('Property', { property_name: 'X' }), { '1': to('a') }, { on_no_match: to('b') }), {}, 'b'],
    ['the whole request', whole({ host: { exact: 'shop.test' }, method: { exact: 'GET' } }), { authority: 'shop.test' }, 'a'],
    ['the whole request, by its path', whole({ path: { prefix: '/b' } }), { path: '/a' }, 'b'],
    [
      'the whole request, by a header',
      whole({ properties: [{ name: 'X', string_match: { exact: '1' } }] }),
      { headers: [['x', '1']] },
      'a',
    ],
    ['the whole request, by a header that is not there', whole({ properties: [{ name: 'X', string_match: { prefix: '' } }] }), {}, 'b'],
    ['a cluster that is not there', { on_no_match: to('zz') }, {}, 'no_cluster 404 cluster_not_found'],
  ])('routes by %s', (_, routes, http, expected) => {
    expect(fate(generic({ routes }), http)).toBe(expected);
  });

  test('takes the whole host before suffixes, prefixes and the rest', () => {
    const host = (name: string, cluster: string): Fields => ({ name, hosts: [name], routes: { on_no_match: to(cluster) } });
    const hosts = generic({
      virtual_hosts: [host('a.test', 'a'), host('*.test', 'b'), host('b.*', 'a')],
      routes: { on_no_match: to('b') },
    });
    expect(['a.test', 'c.test', 'b.test', 'b.org', 'q'].map((authority) => fate(hosts, { authority }))).toEqual(['a', 'b', 'b', 'a', 'b']);
  });
});

describe('a generic proxy that Envoy does not load', () => {
  const routes = { on_no_match: to('a') };
  const host = (name: string): Fields => ({ name, hosts: [name], routes });
  const own = (filters: unknown): Fields => ({ ...generic({ routes }), filters });
  const router = { name: 'router', typed_config: { '@type': `${GENERIC}router.v3.Router` } };
  const header = { typed_config: { '@type': 'type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput', header_name: 'x' } };

  test.each<[string, Fields]>([
    ['has no router', own([])],
    ['has two routers', own([router, router])],
    [
      'has an HTTP filter',
      own([{ name: 'c', typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors' } }, router]),
    ],
    ['has a codec that is none', { ...generic({ routes }), codec_config: router }],
    ['has a host twice', generic({ virtual_hosts: [host('x'), host('x')] })],
    ['has routes beside a host for all', generic({ routes, virtual_hosts: [host('*')] })],
    ['asks for a header of HTTP', generic({ routes: exact(header, { '1': to('a') }) })],
    [
      'takes another action',
      generic({ routes: { on_no_match: { action: { typed_config: { '@type': 'type.googleapis.com/google.protobuf.StringValue' } } } } }),
    ],
    ['keeps on matching', generic({ routes: { on_no_match: { ...to('a'), keep_matching: true } } })],
  ])('%s', (_, config) => {
    expect(fate(config, {})).toBe('config_rejected');
  });
});

test('other codecs are followed only where every route leads to one place; else the clusters are told', () => {
  expect(fate(generic({ routes: { on_no_match: to('a') } }, 'dubbo.v3.Dubbo'))).toBe('a');
  const open = onlyPath(trace(generic({ routes: exact(input('Service'), { s: to('a') }, { on_no_match: to('b') }) }, 'dubbo.v3.Dubbo')));
  expect(open.missing?.[0]).toContain('its routes lead to `a`, `b`');
});

describe('Thrift', () => {
  const thrift = (...routes: Fields[]): Fields => ({
    '@type': `${NETWORK}thrift_proxy.v3.ThriftProxy`,
    stat_prefix: 't',
    route_config: { name: 'r', routes },
  });
  const route = (match: Fields, action: Fields): Fields => ({ match, route: action });

  test('the first route for all calls hides the later ones', () => {
    const all = route({ method_name: '' }, { cluster: 'a', request_mirror_policies: [{ cluster: 'b' }] });
    const path = onlyPath(trace(thrift(all, route({ method_name: 'm' }, { cluster: 'b' }))));
    expect([hopOf(path).cluster, hopOf(path).mirrors]).toEqual(['a', [{ cluster: 'b', probability: 1 }]]);
    expect(fate(thrift(route({ method_name: 'm' }, { cluster: 'b' }), all))).toBe('insufficient_info');
  });

  test('it may draw by weight', () => {
    const weighted_clusters = {
      clusters: [
        { name: 'a', weight: 1 },
        { name: 'b', weight: 3 },
      ],
    };
    const { paths } = trace(thrift(route({ method_name: '' }, { weighted_clusters })));
    expect(paths.map((path) => [hopOf(path).cluster, path.probability])).toEqual([
      ['b', 0.75],
      ['a', 0.25],
    ]);
  });
});

// What a real client got from Envoy 1.40.
describe('Redis', () => {
  const redis = (prefix_routes: Fields): Fields => ({ '@type': `${NETWORK}redis_proxy.v3.RedisProxy`, stat_prefix: 'r', prefix_routes });
  const on = (prefix: string, cluster: string, more: Fields = {}): Fields => ({ prefix, cluster, ...more });

  test('names its clusters where the key decides', () => {
    expect(onlyPath(trace(redis({ routes: [on('x', 'b')] }))).missing?.[0]).toContain('they lead to `b`');
    expect(onlyPath(trace(redis({ routes: [on('', 'a'), on('x', 'b')] }))).missing?.[0]).toContain('they lead to `b`, `a`');
  });

  test('takes a prefix of nothing for all keys, before the route for the rest', () => {
    expect(fate(redis({ routes: [on('', 'a')] }))).toBe('a');
    expect(fate(redis({ routes: [on('', 'b')], catch_all_route: { cluster: 'a' } }))).toBe('b');
  });

  test('may send commands that read elsewhere', () => {
    const catch_all_route = { cluster: 'a', read_command_policy: { cluster: 'b' } };
    expect(onlyPath(trace(redis({ catch_all_route }))).missing?.[0]).toContain('they lead to `a`, `b`');
  });

  test('copies commands, perhaps those alone that write', () => {
    const catch_all_route = { cluster: 'a', request_mirror_policy: [{ cluster: 'b' }, { cluster: 'c', exclude_read_commands: true }] };
    expect(hopOf(onlyPath(trace(redis({ catch_all_route })))).mirrors).toEqual([
      { cluster: 'b', probability: 1 },
      { cluster: 'c', probability: null },
    ]);
  });

  test.each([[{ routes: [on('x', 'a'), on('x', 'b')] }], [{}]])('is not loaded with %j', (routes) => {
    expect(fate(redis(routes))).toBe('config_rejected');
  });
});
