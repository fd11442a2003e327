/** Extensions of the wrong kind wherever one may stand, what they are made of (descriptors, trust bundles), and the node: some break a rule, some only seem to. */
import type { Json, JsonObject } from '../json';
import {
  bootstrap,
  cluster,
  inAction,
  inBootstrap,
  inCluster,
  inHttpFilter,
  inListener,
  inLog,
  inManager,
  inNetworkFilter,
  inRoute,
  inRoutes,
  listener,
  message,
  tcp,
  typed,
  type Case,
} from './frame';

const grpc = { envoy_grpc: { cluster_name: 'c' } };
const http = (fields: JsonObject = {}): JsonObject => ({ http_uri: { cluster: 'c', uri: 'http://a/b', timeout: '1s' }, ...fields });
const tracer = (fields: JsonObject): JsonObject => ({
  tracing: {
    provider: typed('envoy.tracers.opentelemetry', '!envoy.config.trace.v3.OpenTelemetryConfig', { service_name: 's', ...fields }),
  },
});
const retry = (fields: JsonObject): JsonObject => ({ retry_policy: { retry_on: '5xx', ...fields } });
const thrift = (action: JsonObject, fields: JsonObject = {}): JsonObject => ({
  stat_prefix: 's',
  route_config: { name: 'r', routes: [{ match: { method_name: 'a' }, route: { cluster: 'c', ...action } }] },
  ...fields,
});
const limits = (...actions: Json[]): JsonObject => ({ rate_limits: [{ actions }] });
const heap = typed('m', 'resource_monitors.fixed_heap.v3.FixedHeapConfig', { max_heap_size_bytes: 100 });
const overload = (action: string, config: Json, trigger: JsonObject): JsonObject => ({
  overload_manager: {
    resource_monitors: [heap],
    actions: [{ name: `envoy.overload_actions.${action}`, typed_config: config, triggers: [{ name: 'm', ...trigger }] }],
  },
});
const scaled = { scaled: { scaling_threshold: 0.5, saturation_threshold: 0.6 } };
const upstreamTls = (common: JsonObject): JsonObject => ({
  transport_socket: typed('envoy.transport_sockets.tls', 'transport_sockets.tls.v3.UpstreamTlsContext', { common_tls_context: common }),
});
const downstreamTls = (common: JsonObject): JsonObject => ({
  transport_socket: typed('envoy.transport_sockets.tls', 'transport_sockets.tls.v3.DownstreamTlsContext', { common_tls_context: common }),
});
const ca = { trusted_ca: { filename: '/etc/ssl/certs/ca-certificates.crt' } };

/** An extension that stands at each of these places, of a kind that none of them takes. */
const wrongAt = (kind: string, config: JsonObject): Case[] => {
  const other = { name: 'x', typed_config: config };
  const socket = { transport_socket: other };
  return [
    inManager(`${kind} formatter of an HTTP service`, tracer({ http_service: http({ formatters: [other] }) }), '/tracing'), inManager(`${kind} exporter`, tracer({ exporter: other }), '/tracing'), inLog(`${kind} detector`, 'access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig', { log_name: 'a', grpc_service: grpc, resource_detectors: [other] }),
    inHttpFilter(`${kind} formatter of mutations`, 'filters.http.header_mutation.v3.HeaderMutation', { mutations: { formatters: [other] } }), inNetworkFilter(`${kind} formatter of a tunnel`, 'filters.network.tcp_proxy.v3.TcpProxy', { stat_prefix: 's', cluster: 'c', tunneling_config: { hostname: 'a', formatters: [other] } }),
    inAction(`${kind} retry option`, retry({ retry_options_predicates: [other] })), inRoute(`${kind} route specifier`, { route: { cluster: 'c' }, route_specifiers: [other] }), inHttpFilter(`${kind} filter of a chain`, 'filters.http.filter_chain.v3.FilterChain', { filters: [other] }), inHttpFilter(`${kind} filter of a named chain`, 'filters.http.composite.v3.Composite', { named_filter_chains: { a: { typed_config: [other] } } }),
    inCluster(`${kind} socket below tap`, { transport_socket: typed('x', 'transport_sockets.tap.v3.Tap', { common_config: { admin_config: { config_id: 'a' } }, ...socket }) }, '/transport_socket'), inCluster(`${kind} socket below statistics`, { transport_socket: typed('x', 'transport_sockets.tcp_stats.v3.Config', socket) }, '/transport_socket'),
    inBootstrap(`${kind} tracker of xDS`, { xds_config_tracker_extension: other }, '/xds_config_tracker_extension'), inBootstrap(`${kind} settings of an action`, overload('reduce_timeouts', config, scaled), '/overload_manager/actions/0'), inHttpFilter(`${kind} parser`, 'filters.http.sse_to_metadata.v3.SseToMetadata', { response_rules: { content_parser: other } }), inNetworkFilter(`${kind} provider of places`, 'filters.network.geoip.v3.Geoip', { provider: other }, false),
    inNetworkFilter(`${kind} thrift filter`, 'filters.network.thrift_proxy.v3.ThriftProxy', thrift({}, { thrift_filters: [other] })), inCluster(`${kind} selector`, upstreamTls({ custom_tls_certificate_selector: other }), '/transport_socket'), inRoute(`${kind} string matcher`, { match: { prefix: '/', headers: [{ name: 'a', string_match: { custom: other } }] }, route: { cluster: 'c' } }), inBootstrap(`${kind} matcher of statistics`, { stats_config: { stats_matcher: { inclusion_list: { patterns: [{ custom: other }] } } } }, '/stats_config'),
    inCluster(`${kind} way to connect`, { upstream_config: other }, '/upstream_config'), inHttpFilter(`${kind} action of a redirect`, 'filters.http.custom_response.v3.CustomResponse', { custom_response_matcher: { on_no_match: { action: typed('x', 'http.custom_response.redirect_policy.v3.RedirectPolicy', { uri: 'https://a/b', modify_request_headers_action: other }) } } }),
  ];
}; // prettier-ignore

