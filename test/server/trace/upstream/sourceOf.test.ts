/** Under which address the next proxy sees a connection, and whose an address is that only a listener tells. */
import { describe, expect, test } from 'vitest';
import type { TracePath } from '../../../../server/src/protocol/trace';
import { GET, onlyPath, tcp, traceOf } from '../support/traceOf';

const TCP = 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';
const HTTP = 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';

const host = (address: string, port: number): object => ({ endpoint: { address: { socket_address: { address, port_value: port } } } });
const listener = (name: string, address: string, port: number, filter: object): object => ({
  name,
  address: { socket_address: { address, port_value: port } },
  filter_chains: [{ filters: [filter] }],
});
const toCluster = (cluster: string): object => ({ name: 'tcp', typed_config: { '@type': TCP, stat_prefix: 't', cluster } });
const cluster = (name: string, endpoint: object, fields: object = {}): object => ({
  name,
  load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [endpoint] }] },
  ...fields,
});

/** A proxy of which nothing but its listeners tells an address. */
function front(
  endpoint: object,
  { fields = {}, more = {}, listeners = [] }: { fields?: object; more?: object; listeners?: object[] } = {},
): string {
  return JSON.stringify({
    node: { id: 'front' },
    static_resources: {
      listeners: [listener('in', '0.0.0.0', 80, toCluster('next')), ...listeners],
      clusters: [cluster('next', endpoint, fields), cluster('app', host('10.5.0.1', 80))],
    },
    ...more,
  });
}

const back = (filter: object): string =>
  JSON.stringify({
    node: { id: 'back' },
    static_resources: {
      listeners: [listener('back', '10.0.0.2', 8080, filter), listener('back6', 'fd00::2', 8080, filter)],
      clusters: [cluster('app', host('10.5.0.1', 80))],
    },
  });

const TOLD: [string, string][] = [
  ['x-forwarded-for', '1.2.3.4'],
  ['x-envoy-external-address', '1.2.3.4'],
];

function pathOf(first: string, filter = toCluster('app')): TracePath {
  const files = { '/w/front.json': first, '/w/back.json': back(filter) };
  return onlyPath(traceOf(files, tcp('10.0.0.1:80', { start: { proxy: 'front' }, http: { ...GET, headers: TOLD } })));
}

const bind = (address: string, ...extra: string[]): object => ({
  source_address: { address, port_value: 0 },
  extra_source_addresses: extra.map((each) => ({ address: { address: each, port_value: 0 } })),
});

describe('the address that a listener is bound to', () => {
  test('is its proxy’s', () => {
    const { hops, disposition } = pathOf(front(host('10.0.0.2', 8080)));
    expect([disposition, ...hops.map(({ proxy, listener: name }) => `${proxy} ${name}`)]).toEqual(['upstream', 'front in', 'back back']);
  });

  test('the loopback leads to a listener of the proxy’s own', () => {
    const listeners = [listener('inner', '127.0.0.1', 9000, toCluster('app'))];
    const { hops } = pathOf(front(host('127.0.0.1', 9000), { listeners }));
    expect(hops.map(({ proxy, listener: name, downstream }) => [proxy, name, downstream.source])).toEqual([
      ['front', 'in', '10.9.9.9:40000'],
      ['front', 'inner', '127.0.0.1'],
    ]);
  });

  test('the loopback of others is nobody’s', () => {
    expect(pathOf(front(host('127.0.0.1', 8080))).hops).toHaveLength(1);
  });
});

describe('the source', () => {
  test.each<[string, string, Parameters<typeof front>[1], string | undefined]>([
    ['is not known', '10.0.0.2', {}, undefined],
    ['is the bound one', '10.0.0.2', { fields: { upstream_bind_config: bind('10.0.0.9', 'fd00::9') } }, '10.0.0.9'],
    ['is the bound one of its family', 'fd00::2', { fields: { upstream_bind_config: bind('10.0.0.9', 'fd00::9') } }, 'fd00::9'],
    ['is bound for all clusters', '10.0.0.2', { more: { cluster_manager: { upstream_bind_config: bind('10.0.0.8') } } }, '10.0.0.8'],
    [
      'is that of the cluster before that of all',
      '10.0.0.2',
      { fields: { upstream_bind_config: bind('10.0.0.9') }, more: { cluster_manager: { upstream_bind_config: bind('10.0.0.8') } } },
      '10.0.0.9',
    ],
    ['is kept back', '10.0.0.2', { fields: { upstream_bind_config: bind('[redacted]', 'fd00::9') } }, undefined],
  ])('%s', (_, endpoint, given, expected) => {
    expect(pathOf(front(host(endpoint, 8080), given)).hops[1]?.downstream.source).toBe(expected);
  });

  const edge = {
    name: 'http',
    typed_config: {
      '@type': HTTP,
      stat_prefix: 'h',
      use_remote_address: true,
      route_config: { virtual_hosts: [{ name: 'v', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'app' } }] }] },
      http_filters: [{ name: 'r', typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' } }],
    },
  };

  test('where it is not known, neither are the headers that tell it', () => {
    const sent = pathOf(front(host('10.0.0.2', 8080)), edge).hops[1]?.upstream?.http;
    expect(sent?.unknownHeaders).toEqual(['x-forwarded-for']);
    expect(sent?.headers.map(([name]) => name)).not.toContain('x-envoy-external-address');
  });

  test('of an internal connection is no IP: the headers that tell it stay as they came', () => {
    const listeners = [{ name: 'inner', internal_listener: {}, filter_chains: [{ filters: [edge] }] }];
    const endpoint = { endpoint: { address: { envoy_internal_address: { server_listener_name: 'inner' } } } };
    const sent = pathOf(front(endpoint, { listeners })).hops[1]?.upstream?.http;
    expect(sent?.headers.filter(([name]) => TOLD.some(([told]) => told === name))).toEqual(TOLD);
    expect(sent?.unknownHeaders ?? []).not.toContain('x-forwarded-for');
  });
});
