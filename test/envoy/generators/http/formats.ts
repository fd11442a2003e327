/** Every `%COMMAND%` that Envoy 1.40 knows, where headers are made of them: on the way up, on the way back, and in answers of Envoy's own. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { caPath, certificateOf, PRINCIPALS } from '../../certificates';
import type { Json, JsonObject, LabCase } from '../../labCase';
import {
  clusters,
  endpoint,
  extension,
  httpChain,
  httpRequest,
  listener,
  once,
  optional,
  TLS_INSPECTOR,
  typed,
  virtualHost,
} from '../parts';

const NAMES = [
  'REQ(x)',
  'REQ(:path):3',
  'REQ(none?y)',
  'REQ(x?y):2',
  'REQ(:method)',
  'REQ(:scheme)',
  'REQUEST_HEADER(x)',
  'REQ(x-envoy-original-path?:path)',
  'RESP(x-lab)',
  'RESP(none?x-lab)',
  'RESPONSE_HEADER(x-lab)',
  'TRAILER(x)',
  'PATH',
  'PATH(NQ)',
  'PATH(WQ)',
  'PATH(NQ:ORIG)',
  'PATH(WQ:PATH)',
  'PATH(NQ:ORIG_OR_PATH)',
  'PATH(WQ:ORIG_OR_PATH)',
  'QUERY_PARAM(x)',
  'QUERY_PARAM(y):1',
  'QUERY_PARAM(none)',
  'QUERY_PARAMS(ORIG)',
  'QUERY_PARAMS(DECODED)',
  'QUERY_PARAMS',
  'PROTOCOL',
  'UPSTREAM_PROTOCOL',
  'RESPONSE_CODE',
  'RESPONSE_CODE_DETAILS',
  'RESPONSE_FLAGS',
  'RESPONSE_FLAGS_LONG',
  'CONNECTION_TERMINATION_DETAILS',
  'BYTES_RECEIVED',
  'BYTES_SENT',
  'UPSTREAM_REQUEST_ATTEMPT_COUNT',
  'UPSTREAM_CLUSTER',
  'UPSTREAM_CLUSTER_RAW',
  'UPSTREAM_HOST',
  'UPSTREAM_HOST_NAME',
  'UPSTREAM_HOST_NAME_WITHOUT_PORT',
  'UPSTREAM_REMOTE_ADDRESS',
  'UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT',
  'UPSTREAM_REMOTE_PORT',
  'UPSTREAM_TRANSPORT_FAILURE_REASON',
  'UPSTREAM_TLS_VERSION',
  'UPSTREAM_PEER_SUBJECT',
  'UPSTREAM_METADATA(lab:k)',
  'UPSTREAM_METADATA(lab:none)',
  'UPSTREAM_HOSTS_ATTEMPTED',
  'UPSTREAM_SERVER_NAME',
  'DOWNSTREAM_REMOTE_ADDRESS',
  'DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT',
  'DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(16)',
  'DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT',
  'DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT(24)',
  'DOWNSTREAM_LOCAL_ADDRESS',
  'DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT',
  'DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT(8)',
  'DOWNSTREAM_LOCAL_PORT',
  'DOWNSTREAM_DIRECT_LOCAL_ADDRESS',
  'DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT',
  'DOWNSTREAM_DIRECT_LOCAL_PORT',
  'DOWNSTREAM_LOCAL_ADDRESS_ENDPOINT_ID',
  'DOWNSTREAM_LOCAL_URI_SAN',
  'DOWNSTREAM_LOCAL_DNS_SAN',
  'DOWNSTREAM_LOCAL_EMAIL_SAN',
  'DOWNSTREAM_LOCAL_IP_SAN',
  'DOWNSTREAM_LOCAL_SUBJECT',
  'DOWNSTREAM_PEER_URI_SAN',
  'DOWNSTREAM_PEER_DNS_SAN',
  'DOWNSTREAM_PEER_IP_SAN',
  'DOWNSTREAM_PEER_EMAIL_SAN',
  'DOWNSTREAM_PEER_SUBJECT',
  'DOWNSTREAM_PEER_ISSUER',
  'DOWNSTREAM_TLS_VERSION',
  'DOWNSTREAM_TRANSPORT_FAILURE_REASON',
  'DOWNSTREAM_LOCAL_CLOSE_REASON',
  'REQUESTED_SERVER_NAME',
  'REQUESTED_SERVER_NAME(SNI_ONLY:ORIG)',
  'REQUESTED_SERVER_NAME(SNI_FIRST)',
  'REQUESTED_SERVER_NAME(SNI_FIRST:ORIG)',
  'REQUESTED_SERVER_NAME(HOST_FIRST)',
  'REQUESTED_SERVER_NAME(HOST_FIRST:ORIG)',
  'TLS_JA3_FINGERPRINT',
  'DYNAMIC_METADATA(lab:k)',
  'DYNAMIC_METADATA(lab:deep:one)',
  'DYNAMIC_METADATA(lab:deep)',
  'DYNAMIC_METADATA(lab:list)',
  'DYNAMIC_METADATA(lab:number)',
  'DYNAMIC_METADATA(lab:yes)',
  'DYNAMIC_METADATA(lab):5',
  'DYNAMIC_METADATA(none)',
  'CLUSTER_METADATA(lab:k)',
  'METADATA(ROUTE:lab:k)',
  'METADATA(CLUSTER:lab:k)',
  'METADATA(VIRTUAL_HOST:lab:k)',
  'METADATA(LISTENER:lab:k)',
  'METADATA(LISTENER_FILTER_CHAIN:lab:k)',
  'METADATA(UPSTREAM_HOST:lab:k)',
  'METADATA(DYNAMIC:lab:deep:one):2',
  'FILTER_STATE(lab.k:PLAIN)',
  'FILTER_STATE(lab.k)',
  'FILTER_STATE(lab.k:TYPED)',
  'FILTER_STATE(lab.none)',
  'PER_REQUEST_STATE(lab.k)',
  'ROUTE_NAME',
  'VIRTUAL_CLUSTER_NAME',
  'FILTER_CHAIN_NAME',
  'LISTENER_NAME',
  'ACCESS_LOG_TYPE',
  'CUSTOM_FLAGS',
  'GRPC_STATUS',
  'GRPC_STATUS_NUMBER',
  'LOCAL_REPLY_BODY',
  'TRACE_ID',
  'SPAN_ID',
  'REQ(none)',
  'REQ(none?none):3',
  'DOWNSTREAM_DETECTED_CLOSE_TYPE',
  'UPSTREAM_DETECTED_CLOSE_TYPE',
  'UPSTREAM_LOCAL_CLOSE_REASON',
  'UPSTREAM_PEER_URI_SAN',
  'UPSTREAM_LOCAL_URI_SAN',
  'DYNAMIC_METADATA(lab:list:0)',
  'DYNAMIC_METADATA(lab:deep:none)',
  'DYNAMIC_METADATA(lab:k:x)',
  'FILTER_STATE(lab.k:PLAIN):2',
  'FILTER_STATE(lab.k):3',
  'CEL(request.headers["none"])',
  'CEL(metadata.filter_metadata["lab"]["k"])',
  'CEL(request.host)',
  'CEL(request.query)',
  'CEL(request.method):2',
  'CEL(request.size)',
  'CEL(source.port)',
  'CEL(response.code)',
  'CEL(request.path)',
  'CEL(request.headers["x"])',
  'CEL(size(request.path) > 3)',
  'CEL(xds.route_name)',
  'CEL(source.address)',
  'CEL(connection.mtls)',
];

/** What a request does not tell of a certificate, and what only the running Envoy knows, is left to cases without TLS. */
const OF_TLS = /LOCAL_(?:DNS|IP|EMAIL|URI|SUBJECT)|PEER_(?!URI)|TLS_|connection\.mtls/;
const TLS_NAMES = NAMES.filter((name) => !OF_TLS.test(name));

