/** x-forwarded-client-cert, as Envoy 1.40 forwards it when a matcher decides. */
import { expect, test } from 'vitest';
import { any } from '../httpFilters/filterTrace';
import { world } from '../missing/missingCase';
import { GET, hopOf, onlyPath, traceOf } from '../support/traceOf';

const XFCC = 'x-forwarded-client-cert';
const MANAGER = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const forward = (forward_client_cert_details: string): object => ({
  action: { name: 'a', typed_config: any(`${MANAGER}.ForwardClientCertConfig`, { forward_client_cert_details }) },
});
const input = { name: 'i', typed_config: any('envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: 'x-mode' }) };
const map = {
  clean: forward('SANITIZE'),
  keep: forward('FORWARD_ONLY'),
  always: forward('ALWAYS_FORWARD_ONLY'),
  write: forward('SANITIZE_SET'),
};
const context = {
  common_tls_context: {
    tls_certificates: [{ certificate_chain: { filename: '/c' }, private_key: { filename: '/k' } }],
    validation_context: { trusted_ca: { filename: '/ca' } },
  },
};

function forwarded(mode: string, principals: string[], more: object = {}): string | undefined {
  const manager = { forward_client_cert_matcher: { matcher_tree: { input, exact_match_map: { map } } }, ...more };
  const typed = any('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', context);
  const files = world({ manager, chain: { transport_socket: { name: 'tls', typed_config: typed } } });
  const headers: [string, string][] = [
    ['x-mode', mode],
    [XFCC, 'By=me'],
  ];
  const connection = { destination: '10.0.0.1:80', source: '10.9.9.9:40000', transport: 'tls' as const, peerPrincipals: principals };
  const { upstream } = hopOf(onlyPath(traceOf({ ...files }, { connection, http: { ...GET, scheme: 'https', headers } })));
  return upstream?.http?.headers.find(([name]) => name === XFCC)?.[1];
}

test('forward_client_cert_matcher decides, and the fields of the manager where it takes no action', () => {
  const client = ['spiffe://a/client'];
  expect(['clean', 'keep', 'always', 'write', 'other'].map((mode) => forwarded(mode, client))).toEqual([
    undefined,
    'By=me',
    'By=me',
    '?',
    undefined,
  ]);
  expect(['keep', 'always'].map((mode) => forwarded(mode, []))).toEqual([undefined, 'By=me']);
  expect(forwarded('other', client, { forward_client_cert_details: 'FORWARD_ONLY' })).toBe('By=me');
  // Nobody knows what a dump keeps back.
  expect(forwarded('other', client, { forward_client_cert_details: '[redacted]' })).toBe('?');
  // Observed with Envoy 1.40: an action that keeps on matching is lost.
  const kept = { matcher_tree: { input, exact_match_map: { map: { clean: { ...map.clean, keep_matching: true } } } } };
  expect(forwarded('clean', client, { forward_client_cert_matcher: kept, forward_client_cert_details: 'FORWARD_ONLY' })).toBe('By=me');
});
