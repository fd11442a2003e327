/** Fields of listeners, listener filters and network filters that other areas leave out. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { caPath, certificateOf } from '../../certificates';
import type { Json, JsonObject, LabCase } from '../../labCase';
import {
  cluster,
  connectionManager,
  endpoint,
  extension,
  HTTP_INSPECTOR,
  httpRequest,
  listener,
  once,
  optional,
  socketAddress,
  tcpProxy,
  TLS_INSPECTOR,
  typed,
  virtualHost,
} from '../parts';

const disabled: fc.Arbitrary<JsonObject> = fc.constantFrom<JsonObject[]>(
  {},
  {},
  { filter_disabled: { any_match: true } },
  { filter_disabled: { not_match: { any_match: true } } },
  { filter_disabled: { destination_port_range: { start: 20001, end: 20002 } } },
  {
    filter_disabled: {
      or_match: { rules: [{ destination_port_range: { start: 20000, end: 20001 } }, { not_match: { any_match: true } }] },
    },
  },
);

const inspectors = fc
  .tuple(fc.subarray<JsonObject>([TLS_INSPECTOR, HTTP_INSPECTOR]), disabled)
  .map(([list, off]) => list.map((filter, index): JsonObject => (index === 0 ? { ...filter, ...off } : filter)));

const state = (when: string, value: string): JsonObject =>
  extension('state', 'filters.network.set_filter_state.v3.Config', {
    [when]: [{ object_key: 'envoy.tcp_proxy.cluster', format_string: { text_format_source: { inline_string: value } } }],
  });

const rbac = fc
  .tuple(
    fc.constantFrom('ONE_TIME_ON_FIRST_BYTE', 'CONTINUOUS'),
    fc.constantFrom('10.1.0.0', '192.168.0.0'),
    fc.constantFrom('ALLOW', 'DENY'),
    fc.boolean(),
  )
  .map(([enforcement_type, address_prefix, action, shadow]): JsonObject => {
    const rules = {
      action,
      policies: { p: { permissions: [{ any: true }], principals: [{ direct_remote_ip: { address_prefix, prefix_len: 16 } }] } },
    };
    const own: JsonObject = shadow ? { shadow_rules: rules, shadow_rules_stat_prefix: 's_' } : { rules };
    return extension('rbac', 'filters.network.rbac.v3.RBAC', { stat_prefix: 'r', enforcement_type, ...own });
  });

const before: fc.Arbitrary<JsonObject[]> = fc
  .array(
    fc.oneof(
      rbac,
      fc.constantFrom('§c1', '§c2', '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%').map((name) => state('on_new_connection', name)),
      fc.constantFrom(0, 100000).map((max_connections) =>
        extension('limit', 'filters.network.connection_limit.v3.ConnectionLimit', {
          stat_prefix: 'c',
          max_connections: max_connections + 1,
        }),
      ),
      fc.constant(
        extension('rate', 'filters.network.local_ratelimit.v3.LocalRateLimit', {
          stat_prefix: 'l',
          token_bucket: { max_tokens: 100000, tokens_per_fill: 100000, fill_interval: '1s' },
        }),
      ),
    ),
    { maxLength: 2 },
  )
  .filter((list) => new Set(list.map(({ name }) => name)).size === list.length);

const tunnel = optional({
  use_post: fc.constant(true),
  post_path: fc.constant('/tunnel'),
  propagate_response_headers: fc.boolean(),
  request_id_extension: fc.constant<Json>({ typed_config: typed('request_id.uuid.v3.UuidRequestIdConfig') }),
  request_id_header: fc.constantFrom('x-tunnel-id', ''),
  request_id_metadata_key: fc.constant('id'),
  headers_to_add: fc.constant([
    { header: { key: 'x-one', value: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(16)%' } },
    { header: { key: 'x-two', value: '%REQUESTED_SERVER_NAME%' } },
    { header: { key: 'x-three', value: '%FILTER_CHAIN_NAME%-%UPSTREAM_HOST%' } },
  ]),
}).map((fields): JsonObject => ('post_path' in fields && !('use_post' in fields) ? { ...fields, use_post: true } : fields));

const terminal: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constantFrom('§c1', '§c2').map((name) => tcpProxy({ cluster: name, idle_timeout: '5s', max_connect_attempts: 2 })),
  fc.constantFrom('a', 'b').map((version) =>
    tcpProxy({
      weighted_clusters: {
        clusters: [{ name: '§c3', weight: 1, metadata_match: { filter_metadata: { 'envoy.lb': { version } } } }],
      },
      hash_policy: [{ source_ip: {} }],
    }),
  ),
  tunnel.map((fields) => tcpProxy({ cluster: '§c4', tunneling_config: { hostname: 'to.test:443', ...fields } })),
  fc.constantFrom('HTTP1', 'AUTO').map((codec_type) =>
    connectionManager({ virtual_hosts: [virtualHost('v', ['*'], [{ match: { prefix: '/' }, route: { cluster: '§c1' } }])] }, [], {
      codec_type,
    }),
  ),
);

const OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
/** A POST as tunnel on HTTP/1 whose upstream answers at once ends Envoy 1.40 (SIGSEGV). */
const HTTP2: JsonObject = {
  typed_extension_protocol_options: {
    [OPTIONS]: { '@type': `type.googleapis.com/${OPTIONS}`, explicit_http_config: { http2_protocol_options: {} } },
  },
};

