import { expect, test } from 'vitest';
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';
import type { RequestHttp, Trace } from '../../../../server/src/protocol/trace';
import { simulateRequest } from '../../../../server/src/trace/simulateRequest';

const HCM = 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const ROUTER = 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router';
const TCP = 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';
const INSPECTOR = 'type.googleapis.com/envoy.extensions.filters.listener.http_inspector.v3.HttpInspector';

const tcpProxy = (cluster: string, more: object = {}): object => ({
  name: 't',
  typed_config: { '@type': TCP, stat_prefix: 't', cluster, ...more },
});
const manager = (routes: object[]): object => ({
  name: 'h',
  typed_config: {
    '@type': HCM,
    stat_prefix: 'h',
    upgrade_configs: [{ upgrade_type: 'CONNECT' }],
    route_config: { name: 'r', virtual_hosts: [{ name: 'v', domains: ['*'], routes }] },
    http_filters: [{ name: 'router', typed_config: { '@type': ROUTER } }],
  },
});
const to = (cluster: string): object => ({ match: { prefix: `/${cluster}` }, route: { cluster } });
const internal = (name: string, filters: object[], more: object = {}): object => ({
  name,
  internal_listener: {},
  filter_chains: [{ filters }],
  ...more,
});
const terminate = (cluster: string): object =>
  manager([{ match: { connect_matcher: {} }, route: { cluster, upgrade_configs: [{ upgrade_type: 'CONNECT', connect_config: {} }] } }]);
const cluster = (name: string, listener = name): object => ({
  name,
  load_assignment: {
    cluster_name: name,
    endpoints: [{ lb_endpoints: [{ endpoint: { address: { envoy_internal_address: { server_listener_name: listener } } } }] }],
  },
});
const elsewhere = { filter_chains: [{ filters: [tcpProxy('empty')], filter_chain_match: { destination_port: 1 } }] };
const waits = { listener_filters: [{ name: 'hi', typed_config: { '@type': INSPECTOR } }] };
const socket = (port: number): object => ({ socket_address: { address: '127.0.0.1', port_value: port } });

const NAMES = ['no-chain', 'no-chain-waits', 'no-cluster', 'no-host', 'nobody', 'deep', 'tunnel', 'tunnel-403', 'echo', 'nobody-behind'];

const config = JSON.stringify({
  static_resources: {
    listeners: [
      {
        name: 'front',
        address: socket(1),
        filter_chains: [{ filters: [manager([...NAMES].sort((a, b) => b.length - a.length).map(to))] }],
      },
      ...NAMES.map((name, index) => ({
        name: `connect-${name}`,
        address: socket(100 + index),
        filter_chains: [{ filters: [terminate(name)] }],
      })),
      internal('no-chain', [], elsewhere),
      internal('no-chain-waits', [], { ...elsewhere, ...waits }),
      internal('no-cluster', [tcpProxy('absent')]),
      internal('no-host', [tcpProxy('empty')]),
      internal('deep', [tcpProxy('no-host')]),
      internal('nobody-behind', [tcpProxy('nobody')]),
      internal('tunnel', [tcpProxy('opened', { tunneling_config: { hostname: 'a:80' } })]),
      internal('opened', [terminate('no-chain')]),
      internal('tunnel-403', [tcpProxy('refuses', { tunneling_config: { hostname: 'a:80' } })]),
      internal('refuses', [manager([{ match: { connect_matcher: {} }, direct_response: { status: 403 } }])]),
      internal('echo', [{ name: 'e', typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo' } }]),
    ],
    clusters: [...NAMES.map((name) => cluster(name)), cluster('opened'), cluster('refuses'), { name: 'empty' }]
      .filter((each) => (each as { name: string }).name !== 'nobody')
      .concat([cluster('nobody', 'absent')]),
  },
});

function trace(port: number, http: Partial<RequestHttp>): Trace['paths'][number] {
  const request = {
    connection: { destination: `127.0.0.1:${port}` },
    http: { version: 'http1' as const, method: 'GET', scheme: 'http' as const, authority: 'a.test', path: '/', headers: [], ...http },
  };
  const [path] = simulateRequest(buildSnapshot([{ uri: 'envoy.json', text: config }]), request).paths;
  if (!path) throw new Error('no path');
  return path;
}

const reasonOf = (body: string | undefined): string | undefined => body?.replace(/^.*reset reason: /, '');

// Each answer was seen on a real Envoy 1.40.
test.each<[string, string, number, string]>([
  ['no-chain', 'no_filter_chain', 503, 'remote connection failure'],
  ['no-chain-waits', 'no_filter_chain', 503, 'connection termination'],
  ['no-cluster', 'no_cluster', 503, 'remote connection failure'],
  ['no-host', 'no_endpoint', 503, 'remote connection failure'],
  ['nobody', 'no_listener', 503, 'remote connection failure'],
  ['nobody-behind', 'no_listener', 503, 'connection termination'],
  ['deep', 'no_endpoint', 503, 'connection termination'],
  ['tunnel', 'no_filter_chain', 503, 'connection termination'],
  ['tunnel-403', 'direct_response', 503, 'connection termination'],
  ['echo', 'closed', 502, 'protocol error'],
])('an HTTP client behind %s', (name, disposition, code, reason) => {
  const path = trace(1, { path: `/${name}` });
  expect([path.disposition, path.response?.code, reasonOf(path.response?.body)]).toEqual([disposition, code, reason]);
});

test('the refused CONNECT of a tunnel is told in its own hop', () => {
  expect(trace(1, { path: '/tunnel-403' }).hops.at(-1)?.response).toMatchObject({ code: 403 });
  expect(trace(1, { path: '/tunnel' }).hops.find(({ listener }) => listener === 'opened')?.response).toMatchObject({
    code: 503,
    flags: ['UF'],
  });
});

test.each<[string, number | undefined, number]>([
  ['no-chain', 503, 503],
  ['no-chain-waits', undefined, 200],
  ['nobody', 503, 503],
])('a client’s own CONNECT to %s', (name, code, ofConnect) => {
  const path = trace(100 + NAMES.indexOf(name), { method: 'CONNECT', authority: 'a.test:80', path: '' });
  expect(path.response?.code).toBe(code);
  expect(path.hops[0]?.response?.code ?? path.response?.code).toBe(ofConnect);
});

test('gRPC clients get 200 and a grpc-status', () => {
  const path = trace(1, { path: '/no-host', headers: [['content-type', 'application/grpc']] });
  expect(path.response).toMatchObject({ code: 200, flags: ['UH'] });
  expect(path.response?.headers?.set).toContainEqual(['grpc-status', '14']);
});
