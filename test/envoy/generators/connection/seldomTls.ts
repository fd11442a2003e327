/** Fields of TLS contexts that other areas leave out: secrets, combined contexts, pins, versions, and what is told of a client's certificate. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { caPath, fingerprintsOf, leafOf, PRINCIPALS } from '../../certificates';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { cluster, connectionManager, httpRequest, listener, once, optional, tcpProxy, TLS_INSPECTOR, typed, virtualHost } from '../parts';

const CA: JsonObject = { trusted_ca: { filename: caPath() } };
const hash = (index: number): Json => [fingerprintsOf(PRINCIPALS[index] ?? '').hash];
const spki = (index: number): Json => [fingerprintsOf(PRINCIPALS[index] ?? '').spki];

const validation: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant(CA),
  fc.constantFrom(0, 1).map((index): JsonObject => ({ ...CA, verify_certificate_hash: hash(index) })),
  fc.constantFrom(0, 1).map((index): JsonObject => ({ ...CA, verify_certificate_spki: spki(index) })),
  fc.constantFrom(0, 1).map((index): JsonObject => ({ verify_certificate_hash: hash(index) })),
  fc.constantFrom(0, 1).map((index): JsonObject => ({
    ...CA,
    verify_certificate_hash: hash(index),
    verify_certificate_spki: spki(1 - index),
  })),
  fc
    .constantFrom('URI')
    .map((san_type): JsonObject => ({ ...CA, match_typed_subject_alt_names: [{ san_type, matcher: { prefix: 'spiffe://lab/ns/a' } }] })),
  fc.constantFrom<JsonObject[]>(
    { ...CA, match_subject_alt_names: [{ exact: PRINCIPALS[0] ?? '' }] },
    { ...CA, max_verify_depth: 2, suppress_client_ca_list: true },
    { ...CA, trust_chain_verification: 'ACCEPT_UNTRUSTED' },
  ),
);

/** The validation context as it may be spelled: in place, as a secret, or both. */
const spelled = fc
  .tuple(validation, validation, fc.constantFrom('inline', 'secret', 'combined', 'none'))
  .map(([one, other, how]): JsonObject => {
    if (how === 'none') return {};
    if (how === 'inline') return { validation_context: one };
    const source = { name: '§validation' };
    if (how === 'secret') return { validation_context_sds_secret_config: source, '§': other };
    return { combined_validation_context: { default_validation_context: one, validation_context_sds_secret_config: source }, '§': other };
  });

