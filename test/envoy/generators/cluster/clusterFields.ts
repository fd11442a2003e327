/** Fields of clusters and endpoints that other areas leave out: HTTP options, names for TLS, transport sockets, limits, old spellings. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { caPath, certificateOf } from '../../certificates';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { cluster, endpoint, extension, httpChain, httpRequest, listener, once, optional, typed, virtualHost } from '../parts';

const OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

const protocol = fc.constantFrom<JsonObject[]>(
  { explicit_http_config: { http_protocol_options: {} } },
  { explicit_http_config: { http_protocol_options: { header_key_format: { proper_case_words: {} } } } },
  { explicit_http_config: { http_protocol_options: { send_fully_qualified_url: true } } },
  { explicit_http_config: { http2_protocol_options: { max_concurrent_streams: 10 } } },
  { use_downstream_protocol_config: { http_protocol_options: {}, http2_protocol_options: {} } },
  { use_downstream_protocol_config: {} },
  { auto_config: {} },
  { auto_config: { http_protocol_options: {}, http2_protocol_options: {} } },
);

const upstreamFilter = (value: string): JsonObject =>
  extension('upstream_mutation', 'filters.http.header_mutation.v3.HeaderMutation', {
    mutations: {
      request_mutations: [
        { append: { header: { key: 'x-up', value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' } },
        { append: { header: { key: 'x-host', value: '%UPSTREAM_HOST%' } } },
        { remove: 'y' },
      ],
      response_mutations: [{ append: { header: { key: 'x-up-answer', value: '%REQ(x-up)%' } } }],
    },
  });
const CODEC = extension('envoy.filters.http.upstream_codec', 'filters.http.upstream_codec.v3.UpstreamCodec');

/** Before there was the extension; still read where that is absent. */
const oldOptions: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.constantFrom<JsonObject[]>(
      { http2_protocol_options: {} },
      { http_protocol_options: {} },
      { http_protocol_options: { header_key_format: { proper_case_words: {} } } },
      { common_http_protocol_options: { max_headers_count: 50 } },
      { protocol_selection: 'USE_DOWNSTREAM_PROTOCOL', http_protocol_options: {}, http2_protocol_options: {} },
    ),
    fc.constantFrom<JsonObject[]>({}, { upstream_http_protocol_options: { auto_sni: true } }),
  )
  .map(([one, more]) => ({ ...one, ...more }));

const newOptions: fc.Arbitrary<JsonObject> = fc
  .tuple(
    protocol,
    optional({
      upstream_http_protocol_options: optional({
        auto_sni: fc.boolean(),
        override_auto_sni_header: fc.constantFrom('x-sni', ':authority'),
      }),
      http_filters: fc.constantFrom<Json[]>([CODEC], [upstreamFilter('up'), CODEC], [upstreamFilter('%REQ(:authority)%'), CODEC]),
      request_mirror_policies: fc.constantFrom<Json[]>(
        [{ cluster: '§c2' }],
        [{ cluster: '§c2', runtime_fraction: { default_value: { numerator: 0 } } }],
      ),
    }),
  )
  .map(([one, more]): JsonObject => ({
    typed_extension_protocol_options: { [OPTIONS]: { '@type': `type.googleapis.com/${OPTIONS}`, ...one, ...more } },
  }));

const options = fc.oneof({ weight: 3, arbitrary: newOptions }, { weight: 1, arbitrary: oldOptions });

const RAW: JsonObject = { name: 'raw', typed_config: typed('transport_sockets.raw_buffer.v3.RawBuffer') };

const tls = optional({
  sni: fc.constantFrom('up.test', 'Up.TEST.'),
  auto_host_sni: fc.constant(true),
  max_session_keys: fc.constantFrom(0, 1),
  common_tls_context: optional({
    alpn_protocols: fc.constantFrom(['h2', 'http/1.1'], ['h2'], ['x']),
    tls_params: fc.constant({ tls_maximum_protocol_version: 'TLSv1_2' }),
    validation_context: fc.constantFrom<JsonObject[]>(
      { trusted_ca: { filename: caPath() } },
      { trusted_ca: { filename: caPath() }, allow_expired_certificate: true },
    ),
    tls_certificates: fc.constant([certificateOf('lab.test')]),
  }),
}).map((fields): JsonObject => ({ name: 'tls', typed_config: typed('transport_sockets.tls.v3.UpstreamTlsContext', fields) }));

