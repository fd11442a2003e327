/** TLS on both sides: contexts, client certificates, ALPN, SNI, and which transport socket an endpoint gets. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { caPath, certificateOf, PRINCIPALS } from '../../certificates';
import type { Json, JsonObject, LabCase } from '../../labCase';
import {
  cluster,
  connectionManager,
  endpoint,
  httpRequest,
  listener,
  once,
  optional,
  stringMatcher,
  tcpProxy,
  TLS_INSPECTOR,
  typed,
  virtualHost,
} from '../parts';

const validation = fc
  .record({
    matcher: fc.option(stringMatcher(['spiffe://lab/ns/a', 'spiffe://lab', 'other']), { nil: undefined }),
    trusts: fc.constantFrom(true, true, true, false),
    untrusted: fc.constantFrom(false, false, true),
  })
  .map(({ matcher, trusts, untrusted }): JsonObject => ({
    // Names without a CA are refused at load.
    ...(trusts || matcher ? { trusted_ca: { filename: caPath() } } : {}),
    ...(matcher ? { match_typed_subject_alt_names: [{ san_type: 'URI', matcher }] } : {}),
    ...(untrusted ? { trust_chain_verification: 'ACCEPT_UNTRUSTED' } : {}),
  }));

const downstream = fc
  .record({
    alpn: fc.constantFrom<string[][]>([], ['h2', 'http/1.1'], ['http/1.1'], ['h2']),
    require: fc.boolean(),
    validates: fc.boolean(),
    validation,
  })
  .map(({ alpn, require, validates, validation: context }): JsonObject => {
    const common = {
      tls_certificates: [certificateOf('lab.test')],
      ...(alpn.length > 0 ? { alpn_protocols: alpn } : {}),
      ...(validates ? { validation_context: context } : {}),
    };
    return {
      name: 'tls',
      typed_config: typed('transport_sockets.tls.v3.DownstreamTlsContext', {
        common_tls_context: common,
        ...(require ? { require_client_certificate: true } : {}),
      }),
    };
  });

const upstream = optional({
  sni: fc.constantFrom('up.test', 'Up.Test'),
  alpn: fc.constantFrom(['h2'], ['http/1.1'], ['istio', 'foo']),
}).map(upstreamTls);

function upstreamTls({ sni, alpn }: JsonObject): JsonObject {
  const common: JsonObject = alpn === undefined ? {} : { alpn_protocols: alpn };
  return {
    name: 'tls',
    typed_config: typed('transport_sockets.tls.v3.UpstreamTlsContext', {
      ...(sni === undefined ? {} : { sni }),
      common_tls_context: common,
    }),
  };
}

const clusterFields = fc.oneof(
  fc.constant<JsonObject>({}),
  upstream.map((transport_socket): JsonObject => ({ transport_socket })),
  fc.tuple(upstream, upstream).map(([one, other]): JsonObject => ({
    transport_socket_matches: [
      { name: 'one', match: { tls: 'yes' }, transport_socket: one },
      {
        name: 'other',
        match: { tls: 'no' },
        transport_socket: { name: 'raw', typed_config: typed('transport_sockets.raw_buffer.v3.RawBuffer') },
      },
      { name: 'rest', match: {}, transport_socket: other },
    ],
  })),
);

const hostMetadata = fc.constantFrom<JsonObject[]>({}, { tls: 'yes' }, { tls: 'no' }, { tls: 'maybe' });

const tlsClient: fc.Arbitrary<TraceRequest> = fc
  .record({
    sni: fc.constantFrom('', 'a.test', 'b.test', 'lab.test'),
    speaks: fc.constantFrom<[version: 'http1' | 'http2', alpn: string[]][]>(
      ['http1', []],
      ['http2', ['h2']],
      ['http1', ['http/1.1']],
      ['http2', []],
    ),
    principal: fc.constantFrom('', ...PRINCIPALS),
    encrypted: fc.constantFrom(true, true, true, false),
  })
  .map(({ sni, speaks: [version, alpn], principal, encrypted }) => {
    const shown = {
      ...(sni === '' ? {} : { sni }),
      ...(alpn.length > 0 ? { alpn } : {}),
      ...(principal === '' ? {} : { peerPrincipals: [principal] }),
    };
    return httpRequest({ version }, encrypted ? { transport: 'tls', ...shown } : {});
  });

const ADDED: Json = [
  { header: { key: 'x-peer', value: '%DOWNSTREAM_PEER_URI_SAN%' } },
  { header: { key: 'x-sni', value: '%REQUESTED_SERVER_NAME%' } },
];

export const tlsTransport: fc.Arbitrary<LabCase> = fc
  .record({
    first: downstream,
    second: downstream,
    fields: clusterFields,
    metadata: hostMetadata,
    kinds: fc.tuple(fc.boolean(), fc.boolean()),
    inspects: fc.constantFrom(true, true, false),
    requests: fc.array(tlsClient, { minLength: 3, maxLength: 8 }),
  })
  .map(({ first, second, fields, metadata, kinds, inspects, requests }) => {
    const routes = {
      virtual_hosts: [virtualHost('v', ['*'], [{ match: { prefix: '/' }, route: { cluster: '§c1' } }])],
      request_headers_to_add: ADDED,
    };
    const filters = (http: boolean): JsonObject[] => [http ? connectionManager(routes) : tcpProxy({ cluster: '§c1' })];
    const chains: JsonObject[] = [
      { name: 'named', filter_chain_match: { server_names: ['a.test'] }, transport_socket: first, filters: filters(kinds[0]) },
      { name: 'any', transport_socket: second, filters: filters(kinds[1]) },
    ];
    const host = endpoint('10.200.0.1', 9080, { metadata: { filter_metadata: { 'envoy.transport_socket_match': metadata } } });
    return {
      area: 'tls_transport',
      listeners: [listener('l', inspects ? chains : chains.slice(1), { listener_filters: inspects ? [TLS_INSPECTOR] : [] })],
      clusters: [cluster(1, { endpoints: [{ lb_endpoints: [host] }], fields })],
      requests: once(requests),
    };
  });
