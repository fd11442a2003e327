import { describe, expect, test } from 'vitest';
import type { RequestHttp, TraceUpstream } from '../../../../server/src/protocol/trace';
import { traceOf } from '../support/traceOf';

const HCM = 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const ROUTER = 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router';
const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext';
const HTTP = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

const tls = (context: object): object => ({ name: 'tls', typed_config: { '@type': TLS, ...context } });
const options = (more: object): object => ({
  typed_extension_protocol_options: { [HTTP]: { '@type': `type.googleapis.com/${HTTP}`, ...more } },
});
const matches = [
  {
    name: 'mesh',
    match: { tlsMode: 'istio' },
    transport_socket: tls({ sni: 'mesh.sni', common_tls_context: { alpn_protocols: ['istio'] } }),
  },
  {
    name: 'plain',
    match: {},
    transport_socket: {
      name: 'raw',
      typed_config: { '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer' },
    },
  },
];

function upstream(
  cluster: object,
  { metadata, manager: settings, ...http }: Partial<RequestHttp> & { metadata?: object; manager?: object } = {},
): TraceUpstream | undefined {
  const endpoint = {
    endpoint: { hostname: 'host.test', address: { socket_address: { address: '10.1.0.1', port_value: 443 } } },
    ...(metadata && { metadata: { filter_metadata: metadata } }),
  };
  const manager = {
    '@type': HCM,
    stat_prefix: 'h',
    upgrade_configs: [{ upgrade_type: 'websocket' }],
    route_config: { virtual_hosts: [{ name: 'v', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'c' } }] }] },
    http_filters: [{ name: 'router', typed_config: { '@type': ROUTER } }],
    ...settings,
  };
  const listener = {
    name: 'l',
    address: { socket_address: { address: '0.0.0.0', port_value: 8080 } },
    filter_chains: [{ filters: [{ name: 'h', typed_config: manager }] }],
  };
  const node = { id: 'sidecar~10.9.0.1~a.default~default.svc.cluster.local', metadata: { SERVICE_ACCOUNT: 'web' } };
  const config = JSON.stringify({
    node,
    static_resources: {
      listeners: [listener],
      clusters: [{ name: 'c', load_assignment: { endpoints: [{ lb_endpoints: [endpoint] }] }, ...cluster }],
    },
  });
  const request = {
    version: 'http1' as const,
    method: 'GET',
    scheme: 'http' as const,
    authority: 'a.test:8080',
    path: '/',
    headers: [],
    ...http,
  };
  return traceOf(config, { connection: { destination: '10.9.0.1:8080' }, http: request }).paths[0]?.hops[0]?.upstream;
}

describe('TLS of which the file has lost a part', () => {
  test.each([
    ['all is told', { sni: 's.test', common_tls_context: { alpn_protocols: ['h2'] } }, undefined],
    ['its protocols', { sni: 's.test', common_tls_context: { alpn_protocols: ['[redacted]'] } }, ['alpn']],
    ['its name', { sni: '[redacted]', common_tls_context: { alpn_protocols: ['h2'] } }, ['sni']],
    ['a name that auto_sni overwrites', { sni: '[redacted]', auto_host_sni: true, common_tls_context: {} }, undefined],
  ])('%s', (_, context, unknown) => {
    expect(upstream({ transport_socket: tls(context) })?.unknown).toEqual(unknown);
  });
});

