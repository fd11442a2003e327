/** When a tcp_proxy looks for its cluster, and what network filters write before, at and after the TLS handshake; PROXY protocol versions. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { caPath, certificateOf, PRINCIPALS } from '../../certificates';
import type { Json, JsonObject, LabCase } from '../../labCase';
import {
  clusters,
  connectionManager,
  extension,
  httpRequest,
  listener,
  once,
  optional,
  tcpProxy,
  TLS_INSPECTOR,
  typed,
  virtualHost,
} from '../parts';

const CLUSTER = 'envoy.tcp_proxy.cluster';

const object = (object_key: string, text: string): JsonObject => ({
  object_key,
  factory_key: object_key === CLUSTER ? CLUSTER : 'envoy.string',
  format_string: { text_format_source: { inline_string: text }, omit_empty_values: true },
  skip_if_empty: true,
});
const values = fc
  .tuple(
    fc.constantFrom('§c1', '§c2', '%REQUESTED_SERVER_NAME%', ''),
    fc.constantFrom('%DOWNSTREAM_PEER_URI_SAN%', '%DOWNSTREAM_LOCAL_PORT%', ''),
  )
  .map(([name, noted]): Json => [
    ...(name === '' ? [] : [object(CLUSTER, name)]),
    ...(noted === '' ? [] : [object('lab.k', noted)]),
    object('lab.always', 'x'),
  ]);
const state = optional({
  on_new_connection: values,
  on_downstream_tls_handshake: values,
  on_downstream_data: values,
}).map((fields) => extension('state', 'filters.network.set_filter_state.v3.Config', fields));

const inputPort: Json = {
  name: 'port',
  typed_config: typed('matching.common_inputs.network.v3.DestinationPortInput'),
};
const shadow = fc.constantFrom<JsonObject[]>(
  { shadow_rules: { action: 'DENY', policies: { p: { permissions: [{ any: true }], principals: [{ any: true }] } } } },
  {
    shadow_matcher: {
      matcher_list: {
        matchers: [
          {
            predicate: { single_predicate: { input: inputPort, value_match: { exact: '20000' } } },
            on_match: {
              action: {
                name: 'a',
                typed_config: { '@type': 'type.googleapis.com/envoy.config.rbac.v3.Action', name: 'shadow', action: 'DENY' },
              },
            },
          },
        ],
      },
    },
  },
);
const watching = fc.oneof(
  shadow.map((fields) => extension('rbac', 'filters.network.rbac.v3.RBAC', { stat_prefix: 'r', ...fields })),
  fc.constantFrom(true, false).map((default_value) =>
    extension('limit', 'filters.network.connection_limit.v3.ConnectionLimit', {
      stat_prefix: 'c',
      max_connections: 1000,
      runtime_enabled: { default_value, runtime_key: '§limit' },
    }),
  ),
  fc.constantFrom(true, false).map((default_value) =>
    extension('rate', 'filters.network.local_ratelimit.v3.LocalRateLimit', {
      stat_prefix: 'l',
      share_key: '§share',
      runtime_enabled: { default_value, runtime_key: '§rate' },
      token_bucket: { max_tokens: 100000, tokens_per_fill: 100000, fill_interval: '1s' },
    }),
  ),
);

const proxy = fc
  .tuple(
    fc.constantFrom('IMMEDIATE', 'IMMEDIATE', 'ON_DOWNSTREAM_TLS_HANDSHAKE', 'ON_DOWNSTREAM_DATA'),
    fc.constantFrom<JsonObject[]>(
      { cluster: '§c3' },
      { cluster: '§none' },
      { weighted_clusters: { clusters: [{ name: '§c3', weight: 1 }] } },
    ),
    fc.boolean(),
  )
  .map(([upstream_connect_mode, to, early]) =>
    tcpProxy({
      upstream_connect_mode,
      check_drain_close: true,
      ...(early || upstream_connect_mode === 'ON_DOWNSTREAM_DATA' ? { max_early_data_bytes: 4096 } : {}),
      ...to,
    }),
  );
const http = (fields: JsonObject): JsonObject =>
  connectionManager(
    {
      virtual_hosts: [virtualHost('v', ['*'], [{ match: { prefix: '/' }, route: { cluster: '§c1' } }])],
      request_headers_to_add: ['%FILTER_STATE(lab.k:PLAIN)%', '%REQ(x-forwarded-proto)%', `%FILTER_STATE(${CLUSTER}:PLAIN)%`].map(
        (value, index): JsonObject => ({
          header: { key: `x-told-${index}`, value },
        }),
      ),
    },
    [],
    fields,
  );

const managerFields = optional({
  use_remote_address: fc.boolean(),
  forward_proto_config: fc.constantFrom<Json[]>(
    { https_destination_ports: [20000] },
    { https_destination_ports: [443], http_destination_ports: [20000, 80] },
  ),
});

const socket: JsonObject = {
  name: 'tls',
  typed_config: typed('transport_sockets.tls.v3.DownstreamTlsContext', {
    common_tls_context: {
      alpn_protocols: ['http/1.1'],
      tls_certificates: [certificateOf('lab.test')],
      validation_context: { trusted_ca: { filename: caPath() } },
    },
  }),
};

const proxyProtocol = optional({
  stat_prefix: fc.constant('p'),
  rules: fc.constant<Json>([{ tlv_type: 225, on_tlv_present: { key: 'tlv', metadata_namespace: 'lab' } }]),
  pass_through_tlvs: fc.constantFrom<Json[]>({ match_type: 'INCLUDE_ALL' }, { match_type: 'INCLUDE', tlv_type: [225] }),
  tlv_location: fc.constantFrom('DYNAMIC_METADATA', 'FILTER_STATE'),
}).map((fields) =>
  extension('proxy_protocol', 'filters.listener.proxy_protocol.v3.ProxyProtocol', {
    ...fields,
    allow_requests_without_proxy_protocol: true,
  }),
);

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    sni: fc.constantFrom('', '§c1', '§c2', 'nowhere.test'),
    principal: fc.constantFrom('', ...PRINCIPALS),
    isRaw: fc.boolean(),
    isTls: fc.constantFrom(true, true, false),
    announced: fc.constantFrom(undefined, undefined, '10.99.1.1:1234'),
  })
  .map(({ sni, principal, isRaw, isTls, announced }) => {
    const secure = isTls
      ? { transport: 'tls' as const, ...(sni === '' ? {} : { sni }), ...(principal === '' ? {} : { peerPrincipals: [principal] }) }
      : {};
    const from = announced === undefined ? {} : { source: announced, directSource: '10.1.2.3' };
    const request = httpRequest({ path: '/a' }, { ...secure, ...from });
    return isRaw ? { connection: request.connection } : request;
  });

export const seldomConnections: fc.Arbitrary<LabCase> = fc
  .record({
    state,
    watching: fc.option(watching, { nil: undefined }),
    last: fc.oneof({ weight: 3, arbitrary: proxy }, { weight: 1, arbitrary: managerFields.map(http) }),
    isSecure: fc.constantFrom(true, true, false),
    inspects: fc.boolean(),
    header: fc.option(proxyProtocol, { nil: undefined, freq: 3 }),
    requests: fc.array(client, { minLength: 3, maxLength: 6 }),
  })
  .map(({ state: own, watching: other, last, isSecure, inspects, header, requests }) => {
    const chain: JsonObject = {
      name: 'f',
      filters: [...(other ? [other] : []), own, last],
      ...(isSecure ? { transport_socket: socket } : {}),
    };
    return {
      area: 'seldom_connection',
      listeners: [listener('l', [chain], { listener_filters: [...(header ? [header] : []), ...(inspects ? [TLS_INSPECTOR] : [])] })],
      clusters: clusters(3),
      // Without the filter the header would be the client's first bytes.
      requests: once(header ? requests : requests.map(unannounced)),
    };
  });

function unannounced({ connection: { directSource, ...connection }, ...request }: TraceRequest): TraceRequest {
  return { ...request, connection: directSource === undefined ? connection : { ...connection, source: directSource } };
}