function tlsSocket(requireSni: boolean): JsonObject {
  const common_tls_context: JsonObject = {
    tls_certificates: [certificateOf('lab.test')],
    validation_context: { trusted_ca: { filename: caPath() } },
    alpn_protocols: ['http/1.1'],
  };
  const fields = { common_tls_context, ...(requireSni ? { require_sni: true } : {}), disable_stateless_session_resumption: true };
  return { name: 'tls', typed_config: typed('transport_sockets.tls.v3.DownstreamTlsContext', fields) };
}

const match = fc.constantFrom<JsonObject[]>(
  {},
  { transport_protocol: 'tls' },
  { application_protocols: ['http/1.1'] },
  { source_type: 'EXTERNAL' },
  { source_type: 'SAME_IP_OR_LOOPBACK' },
  { direct_source_prefix_ranges: [{ address_prefix: '10.1.0.0', prefix_len: 16 }] },
  { source_ports: [31000, 31001] },
  { server_names: ['*.test'] },
  { prefix_ranges: [{ address_prefix: '10.1.1.0', prefix_len: 24 }] },
  { destination_port: 20001 },
);

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    destination: fc.constantFrom('10.1.1.1:20000', '10.1.1.1:20001', '10.7.7.7:20001', '10.1.1.1:20003'),
    source: fc.constantFrom('10.1.2.3:31000', '192.168.7.7:31002', '10.1.1.1:31003'),
    kind: fc.constantFrom('raw', 'http', 'http', 'tls', 'tls-http'),
    sni: fc.constantFrom('a.test', undefined),
  })
  .map(({ destination, source, kind, sni }) => {
    const secure = kind.startsWith('tls') ? { transport: 'tls' as const, ...(sni === undefined ? {} : { sni }) } : {};
    const request = httpRequest({ path: '/a' }, { destination, source, ...secure });
    return kind.endsWith('http') ? request : { connection: request.connection };
  });

/** Filter state may lead a tunnel to a cluster of HTTP/1, which no POST may be; beside TLS it may lead nowhere before the handshake is done. */
function join(own: readonly JsonObject[], last: JsonObject, secure: boolean): JsonObject[] {
  const without = secure || JSON.stringify(last).includes('"use_post"');
  // The log does not always tell that RBAC has closed a tunnel.
  const tunnels = JSON.stringify(last).includes('tunneling_config');
  return [...own.filter(({ name }) => !(without && name === 'state') && !(tunnels && name === 'rbac')), last];
}

export const listenerFields: fc.Arbitrary<LabCase> = fc
  .record({
    chains: fc.uniqueArray(fc.tuple(match, before, terminal, fc.constantFrom('none', 'none', 'tls', 'sni')), {
      minLength: 1,
      maxLength: 3,
      selector: ([own]) => JSON.stringify(own),
    }),
    fallback: fc.option(fc.tuple(before, terminal), { nil: undefined }),
    inspectors,
    additional: fc.boolean(),
    more: optional({
      continue_on_listener_filters_timeout: fc.boolean(),
      listener_filters_timeout: fc.constant('0.2s'),
      per_connection_buffer_limit_bytes: fc.constant(4096),
      traffic_direction: fc.constantFrom('INBOUND', 'OUTBOUND'),
      tcp_backlog_size: fc.constant(64),
      enable_reuse_port: fc.boolean(),
    }),
    requests: fc.uniqueArray(client, {
      minLength: 3,
      maxLength: 6,
      selector: ({ connection }) => `${connection.source ?? ''} ${connection.destination ?? ''}`,
    }),
  })
  .map(({ chains, fallback, inspectors: filters, additional, more, requests }) => {
    const filter_chains = chains.map(([filter_chain_match, own, last, secure], index): JsonObject => ({
      name: `f${index}`,
      filter_chain_match,
      filters: join(own, last, secure !== 'none'),
      ...(secure === 'none' ? {} : { transport_socket: tlsSocket(secure === 'sni') }),
      transport_socket_connect_timeout: '1s',
    }));
    const [ownFallback, lastFallback] = fallback ?? [];
    const fields: JsonObject = {
      listener_filters: filters,
      ...(additional ? { additional_addresses: [{ address: socketAddress('0.0.0.0', 20001) }] } : {}),
      ...(lastFallback ? { default_filter_chain: { name: 'rest', filters: join(ownFallback ?? [], lastFallback, false) } } : {}),
      ...more,
    };
    const host = (address: string, version: string): JsonObject =>
      endpoint(address, 9080, { metadata: { filter_metadata: { 'envoy.lb': { version } } } });
    const subset = {
      lb_subset_config: { fallback_policy: 'NO_FALLBACK', subset_selectors: [{ keys: ['version'] }] },
      lb_policy: 'RING_HASH',
    };
    return {
      area: 'listener_field',
      listeners: [listener('l', filter_chains, fields)],
      clusters: [
        cluster(1),
        cluster(2),
        cluster(3, { endpoints: [{ lb_endpoints: [host('10.200.0.3', 'a'), host('10.200.0.4', 'b')] }], fields: subset }),
        cluster(4, { fields: HTTP2 }),
      ],
      requests: once(requests),
    };
  });