const value = (tls: boolean): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...(tls ? TLS_NAMES : NAMES)), fc.constantFrom('', '', '', 'a-', '%%'))
    .map(([name, before]) => `${before}%${name}%`);

const added = (tls: boolean): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(value(tls), fc.constantFrom('APPEND_IF_EXISTS_OR_ADD', 'OVERWRITE_IF_EXISTS_OR_ADD'), fc.boolean())
    .map(([text, append_action, keep]): JsonObject => ({
      header: { value: text },
      append_action,
      ...(keep ? { keep_empty_value: true } : {}),
    }));

/** Each header has a name of its own. */
const several = (start: string, tls: boolean): fc.Arbitrary<Json> =>
  fc
    .array(added(tls), { minLength: 1, maxLength: 4 })
    .map((list) =>
      list.map((each, index): JsonObject => ({ ...each, header: { ...(each['header'] as JsonObject), key: `x-${start}-${index}` } })),
    );

const levels = (start: string, tls: boolean): fc.Arbitrary<JsonObject> =>
  optional({ request_headers_to_add: several(`up-${start}`, tls), response_headers_to_add: several(`down-${start}`, tls) });

const lab: JsonObject = { filter_metadata: { lab: { k: 'value' } } };
const DEEP: Json = { k: 'set', deep: { one: 'two', n: 1.5 }, list: ['a', 1, true], number: 7, yes: true };