const proxied = (inner: JsonObject, version: string): JsonObject => ({
  name: 'proxy',
  typed_config: typed('transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport', {
    config: { version, ...(version === 'V2' ? { added_tlvs: [{ type: 224, value: 'YQ==' }] } : {}) },
    transport_socket: inner,
  }),
});

const socket: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<JsonObject>({}) },
  { weight: 3, arbitrary: tls.map((transport_socket): JsonObject => ({ transport_socket })) },
  { weight: 1, arbitrary: fc.constant<JsonObject>({ transport_socket: RAW }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(tls, fc.constantFrom('V1', 'V2'), fc.boolean())
      .map(([own, version, secure]): JsonObject => ({ transport_socket: proxied(secure ? own : RAW, version) })),
  },
  {
    weight: 2,
    arbitrary: tls.map((own): JsonObject => ({
      transport_socket: {
        name: 'connect',
        typed_config: typed('transport_sockets.http_11_proxy.v3.Http11ProxyUpstreamTransport', { transport_socket: own }),
      },
    })),
  },
  {
    weight: 1,
    arbitrary: tls.map((own): JsonObject => ({
      transport_socket_matches: [
        { name: 'm', match: { secure: true, tier: 'gold' }, transport_socket: own },
        { name: 'rest', match: {}, transport_socket: RAW },
      ],
    })),
  },
);

const fields = optional({
  circuit_breakers: fc.constantFrom<JsonObject[]>(
    { thresholds: [{ max_requests: 100 }] },
    { thresholds: [{ priority: 'HIGH', max_requests: 0 }] },
    { thresholds: [{ max_connections: 100, max_retries: 0 }] },
    { thresholds: [{ max_connections: 0 }] },
    { thresholds: [{ priority: 'HIGH', max_pending_requests: 0 }] },
  ),
  alt_stat_name: fc.constant('alternative'),
  outlier_detection: fc.constant({ consecutive_5xx: 5 }),
  upstream_bind_config: fc.constantFrom<JsonObject[]>({ source_address: { address: '10.9.9.9', port_value: 0 } }, {}),
  metadata: fc.constant({ filter_metadata: { lab: { k: 'cluster' } } }),
  track_cluster_stats: fc.constant({ timeout_budgets: true }),
  per_connection_buffer_limit_bytes: fc.constant(32768),
  connection_pool_per_downstream_connection: fc.boolean(),
  preconnect_policy: fc.constant({ per_upstream_preconnect_ratio: 1.0 }),
  close_connections_on_host_health_failure: fc.boolean(),
  wait_for_warm_on_init: fc.boolean(),
});

const balancing = fc.constantFrom<JsonObject[]>(
  {},
  { lb_policy: 'RING_HASH', ring_hash_lb_config: { minimum_ring_size: 16, hash_function: 'MURMUR_HASH_2' } },
  { lb_policy: 'MAGLEV', maglev_lb_config: { table_size: 101 } },
  { lb_policy: 'LEAST_REQUEST', least_request_lb_config: { choice_count: 3 } },
  { lb_policy: 'ROUND_ROBIN', round_robin_lb_config: { slow_start_config: { slow_start_window: '1s' } } },
  { lb_policy: 'RANDOM' },
);

const common = optional({
  healthy_panic_threshold: fc.constantFrom(0, 30).map((value) => ({ value })),
  zone_aware_lb_config: fc.constantFrom<JsonObject[]>({}, { fail_traffic_on_panic: true, routing_enabled: { value: 100 } }),
  update_merge_window: fc.constant('0s'),
  ignore_new_hosts_until_first_hc: fc.boolean(),
  consistent_hashing_lb_config: fc.constant({ hash_balance_factor: 150 }),
});

