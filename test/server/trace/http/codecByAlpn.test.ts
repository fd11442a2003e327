/** Which codec reads a TLS client's bytes: the connection manager believes ALPN before the bytes (Envoy: conn_manager_utility.cc determineNextProtocol). */
import { describe, expect, test } from 'vitest';
import { GET, hopOf, onlyPath, traceOf } from '../support/traceOf';

const TYPE = 'type.googleapis.com/envoy.extensions';
const SOCKET = `${TYPE}.transport_sockets.tls.v3`;
const OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

const manager = (cluster: string): string =>
  `{name: h, typed_config: {'@type': ${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: h, http_filters: [{name: r, typed_config: {'@type': ${TYPE}.filters.http.router.v3.Router}}], route_config: {name: r, virtual_hosts: [{name: v, domains: ['*'], routes: [{match: {prefix: /}, route: {cluster: ${cluster}}}]}]}}}`;

/** A client proxy whose cluster speaks \`version\` and offers \`alpn\`; the server proxy prefers h2. */
const proxies = (version: string, alpn: string): Record<string, string> => ({
  '/w/client.yaml': `
node: {id: sidecar~10.0.0.1~a.n~n.svc.cluster.local}
static_resources:
  listeners: [{name: in, address: {socket_address: {address: 0.0.0.0, port_value: 80}}, filter_chains: [{filters: [${manager('server')}]}]}]
  clusters:
  - name: server
    load_assignment: {cluster_name: server, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 10.0.0.2, port_value: 443}}}}]}]}
    transport_socket: {name: tls, typed_config: {'@type': ${SOCKET}.UpstreamTlsContext, common_tls_context: {alpn_protocols: [${alpn}]}}}
    typed_extension_protocol_options: {${OPTIONS}: {'@type': type.googleapis.com/${OPTIONS}, ${version}}}
`,
  '/w/server.yaml': `
node: {id: router~10.0.0.2~b.n~n.svc.cluster.local}
static_resources:
  listeners:
  - name: out
    address: {socket_address: {address: 0.0.0.0, port_value: 443}}
    filter_chains: [{transport_socket: {name: tls, typed_config: {'@type': ${SOCKET}.DownstreamTlsContext, common_tls_context: {alpn_protocols: [h2, http/1.1]}}}, filters: [${manager('app')}]}]
  clusters: [{name: app, load_assignment: {cluster_name: app, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 10.1.0.1, port_value: 80}}}}]}]}}]
`,
});

const HTTP2 = 'explicit_http_config: {http2_protocol_options: {}}';
const send = (version: string, alpn: string) =>
  onlyPath(traceOf(proxies(version, alpn), { connection: { destination: '10.0.0.1:80', source: '10.9.9.9' }, http: GET }));

describe('a cluster with an explicit version, and what ALPN agrees on', () => {
  test('HTTP/2 after `http/1.1` was agreed on is refused, and the client gets a 502', () => {
    const path = send(HTTP2, 'istio, http/1.1');
    expect(path.disposition).toBe('protocol_error');
    expect(path.response).toMatchObject({ code: 502, flags: ['DPE'], details: 'http1.codec_error' });
    expect(hopOf(path, 1).protocol).toBe('http1');
  });

  test('HTTP/2 is read where h2, or nothing, was agreed on', () => {
    for (const alpn of ['h2, http/1.1', 'istio']) {
      const path = send(HTTP2, alpn);
      expect(path.disposition, alpn).toBe('upstream');
      expect(hopOf(path, 1).protocol, alpn).toBe('http2');
    }
  });

  test('a negotiating cluster speaks what was agreed on', () => {
    expect(hopOf(send('auto_config: {}', 'h2, http/1.1'), 1).protocol).toBe('http2');
  });
});
