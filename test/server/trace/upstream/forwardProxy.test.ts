/** Proxies between us and the host: who names them, what they are asked for, and what a proxy whose file is open makes of it. */
import { describe, expect, test } from 'vitest';
import { GET, hopOf, onlyPath, traceOf } from '../support/traceOf';

const TYPE = 'type.googleapis.com/envoy.extensions';
const RAW = '{name: envoy.transport_sockets.raw_buffer}';
const TLS = `{name: tls, typed_config: {'@type': ${TYPE}.transport_sockets.tls.v3.UpstreamTlsContext, sni: up.test}}`;
const METADATA = `metadata: {typed_filter_metadata: {envoy.http11_proxy_transport_socket.proxy_address: {'@type': type.googleapis.com/envoy.config.core.v3.Address, socket_address: {address: 10.0.0.2, port_value: 3128}}}}`;
const wraps = (inner: string, fields = ''): string =>
  `transport_socket: {name: p, typed_config: {'@type': ${TYPE}.transport_sockets.http_11_proxy.v3.Http11ProxyUpstreamTransport, transport_socket: ${inner}${fields}}}, `;
const BY_DEFAULT = ', default_proxy_address: {socket_address: {address: 10.0.0.3, port_value: 8080}}';
const state = (text: string): string =>
  `{name: s, typed_config: {'@type': ${TYPE}.filters.http.set_filter_state.v3.Config, on_request_headers: [{object_key: envoy.network.transport_socket.http_11_proxy.info, format_string: {text_format_source: {inline_string: '${text}'}}}]}}, `;

const manager = (cluster: string, filters = '', action = ''): string =>
  `{name: h, typed_config: {'@type': ${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: h, http_filters: [${filters}{name: r, typed_config: {'@type': ${TYPE}.filters.http.router.v3.Router}}], route_config: {name: r, virtual_hosts: [{name: v, domains: ['*'], routes: [{match: {${action === '' ? 'prefix: /' : 'connect_matcher: {}'}}, route: {cluster: ${cluster}${action}}}]}]}}}`;

const proxy = (socket: string, { host = '', filters = '' } = {}): string => `
node: {id: router~10.0.0.1~a.n~n.svc.cluster.local}
static_resources:
  listeners: [{name: in, address: {socket_address: {address: 0.0.0.0, port_value: 80}}, filter_chains: [{filters: [${manager('up', filters)}]}]}]
  clusters: [{name: up, ${socket}load_assignment: {cluster_name: up, endpoints: [{lb_endpoints: [{endpoint: {hostname: up.test, address: {socket_address: {address: 10.1.0.1, port_value: 9080}}}${host}}]}]}}]
`;
const NEXT = `
node: {id: router~10.0.0.2~b.n~n.svc.cluster.local}
static_resources:
  listeners: [{name: out, address: {socket_address: {address: 0.0.0.0, port_value: 3128}}, filter_chains: [{filters: [${manager('app', '', ', upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]')}]}]}]
  clusters: [{name: app, load_assignment: {cluster_name: app, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 10.1.0.1, port_value: 9080}}}}]}]}}]
`;

const send = (first: string, more: Record<string, string> = {}) =>
  onlyPath(
    traceOf(
      { '/w/first.yaml': first, ...more },
      { start: { listener: 'in' }, connection: { destination: '10.0.0.1:80', source: '10.9.9.9:4000' }, http: GET },
    ),
  );
const sent = (first: string) => hopOf(send(first)).upstream;

describe('a forward proxy', () => {
  test('that metadata of the endpoint names is asked for the host', () => {
    const hop = hopOf(send(proxy(wraps(TLS), { host: `, ${METADATA}` })));
    expect(hop.endpoint?.address).toBe('10.1.0.1:9080');
    expect(hop.upstream).toMatchObject({
      through: '10.0.0.2:3128',
      tunnel: { method: 'CONNECT', authority: 'up.test:9080', version: 'http1' },
      transport: 'tls',
      sni: 'up.test',
      http: { method: 'GET', authority: 'a.test' },
    });
  });

  test('by default is asked where nothing else names one', () => {
    expect(sent(proxy(wraps(TLS, BY_DEFAULT)))).toMatchObject({ through: '10.0.0.3:8080', tunnel: { authority: 'up.test:9080' } });
    expect(sent(proxy(wraps(RAW, BY_DEFAULT), { host: `, ${METADATA}` }))?.through).toBe('10.0.0.2:3128');
    expect(sent(proxy(wraps(RAW)))?.through).toBeUndefined();
  });

  test('by default gets plain bytes as they are, and so does that of metadata beside it', () => {
    for (const more of [{}, { host: `, ${METADATA}` }]) {
      const plain = sent(proxy(wraps(RAW, BY_DEFAULT), more));
      expect(plain).toMatchObject({ through: 'host' in more ? '10.0.0.2:3128' : '10.0.0.3:8080', http: { path: '/' } });
      expect(plain?.tunnel).toBeUndefined();
    }
    expect(sent(proxy(wraps(RAW), { host: `, ${METADATA}` }))?.tunnel?.authority).toBe('up.test:9080');
  });

  test('that filter state names gets a CONNECT before TLS, and else the whole URL', () => {
    const filters = state('a.test,10.0.0.4:3128');
    expect(sent(proxy(wraps(TLS), { filters }))).toMatchObject({ through: '10.0.0.4:3128', tunnel: { authority: 'a.test:443' } });
    const plain = sent(proxy(wraps(RAW), { filters }));
    expect(plain).toMatchObject({ through: '10.0.0.4:3128', http: { path: 'http://a.test/' } });
    expect(plain?.tunnel).toBeUndefined();
    expect(sent(proxy(wraps(RAW), { filters: state('no comma') }))?.through).toBeUndefined();
  });

  test('takes the connection where its file is open, and passes on what is in the tunnel', () => {
    const path = send(proxy(wraps(RAW), { host: `, ${METADATA}` }), { '/w/next.yaml': NEXT });
    expect(path.disposition).toBe('upstream');
    expect(hopOf(path, 1)).toMatchObject({ listener: 'out', terminatesTunnel: true, downstream: { http: { authority: 'up.test:9080' } } });
  });
});
