/** Which server name and which protocols a cluster's TLS says, and which transport socket an endpoint gets (Envoy: source/common/upstream/transport_socket_match_impl.cc). */
import { describe, expect, test } from 'vitest';
import { any, filter, filterPath } from '../httpFilters/filterTrace';
import { hopOf } from '../support/traceOf';

type Fields = Readonly<Record<string, unknown>>;

const CONTEXT = 'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext';
const OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const tls = (fields: Fields = {}): Fields => ({ name: 'tls', typed_config: any(CONTEXT, fields) });
const state = (...pairs: [string, string][]): Fields =>
  filter('s', 'set_filter_state.v3.Config', {
    on_request_headers: pairs.map(([object_key, inline_string]) => ({
      object_key,
      format_string: { text_format_source: { inline_string } },
    })),
  });
const SNI = 'envoy.network.upstream_server_name';
const ALPN = 'envoy.network.application_protocols';
const automatic = (more: Fields = {}): Fields => ({
  typed_extension_protocol_options: {
    [OPTIONS]: any(OPTIONS, {
      explicit_http_config: { http_protocol_options: {} },
      upstream_http_protocol_options: { auto_sni: true, ...more },
    }),
  },
});

/** What the host hears: its SNI and ALPN. */
function said(cluster: Fields, filters: Fields[] = [], call: Parameters<typeof filterPath>[1] = {}, endpoint: Fields = {}): string {
  const host = { endpoint: { address: { socket_address: { address: '10.0.0.9', port_value: 443 } }, hostname: 'host.test' }, ...endpoint };
  const own = { name: 'c', load_assignment: { cluster_name: 'c', endpoints: [{ lb_endpoints: [host] }] }, ...cluster };
  const { upstream } = hopOf(filterPath({ filters, clusters: [own], routes: [{ match: { prefix: '/' }, route: { cluster: 'c' } }] }, call));
  return upstream?.transport === 'tls' ? `${upstream.sni ?? ''} ${(upstream.alpn ?? []).join(',')}`.trim() : (upstream?.transport ?? '');
}

describe('the server name', () => {
  const context = { transport_socket: tls({ sni: 'literal.test' }) };
  test.each<[string, Fields, Fields[], Fields, string]>([
    ['is the literal one', context, [], {}, 'literal.test'],
    ['is that of filter state before', context, [state([SNI, 'state.test'])], {}, 'state.test'],
    ['is the host of the request', { ...context, ...automatic() }, [], { authority: 'a.test:443' }, 'a.test'],
    ['is not an address', { ...context, ...automatic() }, [], { authority: '10.1.1.1' }, 'literal.test'],
    ['is that of another header', { ...context, ...automatic({ override_auto_sni_header: 'x-sni' }) }, [], { headers: { 'x-sni': 'header.test' } }, 'header.test'], // prettier-ignore
    ['is the endpoint’s', { transport_socket: tls({ sni: 'literal.test', auto_host_sni: true }) }, [], {}, 'host.test'],
  ])('%s', (...[, cluster, filters, call, expected]) => {
    expect(said(cluster, filters, call).split(' ')[0]).toBe(expected);
  });
});

test.each<[string, Fields, Fields[], string]>([
  ['are those of the context', { alpn_protocols: ['h2', 'x'] }, [], 'h2,x'],
  ['are those of filter state before', { alpn_protocols: ['h2'] }, [state([ALPN, 'istio,h2'])], 'istio,h2'],
  ['are those of the HTTP version else', {}, [], 'http/1.1'],
])('the protocols %s', (_, common_tls_context, filters, expected) => {
  expect(said({ transport_socket: tls({ sni: 's', common_tls_context }) }, filters)).toBe(`s ${expected}`);
});

describe('the transport socket', () => {
  const labels = (tlsMode: string): Fields => ({ metadata: { filter_metadata: { 'envoy.transport_socket_match': { tlsMode } } } });
  const matches = [
    { name: 'istio', match: { tlsMode: 'istio' }, transport_socket: tls({ sni: 'istio' }) },
    { name: 'off', match: { tlsMode: 'disabled' } },
  ];
  const rest = { name: 'rest', match: {}, transport_socket: tls({ sni: 'rest' }) };
  const own = { transport_socket: tls({ sni: 'own' }) };
  test.each<[string, Fields[], Fields, string]>([
    ['is the first that fits the endpoint', matches, labels('istio'), 'istio'],
    ['is a raw buffer where the match names none', matches, labels('disabled'), 'raw_buffer'],
    ['is the cluster’s where none fits', matches, labels('other'), 'own'],
    ['is the cluster’s for an endpoint without metadata', matches, {}, 'own'],
    ['is that of an empty match, which fits all', [...matches, rest], {}, 'rest'],
  ])('%s', (...[, transport_socket_matches, endpoint, expected]) => {
    expect(said({ ...own, transport_socket_matches }, [], {}, endpoint).split(' ')[0]).toBe(expected);
  });
});