const parameters = fc.constantFrom<JsonObject[]>(
  {},
  {},
  { tls_params: { tls_minimum_protocol_version: 'TLSv1_3' } },
  { tls_params: { tls_maximum_protocol_version: 'TLSv1_2' } },
  { tls_params: { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3', ecdh_curves: ['X25519', 'P-256'] } },
  { tls_params: { tls_maximum_protocol_version: 'TLSv1_2', cipher_suites: ['ECDHE-ECDSA-AES128-GCM-SHA256'] } },
);

/** A certificate that stands in the file, so that its names are known. */
function inlineCertificate(name: string): JsonObject {
  const { certificate, key } = leafOf(name);
  return { certificate_chain: { inline_string: certificate }, private_key: { inline_bytes: Buffer.from(key).toString('base64') } };
}

const certificates = fc.constantFrom<JsonObject[]>(
  { tls_certificates: [inlineCertificate('lab.test')] },
  { tls_certificates: [inlineCertificate('spiffe://lab/ns/lab/sa/own')] },
  { tls_certificates: [inlineCertificate('lab.test'), inlineCertificate('other.test')] },
  { tls_certificate_sds_secret_configs: [{ name: '§certificate' }] },
);

const context = fc
  .record({
    spelled,
    parameters,
    certificates,
    alpn: fc.constantFrom<string[][]>([], ['h2', 'http/1.1']),
    more: optional({
      require_client_certificate: fc.boolean(),
      full_scan_certs_on_sni_mismatch: fc.boolean(),
      prefer_client_ciphers: fc.boolean(),
      require_sni: fc.constant(true),
    }),
  })
  .map(({ spelled: { '§': secret, ...own }, parameters: tls, certificates: shown, alpn, more }) => ({
    secret,
    socket: {
      name: 'tls',
      typed_config: typed('transport_sockets.tls.v3.DownstreamTlsContext', {
        common_tls_context: { ...shown, ...tls, ...own, ...(alpn.length > 0 ? { alpn_protocols: alpn } : {}) },
        ...more,
      }),
    },
  }));

const details = optional({
  subject: fc.boolean(),
  cert: fc.boolean(),
  chain: fc.boolean(),
  dns: fc.boolean(),
  uri: fc.boolean(),
});

const manager = fc
  .tuple(fc.constantFrom('SANITIZE_SET', 'APPEND_FORWARD', 'FORWARD_ONLY', 'SANITIZE'), details)
  .map(([forward_client_cert_details, set_current_client_cert_details]): JsonObject => ({
    forward_client_cert_details,
    set_current_client_cert_details,
  }));

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    sni: fc.constantFrom('', 'a.test', 'lab.test', 'other.test'),
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http1', 'http2'),
    principal: fc.constantFrom('', ...PRINCIPALS),
    headers: fc.subarray<[string, string]>([['x-forwarded-client-cert', 'By=spiffe://x;URI=spiffe://y']]),
  })
  .map(({ sni, version, principal, headers }) =>
    httpRequest(
      { version, headers },
      {
        transport: 'tls',
        ...(sni === '' ? {} : { sni }),
        ...(version === 'http2' ? { alpn: ['h2'] } : {}),
        ...(principal === '' ? {} : { peerPrincipals: [principal] }),
      },
    ),
  );

const ADDED: Json = ['%DOWNSTREAM_PEER_URI_SAN%', '%DOWNSTREAM_LOCAL_URI_SAN%', '%DOWNSTREAM_LOCAL_DNS_SAN%'].map(
  (value, index): JsonObject => ({ header: { key: `x-told-${index}`, value } }),
);

export const seldomTls: fc.Arbitrary<LabCase> = fc
  .record({
    first: context,
    second: context,
    manager,
    tcp: fc.constantFrom(false, false, true),
    requests: fc.array(client, { minLength: 3, maxLength: 7 }),
  })
  .map(({ first, second, manager: fields, tcp, requests }) => {
    const routes = {
      virtual_hosts: [virtualHost('v', ['*'], [{ match: { prefix: '/' }, route: { cluster: '§c1' } }])],
      request_headers_to_add: ADDED,
    };
    const chains: JsonObject[] = [
      {
        name: 'named',
        filter_chain_match: { server_names: ['a.test'] },
        transport_socket: first.socket,
        filters: [tcp ? tcpProxy({ cluster: '§c1' }) : connectionManager(routes, [], fields)],
      },
      { name: 'any', transport_socket: second.socket, filters: [connectionManager(routes, [], fields)] },
    ];
    const context_ = first.secret ?? second.secret;
    const secrets: JsonObject[] = [
      { name: '§certificate', tls_certificate: inlineCertificate('lab.test') },
      ...(context_ === undefined ? [] : [{ name: '§validation', validation_context: context_ }]),
    ];
    // What a certificate's hash is no request tells.
    const isPinned = JSON.stringify([chains, secrets]).includes('"verify_certificate_');
    return {
      area: 'seldom_tls',
      listeners: [listener('l', chains, { listener_filters: [TLS_INSPECTOR] })],
      clusters: [cluster(1)],
      secrets,
      requests: once(isPinned ? requests.map(withoutPeer) : requests),
    };
  });

function withoutPeer({ connection: { peerPrincipals: _, ...connection }, ...request }: TraceRequest): TraceRequest {
  return { ...request, connection };
}
