/** Which codec reads a TLS client's bytes: the connection manager believes ALPN before the bytes (Envoy: conn_manager_utility.cc determineNextProtocol). */
import { describe, expect, test } from 'vitest';
import { GET, hopOf, onlyPath, traceOf } from '../support/traceOf';
import { twoProxies } from '../support/twoProxies';

const OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** A client proxy whose cluster speaks `version` and offers `alpn`; the server proxy prefers h2. */
const proxies = (version: string, alpn: string): Record<string, string> =>
  twoProxies({
    upstreamTls: `common_tls_context: {alpn_protocols: [${alpn}]}`,
    downstreamTls: 'common_tls_context: {alpn_protocols: [h2, http/1.1]}',
    cluster: `typed_extension_protocol_options: {${OPTIONS}: {'@type': type.googleapis.com/${OPTIONS}, ${version}}}`,
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

test('a socket that waits for STARTTLS names no HTTP/2: its bytes are read as HTTP/1', () => {
  const socket = '{name: s, typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.starttls.v3.StartTlsConfig}}';
  const manager = `{"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,
    stat_prefix: h, route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200}}]}]},
    http_filters: [{name: r, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}`;
  const yaml = `static_resources: {listeners: [{name: l, address: {socket_address: {address: 0.0.0.0, port_value: 80}},
    filter_chains: [{transport_socket: ${socket}, filters: [{name: h, typed_config: ${manager}}]}]}]}`;
  const fate = (version: 'http1' | 'http2') =>
    onlyPath(traceOf({ '/w/e.yaml': yaml }, { connection: { destination: '10.0.0.1:80' }, http: { ...GET, version } })).disposition;
  expect([fate('http1'), fate('http2')]).toEqual(['direct_response', 'protocol_error']);
});