const spiffe = (fields: JsonObject): Case =>
  inCluster(
    `spiffe ${JSON.stringify(fields)}`,
    upstreamTls({
      validation_context: {
        custom_validator_config: typed('envoy.tls.cert_validator.spiffe', 'transport_sockets.tls.v3.SPIFFECertValidatorConfig', fields),
      },
    }),
    '/transport_socket',
  );
const bundle = (json: Json): Case => spiffe({ trust_bundles: { inline_string: typeof json === 'string' ? json : JSON.stringify(json) } });
const keys = (...list: Json[]): JsonObject => ({ trust_domains: { 'a.com': { keys: list } } });

const gauge = (fields: JsonObject): Case =>
  inLog(`gauge ${JSON.stringify(fields)}`, 'access_loggers.stats.v3.Config', {
    stat_prefix: 'p',
    gauges: [{ stat: { name: 'g' }, value_fixed: 1, ...fields }],
  });
const pair = (add: string, sub: string): JsonObject => ({ add_subtract: { add_log_type: add, sub_log_type: sub } });

/** Two files of descriptors, `p.q.S` with the methods Get and Put, without and with what it imports. */
const bytesOf = (...parts: (string | number[])[]): number[] =>
  parts.flatMap((part) => (typeof part === 'string' ? Array.from(part, (letter) => letter.charCodeAt(0)) : part));
const field = (number: number, ...parts: (string | number[])[]): number[] =>
  ((bytes) => [number * 8 + 2, bytes.length, ...bytes])(bytesOf(...parts));
const imported = field(1, field(1, 'b.proto'), field(2, 'p.q'), field(4, field(1, 'M')), field(12, 'proto3'));
const method = (name: string): number[] => field(2, field(1, name), field(2, '.p.q.M'), field(3, '.p.q.M'));
const file = field(
  1,
  field(1, 'a.proto'),
  field(2, 'p.q'),
  field(3, 'b.proto'),
  field(6, field(1, 'S'), method('Get'), method('Put')),
  field(12, 'proto3'),
);
const base64 = (...files: number[][]): string => Buffer.from(files.flat()).toString('base64');
const DESCRIPTORS: Readonly<Record<string, string>> = {
  whole: base64(imported, file),
  alone: base64(file),
  reversed: base64(file, imported),
  cut: base64(imported, file).slice(0, -8),
  none: 'AAAA',
};
const descriptors = Object.entries(DESCRIPTORS).flatMap(([name, bytes]): Case[] => [
  ...['p.q.S', 'S', 'p.q.S.Get'].map((service) =>
    inHttpFilter(`transcoder ${name} ${service}`, 'filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder', {
      proto_descriptor_bin: bytes,
      services: [service],
      auto_mapping: true,
    }),
  ),
  inHttpFilter(`transcoder that is off ${name}`, 'filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder', {
    proto_descriptor_bin: bytes,
  }),
  inHttpFilter(`reverse transcoder ${name}`, 'filters.http.grpc_json_reverse_transcoder.v3.GrpcJsonReverseTranscoder', {
    descriptor_binary: bytes,
  }),
  ...['/p.q.S/Get', '/p.q.S/Nope', 'p.q.S.Get', '/p.q.S/*', ''].map((name2) =>
    inHttpFilter(`scrubber ${name} ${name2}`, 'filters.http.proto_api_scrubber.v3.ProtoApiScrubberConfig', {
      descriptor_set: { data_source: { inline_bytes: bytes } },
      restrictions: { method_restrictions: { [name2]: {} } },
    }),
  ),
]);