const hosts = fc.array(
  fc.record({
    hostname: fc.constantFrom('', 'one.test', 'Two.test:99'),
    health: fc.constantFrom('HEALTHY', 'HEALTHY', 'UNHEALTHY', 'DEGRADED'),
    metadata: fc.constantFrom<JsonObject[]>(
      {},
      { 'envoy.transport_socket_match': { secure: true, tier: 'gold' } },
      { 'envoy.transport_socket_match': { secure: true } },
      { lab: { k: 'host' } },
      { 'envoy.lb': { canary: true } },
    ),
    weight: fc.constantFrom(undefined, 1, 3),
    observed: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http2'),
    authority: fc.constantFrom('a.test', 'A.test:8080', '10.1.1.1', '[::1]:80'),
    path: fc.constantFrom('/', '/a?x=1', '/auto', '/high', '/tcp'),
    headers: fc.subarray<[string, string]>([
      ['x', 'abc'],
      ['y', 'def'],
      ['x-sni', 'by-header.test'],
      ['x-sni', 'By-Header.test:8443'],
      ['x-up', 'mine'],
    ]),
  })
  .map(({ headers, ...http }) => {
    const names = headers.map(([name]) => name);
    return httpRequest({ ...http, headers: headers.filter(([name], index) => names.indexOf(name) === index) }, { source: '10.1.2.3' });
  });

export const clusterFields: fc.Arbitrary<LabCase> = fc
  .record({
    options: fc.option(options, { nil: undefined }),
    socket,
    fields,
    balancing,
    common,
    hosts,
    requests: fc.array(client, { minLength: 3, maxLength: 5 }),
  })
  .map(({ options: own, socket: transport, fields: more, balancing: lb, common: common_lb_config, hosts: list, requests }) => {
    const lb_endpoints = list.map(({ hostname, health, metadata, weight, observed }, index) => {
      const given = endpoint(`10.200.0.${index + 1}`) as { endpoint: JsonObject };
      return {
        endpoint: {
          ...given.endpoint,
          ...(hostname === '' ? {} : { hostname }),
          ...(observed ? { health_check_config: { port_value: 1 } } : {}),
        },
        health_status: health,
        metadata: { filter_metadata: metadata },
        ...(weight === undefined ? {} : { load_balancing_weight: weight }),
      };
    });
    const routes: JsonObject[] = [
      { match: { prefix: '/auto' }, route: { cluster: '§c1', auto_host_rewrite: true, append_x_forwarded_host: true } },
      { match: { prefix: '/high' }, route: { cluster: '§c1', priority: 'HIGH', hash_policy: [{ header: { header_name: 'x' } }] } },
      { match: { prefix: '/' }, route: { cluster: '§c1' } },
    ];
    const response_headers_to_add = [
      '%UPSTREAM_HOST_NAME%',
      '%UPSTREAM_CLUSTER%',
      '%UPSTREAM_METADATA(lab:k)%',
      '%CLUSTER_METADATA(lab:k)%',
    ].map((value, index): JsonObject => ({ header: { key: `x-told-${index}`, value } }));
    const chain = httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)], response_headers_to_add });
    // Only TLS finds out by ALPN which version the server wants.
    const isAutomatic = JSON.stringify(own ?? {}).includes('auto_config');
    const secure = JSON.stringify(transport['transport_socket'] ?? {}).includes('UpstreamTlsContext');
    const all = { ...(isAutomatic && !secure ? {} : own), ...transport, ...more, ...lb, common_lb_config };
    const first = cluster(1, { endpoints: [{ lb_endpoints }], fields: all });
    return {
      area: 'cluster_field',
      listeners: [listener('l', [chain])],
      clusters: [first, cluster(2, { endpoints: [{ lb_endpoints: [endpoint('10.200.7.7')] }] })],
      requests: once(requests),
    };
  });