describe('what is sent to a host', () => {
  test('plain bytes, HTTP/1.1, from the proxy’s own address', () => {
    expect(upstream({})).toMatchObject({
      transport: 'raw_buffer',
      destination: '10.1.0.1:443',
      source: '10.9.0.1',
      http: { version: 'http1' },
    });
  });

  test.each<[string, object, object]>([
    ['HTTP/2 by options', options({ explicit_http_config: { http2_protocol_options: {} } }), { http: { version: 'http2' } }],
    ['HTTP/2 of old clusters', { http2_protocol_options: {} }, { http: { version: 'http2' } }],
    ['the client’s version', options({ use_downstream_protocol_config: {} }), { http: { version: 'http1' } }],
    ['a bound source', { upstream_bind_config: { source_address: { address: '127.0.0.6', port_value: 0 } } }, { source: '127.0.0.6' }],
    [
      'ALPN follows the HTTP version',
      { transport_socket: tls({ sni: 's.test' }) },
      { transport: 'tls', sni: 's.test', alpn: ['http/1.1'] },
    ],
    [
      'the context’s own ALPN wins',
      { transport_socket: tls({ common_tls_context: { alpn_protocols: ['istio', 'h2'] } }) },
      { alpn: ['istio', 'h2'] },
    ],
    [
      'auto_sni',
      {
        transport_socket: tls({ sni: 's.test' }),
        ...options({ explicit_http_config: { http_protocol_options: {} }, upstream_http_protocol_options: { auto_sni: true } }),
      },
      { sni: 'a.test' },
    ],
    ['auto_host_sni', { transport_socket: tls({ sni: 's.test', auto_host_sni: true }) }, { sni: 'host.test' }],
    [
      'our identity by service account, and whom we expect',
      {
        transport_socket: tls({
          common_tls_context: {
            tls_certificate_sds_secret_configs: [{ name: 'default' }],
            combined_validation_context: {
              default_validation_context: { match_typed_subject_alt_names: [{ san_type: 'URI', matcher: { prefix: 'spiffe://td/' } }] },
            },
          },
        }),
      },
      { principals: ['spiffe://cluster.local/ns/default/sa/web'], expectedPeers: ['spiffe://td/*'] },
    ],
  ])('%s', (_, cluster, expected) => {
    expect(upstream(cluster)).toMatchObject(expected);
  });

  test('an upgrade is an extended CONNECT on HTTP/2', () => {
    const http2 = options({ explicit_http_config: { http2_protocol_options: {} } });
    const websocket: Partial<RequestHttp> = {
      headers: [
        ['connection', 'Upgrade'],
        ['upgrade', 'websocket'],
        ['x-a', '1'],
      ],
    };
    const sent = upstream(http2, websocket)?.http;
    expect(sent).toMatchObject({ version: 'http2', method: 'CONNECT', path: '/' });
    expect(sent?.headers.slice(0, 2)).toEqual([
      [':protocol', 'websocket'],
      ['x-a', '1'],
    ]);
    expect(upstream({}, websocket)?.http?.method).toBe('GET');
    expect(upstream({}, websocket)?.http?.headers).toContainEqual(['upgrade', 'websocket']);
  });

  test('auto_sni leaves an IP alone', () => {
    const cluster = {
      transport_socket: tls({ sni: 's.test' }),
      ...options({ explicit_http_config: { http_protocol_options: {} }, upstream_http_protocol_options: { auto_sni: true } }),
    };
    expect(upstream(cluster, { authority: '10.0.0.7:80' })?.sni).toBe('s.test');
  });

  test('transport_socket_matches by endpoint metadata; {} takes the rest', () => {
    expect(
      upstream({ transport_socket_matches: matches }, { metadata: { 'envoy.transport_socket_match': { tlsMode: 'istio' } } }),
    ).toMatchObject({ transport: 'tls', sni: 'mesh.sni' });
    expect(upstream({ transport_socket_matches: matches })?.transport).toBe('raw_buffer');
    expect(upstream({ transport_socket_matches: matches.slice(0, 1), transport_socket: tls({ sni: 'own.sni' }) })?.sni).toBe('own.sni');
  });

  test('wrappers are opened', () => {
    const tap = {
      name: 'tap',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tap.v3.Tap',
        transport_socket: tls({ sni: 'in.tap' }),
      },
    };
    expect(upstream({ transport_socket: tap })).toMatchObject({ transport: 'tls', sni: 'in.tap' });
  });
});

test.each([
  ['TLS', { transport_socket: tls({ sni: 's.test' }) }, 'https'],
  ['plain bytes', {}, 'http'],
])('match_upstream gives the scheme of the host: %s', (_, cluster, scheme) => {
  // HTTP/1 in full tells the scheme.
  const inFull = { http_protocol_options: { send_fully_qualified_url: true } };
  const manager = { scheme_header_transformation: { match_upstream: true } };
  expect(upstream({ ...cluster, ...inFull }, { manager })?.http?.path).toBe(`${scheme}://a.test:8080/`);
  expect(upstream({ ...cluster, ...inFull })?.http?.path).toBe('http://a.test:8080/');
});