const MATCH = { on_no_match: { action: typed('r', 'filters.network.generic_proxy.action.v3.RouteAction', { cluster: 'c' }) } };
const generic = (routes: JsonObject): Case =>
  inNetworkFilter(`generic hosts ${JSON.stringify(routes).slice(0, 80)}`, 'filters.network.generic_proxy.v3.GenericProxy', {
    stat_prefix: 's',
    codec_config: typed('d', 'filters.network.generic_proxy.codecs.http1.v3.Http1CodecConfig'),
    filters: [typed('envoy.filters.generic.router', 'filters.network.generic_proxy.router.v3.Router')],
    route_config: { name: 'r', ...routes },
  });
const hosts = (...names: string[]): JsonObject => ({ virtual_hosts: [{ name: 'a', hosts: names, routes: MATCH }] });

const san = (oid: string): Case =>
  inCluster(
    `other name ${oid}`,
    upstreamTls({
      validation_context: { ...ca, match_typed_subject_alt_names: [{ san_type: 'OTHER_NAME', oid, matcher: { exact: 'a' } }] },
    }),
    '/transport_socket',
  );
const crl = (text: string): Case =>
  inCluster(`list ${text.slice(0, 30)}`, upstreamTls({ validation_context: { ...ca, crl: { inline_string: text } } }), '/transport_socket');
const socketMatch = {
  name: 'a',
  ...{ transport_socket: typed('envoy.transport_sockets.raw_buffer', 'transport_sockets.raw_buffer.v3.RawBuffer') },
};
const byName = {
  transport_socket_matcher: {
    on_no_match: { action: typed('x', 'matching.common_inputs.transport_socket.v3.TransportSocketNameAction', { name: 'a' }) },
  },
};

const path = { path_config_source: { path: '/dev/null' } };
const api = (type: string): JsonObject => ({ api_type: type, transport_api_version: 'V3', grpc_services: [grpc] });
const noNode = (name: string, fields: JsonObject, extra: Json[] = []): Case => [
  `no node ${name}`,
  '/node',
  bootstrap([listener([tcp()])], extra, { node: null, ...fields }),
];
const scopes = {
  name: 's',
  scope_key_builder: { fragments: [{ header_value_extractor: { name: 'x', index: 0 } }] },
  rds_config_source: path,
};
const inline = {
  ...scopes,
  scoped_route_configurations_list: {
    scoped_route_configurations: [{ name: 'a', key: { fragments: [{ string_key: 'x' }] }, route_configuration: { name: 'q' } }],
  },
};

const hits = (format: string): Case =>
  inHttpFilter(`hits ${format}`, 'filters.http.local_ratelimit.v3.LocalRateLimit', {
    stat_prefix: 's',
    token_bucket: { max_tokens: 1, fill_interval: '1s' },
    rate_limits: [{ actions: [{ remote_address: {} }], hits_addend: { format } }],
  });