const before: JsonObject[] = [
  extension('set_metadata', 'filters.http.set_metadata.v3.Config', { metadata: [{ metadata_namespace: 'lab', value: DEEP }] }),
  extension('state', 'filters.http.set_filter_state.v3.Config', {
    on_request_headers: [
      { object_key: 'lab.k', factory_key: 'envoy.string', format_string: { text_format_source: { inline_string: '%REQ(x)%' } } },
    ],
  }),
];

const client = (tls: boolean): fc.Arbitrary<TraceRequest> =>
  fc
    .record({
      version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http2'),
      method: fc.constantFrom('GET', 'HEAD', 'POST'),
      authority: fc.constantFrom('a.test', 'a.test:8080', '10.1.1.1'),
      path: fc.constantFrom('/a', '/a?x=1&y=2', '/b?x=%7Ez&x=2&y=%41', '/direct?y', '/none', '/rewritten/b?x=1', '/away'),
      headers: fc.subarray<[string, string]>([
        ['x', 'abc'],
        ['y', 'def'],
        ['cookie', 'a=1; b="2"'],
        ['content-type', 'application/grpc'],
      ]),
      port: fc.integer({ min: 30000, max: 41999 }),
      sni: fc.constantFrom('a.test', 'B.test', undefined),
      principal: fc.constantFrom(...PRINCIPALS, undefined),
    })
    .map(({ port, sni, principal, ...http }) => {
      const alpn = http.version === 'http2' ? ['h2'] : [];
      const peerPrincipals = principal === undefined ? [] : [principal];
      const secure = { transport: 'tls' as const, alpn, ...(sni === undefined ? {} : { sni }), peerPrincipals };
      return httpRequest(http, { source: `10.1.2.3:${port}`, ...(tls ? secure : {}) });
    });

function serverTls(): JsonObject {
  return {
    name: 'tls',
    typed_config: typed('transport_sockets.tls.v3.DownstreamTlsContext', {
      common_tls_context: {
        alpn_protocols: ['h2', 'http/1.1'],
        tls_certificates: [certificateOf('lab.test')],
        validation_context: { trusted_ca: { filename: caPath() } },
      },
    }),
  };
}

export const formats: fc.Arbitrary<LabCase> = fc
  .boolean()
  .chain((tls) =>
    fc.record({
      tls: fc.constant(tls),
      own: fc.array(levels('route', tls), { minLength: 5, maxLength: 5 }),
      host: levels('host', tls),
      configuration: levels('all', tls),
      hostname: fc.constantFrom('host.test', undefined),
      requests: fc.array(client(tls), { minLength: 4, maxLength: 7 }),
    }),
  )
  .map(({ tls, own, host, configuration, hostname, requests }) => {
    const actions: JsonObject[] = [
      { match: { prefix: '/direct' }, direct_response: { status: 418, body: { inline_string: 'direct' } } },
      { match: { prefix: '/rewritten' }, route: { cluster: '§c1', prefix_rewrite: '/new', host_rewrite_literal: 'new.test' } },
      { match: { prefix: '/away' }, redirect: { path_redirect: '/new' } },
      { match: { prefix: '/none' }, route: { cluster: '§missing' } },
      { match: { prefix: '/' }, route: { cluster: '§c1' } },
    ];
    const routes = actions.map((action, index): JsonObject => ({ name: `r${index}`, ...action, ...own[index], metadata: lab }));
    const configured = {
      virtual_hosts: [virtualHost('v', ['*'], routes, { ...host, metadata: lab })],
      validate_clusters: false,
      ...configuration,
    };
    const chain = { ...httpChain(configured, { httpFilters: before }), metadata: lab };
    const [first] = clusters(1);
    const given = endpoint('10.200.0.1') as { endpoint: JsonObject };
    const named = { endpoint: { ...given.endpoint, ...(hostname === undefined ? {} : { hostname }) }, metadata: lab };
    const load_assignment = { cluster_name: '§c1', endpoints: [{ lb_endpoints: [named] }] };
    return {
      area: 'format',
      listeners: [
        tls
          ? listener('l', [{ ...chain, transport_socket: serverTls() }], { listener_filters: [TLS_INSPECTOR], metadata: lab })
          : listener('l', [chain], { metadata: lab }),
      ],
      clusters: [{ ...first, load_assignment, metadata: lab }],
      requests: once(requests),
    };
  });
