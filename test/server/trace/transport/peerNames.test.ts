/** The request tells all names of the client's certificate: what asks for them is decided (each line as Envoy 1.40 did it). */
import { describe, expect, test } from 'vitest';
import type { PeerNames } from '../../../../server/src/protocol/trace';
import { any, filter } from '../httpFilters/filterTrace';
import { world, type Fields } from '../missing/missingCase';
import { GET, onlyPath, traceOf } from '../support/traceOf';

const names: PeerNames = { dns: ['web.test'], emails: ['ops@web.test'], subject: 'CN=web,O=Shop' };

function path(
  http: readonly Fields[],
  { peerNames = names, validation = {}, route = {} }: { peerNames?: PeerNames; validation?: Fields; route?: Fields } = {},
) {
  const typed = any('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
    common_tls_context: { validation_context: { trusted_ca: { filename: '/ca' }, ...validation } },
  });
  const files = world({ http, routeConfiguration: route, chain: { transport_socket: { name: 'tls', typed_config: typed } } });
  const connection = { destination: '10.0.0.1:80', source: '10.9.9.9:40000', peerPrincipals: ['spiffe://a/web'], peerNames };
  return onlyPath(traceOf({ ...files }, { connection, http: GET }));
}

const allows = (principal: Fields): Fields =>
  filter('r', 'rbac.v3.RBAC', { rules: { policies: { p: { permissions: [{ any: true }], principals: [principal] } } } });
const named = (exact: string): Fields => allows({ authenticated: { principal_name: { exact } } });
const alternative = (san_type: string, exact: string): Fields =>
  allows({
    custom: {
      name: 'm',
      typed_config: any('envoy.extensions.rbac.principals.mtls_authenticated.v3.Config', { san_matcher: { san_type, matcher: { exact } } }),
    },
  });

describe('names of the client’s certificate', () => {
  test.each<[Fields, string]>([
    [named('web.test'), 'upstream'],
    [named('CN=web,O=Shop'), 'upstream'],
    [named('ops@web.test'), 'denied'],
    [alternative('DNS', 'web.test'), 'upstream'],
    [alternative('EMAIL', 'ops@web.test'), 'upstream'],
    [alternative('DNS', 'other.test'), 'denied'],
    [alternative('URI', 'spiffe://a/web'), 'upstream'],
  ])('%j: %s', (rbac, expected) => {
    expect(path([rbac]).disposition).toBe(expected);
  });

  test('the chain compares them', () => {
    const validation = { match_typed_subject_alt_names: [{ san_type: 'DNS', matcher: { exact: 'web.test' } }] };
    expect(path([], { validation }).disposition).toBe('upstream');
    expect(path([], { validation, peerNames: {} }).disposition).toBe('tls_error');
  });

  test('formats, CEL and scripts read them', () => {
    const script =
      "function envoy_on_request(h) h:headers():add('l', h:streamInfo():downstreamSslConnection():subjectPeerCertificate()) end";
    const formats = ['%DOWNSTREAM_PEER_SUBJECT%', '%CEL(connection.dns_san_peer_certificate)%'];
    const route = { request_headers_to_add: formats.map((value, index) => ({ header: { key: `h${index}`, value } })) };
    const { hops } = path([filter('l', 'lua.v3.Lua', { default_source_code: { inline_string: script } })], { route });
    const headers = new Map(hops[0]?.upstream?.http?.headers);
    expect(['l', 'h0', 'h1'].map((name) => headers.get(name))).toEqual(['CN=web,O=Shop', 'CN=web,O=Shop', 'web.test']);
  });
});