const hashing = (threshold: number, modulo: number): Case =>
  inRoutes(
    `hash ${threshold} of ${modulo}`,
    {
      virtual_hosts: [
        {
          name: 'w',
          domains: ['*'],
          matcher: {
            matcher_list: {
              matchers: [
                {
                  predicate: {
                    single_predicate: {
                      input: typed('i', '!envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: 'x' }),
                      custom_match: typed('m', 'matching.input_matchers.consistent_hashing.v3.ConsistentHashing', { threshold, modulo }),
                    },
                  },
                  on_match: { action: typed('r', '!envoy.config.route.v3.Route', { match: { prefix: '/' }, route: { cluster: 'c' } }) },
                },
              ],
            },
          },
        },
      ],
    },
    '/virtual_hosts/0',
  );

/** Retries of a client: the client's own are prepared at once by some, those inside of `envoy_grpc` are not read. */
const retries = (policy: JsonObject): Case[] => {
  const own = { ...grpc, retry_policy: policy };
  const inner = { envoy_grpc: { cluster_name: 'c', retry_policy: policy } };
  const name = JSON.stringify(policy).slice(0, 60);
  return [own, inner].flatMap((service, at): Case[] => [
    inBootstrap(
      `metrics ${name} ${at}`,
      {
        stats_sinks: [typed('x', '!envoy.config.metrics.v3.MetricsServiceConfig', { grpc_service: service, transport_api_version: 'V3' })],
      },
      '/stats_sinks/0',
    ),
    inLog(`log ${name} ${at}`, 'access_loggers.grpc.v3.HttpGrpcAccessLogConfig', {
      common_config: { log_name: 'a', transport_api_version: 'V3', grpc_service: service },
    }),
    inHttpFilter(`authorisation ${name} ${at}`, 'filters.http.ext_authz.v3.ExtAuthz', {
      transport_api_version: 'V3',
      grpc_service: service,
    }),
    inManager(`spans ${name} ${at}`, tracer({ grpc_service: service }), '/tracing'),
  ]);
};
const other = { name: 'n', typed_config: message('!google.protobuf.Struct') };

// prettier-ignore
export const extensionCases: readonly Case[] = [
  ...[{ name: 'n' }, other].flatMap((each) => [...retries({ retry_priority: each }), ...retries({ retry_host_predicate: [each] })]), ...retries({ retry_on: '5xx' }),
  ...([{}, { dynamic_module_config: {} }] as JsonObject[]).map((fields) => inHttpFilter(`module ${JSON.stringify(fields)}`, 'filters.http.dynamic_modules.v3.DynamicModuleFilter', fields)),
  ['default chain of datagrams', '/static_resources/listeners/0/default_filter_chain', bootstrap([{ name: 'u', address: { socket_address: { address: '127.0.0.1', port_value: 53, protocol: 'UDP' } }, listener_filters: [typed('x', 'filters.udp.dns_filter.v3.DnsFilterConfig', { stat_prefix: 's' })], default_filter_chain: {} }])],
  ...['sm', 'paths', 'buckets'].flatMap((where) => ([{ safe_regex: { regex: '(' } }, { safe_regex: { regex: 'a' }, ignore_case: true }] as JsonObject[]).map((matcher, at): Case => {
    const place: JsonObject = where === 'sm' ? { stats_config: { stats_matcher: { exclusion_list: { patterns: [matcher] } } } } : where === 'paths' ? { admin: { allow_paths: [matcher] } } : { stats_config: { histogram_bucket_settings: [{ match: matcher, buckets: [1] }] } };
    return inBootstrap(`matcher of ${where} ${at}`, place, '/stats_config');
  })),
  inBootstrap('tracer of nobody', { tracing: { http: other } }, '/tracing/http'), inBootstrap('folder of a layer', { layered_runtime: { layers: [{ name: 'a', disk_layer: {} }] } }, '/layered_runtime/layers/0'), inBootstrap('settings of a watchdog', { watchdogs: { main_thread_watchdog: { actions: [{ event: 'KILL', config: typed('a', 'watchdog.profile_action.v3.ProfileActionConfig') }] } } }, '/watchdogs'),
  ...(['wrr_locality.v3.WrrLocality', 'client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin', 'round_robin.v3.RoundRobin'] as const).map((type) => inCluster(`policy ${type}`, { load_balancing_policy: { policies: [{ typed_extension_config: typed('a', `load_balancing_policies.${type}`, type.startsWith('round') ? { slow_start_config: { slow_start_window: '-1s' } } : type.startsWith('client') ? { blackout_period: '-1s' } : {}) }] } }, '/load_balancing_policy/policies/0/typed_extension_config/typed_config')),
  ...wrongAt('foreign', message('filters.http.router.v3.Router')), ...wrongAt('untyped', message('!google.protobuf.Struct')),
  inBootstrap('settings of an action', overload('reduce_timeouts', message('!envoy.config.overload.v3.ScaleTimersOverloadActionConfig', { timer_scale_factors: [{ timer: 'HTTP_DOWNSTREAM_CONNECTION_IDLE', min_timeout: '2s' }] }), scaled), '/overload_manager/actions/0'),
  spiffe({ trust_domains: [{ name: 'a' }] }), spiffe({ trust_domains: [{ name: 'a', trust_bundle: { inline_string: 'x' } }] }), spiffe({ trust_domains: [{ name: 'a', trust_bundle: { filename: '/etc/ssl/certs/ca-certificates.crt' } }] }),
  bundle('x'), bundle({}), bundle({ trust_domains: {} }), bundle(keys()), bundle(keys({ kty: 'RSA' })), bundle(keys({ use: 'x509-svid' })), bundle(keys({ use: 'x509-svid', x5c: ['AAAA'] })),
  gauge({}), gauge({ set: { log_type: 'DownstreamEnd' } }), gauge(pair('DownstreamEnd', 'DownstreamEnd')), gauge({ ...pair('DownstreamStart', 'DownstreamEnd'), set: { log_type: 'DownstreamEnd' } }), gauge(pair('DownstreamStart', 'DownstreamEnd')), gauge({ value_format: '%BYTES_SENT%' }),
  ...descriptors, inHttpFilter('reverse transcoder with empty bytes', 'filters.http.grpc_json_reverse_transcoder.v3.GrpcJsonReverseTranscoder', { descriptor_binary: '' }),
  generic(hosts('')), generic(hosts('x', 'x')), generic(hosts('*', '*')), generic(hosts('*.x', 'x.*', '*')), generic({ ...hosts('*'), routes: MATCH }), generic({ ...hosts('x'), routes: MATCH }),
  san('x.y'), san('1.2.3'), san(''), crl('x'), crl('-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n'), inListener('certificates of a provider', {}, { at: '/filter_chains/0/transport_socket', chain: downstreamTls({ tls_certificate_provider_instance: { instance_name: 'x' } }) }),
  inCluster('names of sockets', { transport_socket_matches: [socketMatch, socketMatch], ...byName }, '/transport_socket_matches/1'), inCluster('names of sockets without a matcher', { transport_socket_matches: [socketMatch, socketMatch] }, '/transport_socket_matches/1'),
  ...([{ query_parameters: { query_parameter_name: 'a', descriptor_key: 'b' } }, { generic_key: { descriptor_value: 'a' } }, { masked_remote_address: {} }] as JsonObject[]).map((action) => inNetworkFilter(`thrift limit ${Object.keys(action).join()}`, 'filters.network.thrift_proxy.v3.ThriftProxy', thrift(limits(action)))),
  hits('%BYTES_SENT%%BYTES_SENT%'), hits('%BYTES_SENT%'), hashing(200, 100), hashing(100, 100), inAction('expression of a limit', limits({ extension: typed('x', 'rate_limit_descriptors.expr.v3.Descriptor', { descriptor_key: 'k' }) })), inManager('expression of a sampler', tracer({ grpc_service: grpc, sampler: typed('x', 'tracers.opentelemetry.samplers.v3.CELSamplerConfig', { expression: {} }) }), '/tracing'), inHttpFilter('empty dictionary', 'filters.http.compressor.v3.Compressor', { compressor_library: typed('z', 'compression.zstd.compressor.v3.Zstd', { dictionary: { inline_string: '' } }) }),
  ['statistics of endpoints', '/static_resources/clusters/2/track_cluster_stats', bootstrap([], [cluster('x', { track_cluster_stats: { per_endpoint_stats: true } })], { cluster_manager: { load_stats_config: api('GRPC') } })], inCluster('statistics of endpoints alone', { track_cluster_stats: { per_endpoint_stats: true } }, '/track_cluster_stats'), inCluster('where to check a host that DNS tells', { type: 'STRICT_DNS', load_assignment: { cluster_name: 'x', endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 'a.com', port_value: 1 } }, health_check_config: { address: { socket_address: { address: 'b', port_value: 2 } } } } }] }] } }, '/load_assignment'),
  noNode('plain', {}), noNode('listeners', { dynamic_resources: { lds_config: path } }), noNode('clusters', { dynamic_resources: { cds_config: path } }), noNode('ads', { dynamic_resources: { ads_config: api('GRPC') } }), noNode('ads by delta', { dynamic_resources: { ads_config: api('DELTA_GRPC') } }), noNode('all by delta', { dynamic_resources: { ads_config: api('DELTA_GRPC'), cds_config: { ads: {}, resource_api_version: 'V3' } } }), noNode('load reports', { cluster_manager: { load_stats_config: api('GRPC') } }),
  noNode('endpoints', {}, [{ name: 'e', type: 'EDS', connect_timeout: '1s', eds_cluster_config: { eds_config: path } }]), inManager('scopes', { route_config: null, scoped_routes: inline }), ['clusters on demand without a node', '/node', { ...inNetworkFilter('', 'filters.network.tcp_proxy.v3.TcpProxy', { stat_prefix: 's', cluster: 'c', on_demand: { odcds_config: { ads: {}, resource_api_version: 'V3' } } })[2], node: null }], ['scopes without a node', '/node', { ...inManager('', { route_config: null, scoped_routes: inline })[2], node: null }],
];
