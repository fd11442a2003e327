/** Rarer refusals of Envoy 1.40, and what only looks like them: each was asked of `envoy --mode validate`. */
import { expect, test } from 'vitest';
import { listenerWith } from './configurations';
import { checkRefusals, extension, problemsIn, refusals, type Row } from './refusals';

const FILTERS = 'filters.http';
const http = (fields: object): object => ({ http_service: { server_uri: { uri: 'http://a', cluster: 'c', timeout: '1s' }, ...fields } });
const files = (behaviors: object[]): object => ({
  manager_config: { thread_pool: {} },
  path_mappings: [{ request_path_prefix: '/a', file_path_prefix: '/b' }],
  directory_behaviors: behaviors,
});
const modules = (source: object): object => ({ dynamic_module_config: { module: { local: source } }, filter_name: 'f' });
const gauge = (operation: object): object => ({ stats_scope: {}, gauges: [{ stat: { name: 'g' }, value_fixed: 1, ...operation }] });

checkRefusals('filters', [
  [`${FILTERS}.ext_authz.v3.ExtAuthz`, http({ path_override: 'b' }), 'must start with "/"'],
  [`${FILTERS}.ext_authz.v3.ExtAuthz`, http({ path_override: '/b' })],
  [`${FILTERS}.ext_authz.v3.ExtAuthzPerRoute`, { check_settings: http({ path_prefix: 'a', path_override: 'b' }) }],
  [`${FILTERS}.file_server.v3.FileServerConfig`, files([{ default_file: 'a' }, { default_file: 'a' }]), 'Duplicate "default_file"'],
  [`${FILTERS}.file_server.v3.FileServerConfig`, files([{ list: {} }, { list: {} }]), 'more than one "list"'],
  [`${FILTERS}.file_server.v3.FileServerConfig`, files([{ default_file: 'a' }, { default_file: 'b' }, { list: {} }])],
  [`${FILTERS}.dynamic_modules.v3.DynamicModuleFilter`, modules({ inline_string: 'x' }), 'Only a local file'],
  [`${FILTERS}.dynamic_modules.v3.DynamicModuleFilter`, modules({ filename: '/x.so' })],
  [`${FILTERS}.ip_tagging.v3.IPTagging`, { ip_tags_datasource: { inline_string: 'x' } }, '"filename" is not set'],
  [`${FILTERS}.ip_tagging.v3.IPTagging`, { ip_tags_datasource: { filename: 'tags.yml' } }, 'must end with ".yaml" or ".json"'],
  [`${FILTERS}.ip_tagging.v3.IPTagging`, { ip_tags_datasource: { filename: 'tags.yaml' } }],
]);

checkRefusals('where a user is sent', [
  ...['https://a:99999/', 'https://a b/', 'https:///a', '//a/b'].map((uri): Row => [
    `http.custom_response.redirect_policy.v3.RedirectPolicy`,
    { uri },
    'Invalid URL',
  ]),
  ...['https://a', 'ftp://a/', 'https://[::1]:80/b?c#d'].map((uri): Row => [
    `http.custom_response.redirect_policy.v3.RedirectPolicy`,
    { uri },
  ]),
]);

checkRefusals('gauges', [
  ['access_loggers.stats.v3.Config', gauge({ set: {} }), '"log_type"'],
  ['access_loggers.stats.v3.Config', gauge({ set: { log_type: 'NotSet' } }), '"log_type"'],
  ['access_loggers.stats.v3.Config', gauge({ add_subtract: { add_log_type: 'TcpConnectionEnd' } }), '"sub_log_type"'],
  ['access_loggers.stats.v3.Config', gauge({ add_subtract: { add_log_type: 'DownstreamStart', sub_log_type: 'DownstreamEnd' } })],
]);

const format = (text: string): Row => [
  'access_loggers.stream.v3.StdoutAccessLog',
  { log_format: { text_format_source: { inline_string: text } } },
];
const coalesce = (operators: unknown): Row => format(`%COALESCE(${JSON.stringify({ operators })})%`);
checkRefusals('commands', [
  [...taken(coalesce(['NOPE'])), 'no command "NOPE"'],
  [...taken(coalesce([1])), 'neither the name'],
  [...taken(coalesce([{ command: 'REQ', param: 1 }])), '"param"'],
  [...taken(coalesce([{ command: 'REQ', param: 'a', max_length: 0 }])), 'positive'],
  [...taken(coalesce([{ command: 'REQ', param: 'a', max_length: 'b' }])), 'integer'],
  [...taken(coalesce(['REQ'])), 'needs parameters'],
  [...taken(coalesce([])), 'must not be empty'],
  [...taken(coalesce([{}])), '"command"'],
  coalesce(['PROTOCOL', { command: 'REQ', param: 'a?b', max_length: 3 }]),
  [...taken(format('%START_TIME(%1n)%')), '%n'],
  format('%START_TIME(%1f)%'),
  format('%REQUESTED_SERVER_NAME(HOST_FIRST:ORIG_OR_HOST)%'),
]);

function taken([type, fields]: Row): readonly [string, object] {
  return [type, fields];
}

const log = (service: object): object =>
  extension('access_loggers.grpc.v3.HttpGrpcAccessLogConfig', {
    common_config: { log_name: 'a', transport_api_version: 'V3', grpc_service: service },
  });
const metadata = (key: string, value: string): object => ({
  google_grpc: { target_uri: 'a', stat_prefix: 'b' },
  initial_metadata: [{ key, value }],
});
test('metadata that the gRPC library does not take', () => {
  expect(refusals(log(metadata('a b', 'c')))).toEqual([expect.stringContaining('key of gRPC')]);
  expect(refusals(log(metadata('a', 'é')))).toEqual([expect.stringContaining('ASCII value')]);
  expect(refusals(log(metadata('a-bin', 'é')))).toEqual([]);
  expect(refusals(log({ ...metadata('a b', 'c'), google_grpc: undefined, envoy_grpc: { cluster_name: 'c' } }))).toEqual([]);
  expect(refusals(extension('filters.http.ext_authz.v3.ExtAuthz', { grpc_service: metadata('a b', 'c') }))).toEqual([]);
});
test('retries of a client that is made later', () => {
  const retryPolicy = { retry_back_off: { base_interval: '2s', max_interval: '1s' } };
  const service = { envoy_grpc: { cluster_name: 'c', retry_policy: retryPolicy } };
  expect(refusals(log(service))).toEqual([]);
  expect(refusals(extension('filters.http.ext_authz.v3.ExtAuthz', { grpc_service: service }))).toEqual([]);
  const ads_config = { api_type: 'GRPC', transport_api_version: 'V3', grpc_services: [service] };
  const bootstrap = {
    node: { id: 'n', cluster: 'k' },
    dynamic_resources: { ads_config },
    static_resources: { clusters: [{ name: 'c', load_assignment: { cluster_name: 'c' } }] },
  };
  expect(refusals(bootstrap)).toEqual([expect.stringContaining('"max_interval"')]);
  const keys = { remote_jwks: { http_uri: { uri: 'http://a', cluster: 'c', timeout: '1s' }, retry_policy: retryPolicy } };
  expect(refusals(extension('filters.http.jwt_authn.v3.JwtAuthentication', { providers: { p: keys } }))).toEqual([
    expect.stringContaining('"max_interval"'),
  ]);
});

const udp = (filter: object): object => ({
  name: 'u',
  address: { socket_address: { address: '127.0.0.1', port_value: 53, protocol: 'UDP' } },
  listener_filters: [filter],
});
test('filters that are discovered', () => {
  const discovery = (types: string[]): object => ({ name: 'a', config_discovery: { config_source: { ads: {} }, type_urls: types } });
  const proxy = 'type.googleapis.com/envoy.extensions.filters.udp.udp_proxy.v3.UdpProxyConfig';
  expect(refusals(udp(discovery([proxy])))).toEqual([expect.stringContaining('UDP listener cannot be discovered')]);
  const chain = (types: string[]): object => ({ ...listenerWith(discovery(types)), node: { id: 'n', cluster: 'k' } });
  expect(refusals(chain(['nope']))).toEqual([]);
  const filters = (types: string[]): object => {
    const address = { socket_address: { address: '127.0.0.1', port_value: 80 } };
    const chains = [{ filters: [extension('filters.network.echo.v3.Echo')] }];
    const listener = { name: 'l', address, filter_chains: chains, listener_filters: [discovery(types)] };
    return { static_resources: { listeners: [listener] }, node: { id: 'n', cluster: 'k' } };
  };
  expect(refusals(filters(['nope']))).toEqual([expect.stringContaining('required type "nope"')]);
  expect(refusals(filters(['type.googleapis.com/our.own.Filter']))).toEqual([]);
});

test.each([
  ['rc://n:c:t@remote:1', 0, undefined],
  ['rc://n:c:@remote:1', 0, undefined],
  ['rc://n:c@remote:1', 0, 'must be "rc://'],
  ['rc://n:c:t@remote:x', 0, 'must be "rc://'],
  ['127.0.0.1', 0, 'must be "rc://'],
  ['rc://n:c:t@remote:1', 80, 'Only port 0'],
])('the reverse address %s, port %d', (address, port, words) => {
  const socket = { address, port_value: port, resolver_name: 'envoy.resolvers.reverse_connection' };
  const chains = [{ filters: [extension('filters.network.echo.v3.Echo', {})] }];
  const found = refusals({ name: 'l', address: { socket_address: socket }, filter_chains: chains });
  expect(found).toEqual(words === undefined ? [] : [expect.stringContaining(words)]);
});

const TLS = extension('transport_sockets.tls.v3.UpstreamTlsContext', {});
const RAW = extension('transport_sockets.raw_buffer.v3.RawBuffer', {});
const cluster = (fields: object): object => ({ name: 'c', type: 'STATIC', ...fields });
test('automatic HTTP versions need ALPN of every socket', () => {
  const options = { '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions', auto_config: {} };
  const auto = (sockets: object[], own?: object): object =>
    cluster({
      typed_extension_protocol_options: { 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': options },
      transport_socket: own,
      transport_socket_matches: sockets.map((socket, index) => ({ name: `m${index}`, match: { a: 'b' }, transport_socket: socket })),
    });
  expect(refusals(auto([RAW], TLS))).toEqual([expect.stringContaining('ALPN')]);
  expect(refusals(auto([TLS], TLS))).toEqual([]);
  expect(refusals(auto([], RAW))).toEqual([expect.stringContaining('ALPN')]);
});
test('what picks a transport socket', () => {
  const action = (config: object): object =>
    cluster({
      transport_socket_matches: [{ name: 'a', match: {}, transport_socket: RAW }],
      transport_socket_matcher: { on_no_match: { action: config } },
    });
  expect(refusals(action(RAW))).toEqual([expect.stringContaining('no action "RawBuffer"')]);
  expect(refusals(action(extension('matching.common_inputs.transport_socket.v3.TransportSocketNameAction', { name: 'a' })))).toEqual([]);
});

const api = (type: string): object => ({
  api_type: type,
  transport_api_version: 'V3',
  grpc_services: [{ envoy_grpc: { cluster_name: 'xds' } }],
});
const statics = (resources: object = {}): object => ({
  clusters: [cluster({ name: 'xds', load_assignment: { cluster_name: 'xds' } })],
  ...resources,
});
test('VHDS over ADS needs delta streams', () => {
  const manager = extension('filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'h',
    route_config: { name: 'r', vhds: { config_source: { resource_api_version: 'V3', ads: {} } } },
    http_filters: [extension('filters.http.router.v3.Router', {})],
  });
  const bootstrap = (type: string): object => {
    const { static_resources: listeners } = listenerWith(manager);
    return { node: { id: 'n', cluster: 'k' }, static_resources: statics(listeners), dynamic_resources: { ads_config: api(type) } };
  };
  expect(refusals(bootstrap('GRPC'))).toEqual([expect.stringContaining('not DELTA_GRPC')]);
  expect(refusals(bootstrap('DELTA_GRPC'))).toEqual([]);
});
test('a collection of clusters needs a source', () => {
  const locator = 'xdstp:///envoy.config.cluster.v3.Cluster/all/*';
  const bootstrap = (resources: object): object => ({
    node: { id: 'n', cluster: 'k' },
    static_resources: statics(),
    dynamic_resources: resources,
  });
  expect(refusals(bootstrap({ cds_resources_locator: locator }))).toEqual([expect.stringContaining('"cds_config" must say so')]);
  expect(refusals(bootstrap({ cds_resources_locator: locator, cds_config: { api_config_source: api('DELTA_GRPC') } }))).toEqual([]);
});
test('an AWS region may come from the environment', () => {
  const signing = extension('filters.http.aws_request_signing.v3.AwsRequestSigning', { service_name: 's' });
  expect(refusals(signing)).toEqual([]);
  const found = problemsIn(signing);
  expect(found.map(({ severity, message }) => `${severity}: ${message}`)).toContainEqual(expect.stringMatching(/^warning: No AWS region/));
});

const AI = 'filters.http';
const tools = (...names: string[]): object => ({ tools: names.map((name) => ({ name, http_rule: { get: '/a' } })) });
const wasm = (config: object): Row => ['filters.http.wasm.v3.Wasm', { config }];
const machine = (fields: object): object => ({
  vm_config: { runtime: 'envoy.wasm.runtime.v8', code: { local: { filename: '/a.wasm' } }, ...fields },
});
const action = (fields: object): object => ({
  extension_config: extension('filters.http.composite.v3.Composite', {}),
  xds_matcher: { on_no_match: { action: extension('filters.http.composite.v3.ExecuteFilterAction', fields) } },
});
checkRefusals('filters of newer Envoys', [
  [`${AI}.mcp_json_rest_bridge.v3.McpJsonRestBridge`, { tool_config: tools('a', 'a') }, 'Duplicate tool name'],
  [`${AI}.mcp_json_rest_bridge.v3.McpJsonRestBridge`, { tool_config: tools('a', 'b') }],
  [`${AI}.mcp_json_rest_bridge.v3.McpJsonRestBridge`, { tool_config: { tool_list_http_rule: { post: '/a' } } }, 'must be a GET'],
  [
    `${AI}.mcp_json_rest_bridge.v3.McpJsonRestBridge`,
    { tool_config: { tool_list_http_rule: { get: '/a', delete: '/b' } } },
    'must be a GET',
  ],
  [`${AI}.mcp_json_rest_bridge.v3.McpJsonRestBridge`, { tool_config: { tool_list_http_rule: { get: '/a' } } }],
  ['common.matching.v3.ExtensionWithMatcher', action({ filter_chain: {} }), 'at least one filter'],
  ['common.matching.v3.ExtensionWithMatcher', action({ filter_chain: { typed_config: [extension('filters.http.cors.v3.Cors', {})] } })],
  [...taken(wasm({ ...machine({}), fail_open: true, failure_policy: 'FAIL_OPEN' })), 'Only one of'],
  [...taken(wasm(machine({ code: { local: { inline_string: 'x' } } }))), 'no Wasm module'],
  wasm(machine({ code: { local: { inline_bytes: 'AGFzbQEAAAA=' } } })),
  [...taken(wasm(machine({ environment_variables: { host_env_keys: ['A'], key_values: { A: 'b' } } }))), 'duplicated'],
  wasm(machine({ environment_variables: { host_env_keys: ['A'], key_values: { B: 'b' } } })),
  ...[{}, { config: {} }, { config: { vm_config: { runtime: 'envoy.wasm.runtime.v8' } } }].flatMap((fields): Row[] => [
    ['filters.http.wasm.v3.Wasm', fields, '"code"'],
    ['access_loggers.wasm.v3.WasmAccessLog', fields, '"code"'],
  ]),
  [...taken(wasm(machine({ runtime: 'v8' }))), 'there is no runtime "v8"'],
  wasm(machine({ runtime: 'envoy.wasm.runtime.wamr' })),
  wasm(machine({ runtime: 'v8', code: { remote: { http_uri: { uri: 'a', cluster: 'c', timeout: '1s' }, sha256: 'a' } } })),
  ['wasm.v3.WasmService', { config: machine({ code: { local: { inline_string: 'x' } } }) }],
  ['wasm.v3.WasmService', { config: {} }],
  ['filters.http.cache.v3.CacheConfig', inFiles({}), '"manager_config" is missing'],
  ['filters.http.cache.v3.CacheConfig', inFiles({ manager_config: { thread_pool: {} } })],
  ['quic.server_preferred_address.v3.FixedServerPreferredAddressConfig', preferred({ address: '::1' }), 'Bad v4'],
  ['quic.server_preferred_address.v3.FixedServerPreferredAddressConfig', preferred({ address: '1.2.3.4', port_value: 1 }), 'must be zero'],
  ['quic.server_preferred_address.v3.FixedServerPreferredAddressConfig', preferred({ address: '1.2.3.4', port_value: 0 })],
]);

function inFiles(fields: object): object {
  const type = 'type.googleapis.com/envoy.extensions.http.cache.file_system_http_cache.v3.FileSystemHttpCacheConfig';
  return { typed_config: { '@type': type, cache_path: '/a', ...fields } };
}

function preferred(address: object): object {
  return { ipv4_config: { address: { port_value: 0, ...address } } };
}

checkRefusals('headers of a limit of one proxy are made at once', [
  ['filters.http.local_ratelimit.v3.LocalRateLimit', over({ key: ':path', value: 'a' }), 'may not be modified'],
  ['filters.http.local_ratelimit.v3.LocalRateLimit', over({ key: 'x', value: '%NOPE%' }), 'NOPE'],
  ['filters.http.local_ratelimit.v3.LocalRateLimit', over({ key: 'x', value: 'a' })],
]);

function over(header: object): object {
  return { stat_prefix: 's', request_headers_to_add_when_not_enforced: [{ header }] };
}

checkRefusals('what a policy hashes', [
  ['load_balancing_policies.ring_hash.v3.RingHash', hashed({}), 'Envoy crashes'],
  ['load_balancing_policies.maglev.v3.Maglev', hashed({ cookie: { name: 'a', ttl: '-1s' } })],
  ['load_balancing_policies.maglev.v3.Maglev', hashed({ header: { header_name: 'a' } })],
]);

function hashed(policy: object): object {
  return { consistent_hashing_lb_config: { hash_policy: [policy] } };
}

test('a tap that waits for the admin interface needs one', () => {
  const tap = extension('filters.http.tap.v3.Tap', { common_config: { admin_config: { config_id: 'a' } } });
  const manager = extension('filters.network.http_connection_manager.v3.HttpConnectionManager', { http_filters: [tap] });
  const address = { socket_address: { address: '127.0.0.1', port_value: 1 } };
  const crashes = (admin: object): boolean =>
    refusals({ ...admin, static_resources: { listeners: [{ address, filter_chains: [{ filters: [manager] }] }] } }).some((message) =>
      message.startsWith('Envoy crashes'),
    );
  expect([crashes({}), crashes({ admin: {} }), crashes({ admin: { address } })]).toEqual([true, true, false]);
});

checkRefusals('checks of datagrams', [
  ['health_checkers.udp.v3.UdpHealthCheck', {}],
  ['health_checkers.udp.v3.UdpHealthCheck', { send: { text: '00' }, receive: {} }],
  ['health_checkers.udp.v3.UdpHealthCheck', { send: { text: '' } }, 'Invalid hex string'],
  ['health_checkers.udp.v3.UdpHealthCheck', { receive: { text: '0' } }, 'Invalid hex string'],
]);
const claim = { descriptor_key: 'k', claim_name: 'c' };
checkRefusals('where the token of a descriptor is', [
  ['rate_limit_descriptors.jwt_claim.v3.Descriptor', claim, 'header or a cookie'],
  ['rate_limit_descriptors.jwt_claim.v3.Descriptor', { ...claim, header_name: 'h', cookie: 'c' }, 'Only one of'],
  ['rate_limit_descriptors.jwt_claim.v3.Descriptor', { ...claim, header_name: 'h' }],
]);

const inManager = (filter: object): object => ({ request_handling: {}, filters: [filter] });
checkRefusals('filters of an AI protocol', [
  [`${AI}.ai_protocol_manager.v3.AiProtocolManager`, inManager(extension('http.ai_filters.request_info.v3.RequestInfo'))],
  [
    `${AI}.ai_protocol_manager.v3.AiProtocolManager`,
    inManager(extension('filters.http.cors.v3.Cors')),
    'envoy.http.ai_filters is expected',
  ],
  ['http.ai_filters.transcoder.v3.Transcoder', { request_handling: 'DIRECTION_UNSPECIFIED' }, 'At least one of "request_handling"'],
  ['http.ai_filters.transcoder.v3.Transcoder', { response_handling: 'TO_IR' }],
]);

test('a filter of an AI protocol needs the handling of requests', () => {
  const filters = { filters: [extension('filters.http.cors.v3.Cors', {})] };
  const manager = (fields: object): string[] =>
    refusals(extension('filters.http.ai_protocol_manager.v3.AiProtocolManager', { ...filters, ...fields }));
  expect(manager({})).toContainEqual(expect.stringContaining('"request_handling"'));
  expect(manager({ request_handling: {} })).not.toContainEqual(expect.stringContaining('need "request_handling"'));
});
test('nobody hands datagrams over', () => {
  const proxy = extension('filters.udp.dns_filter.v3.DnsFilterConfig', { stat_prefix: 'd', server_config: { inline_dns_table: {} } });
  expect(refusals({ ...udp(proxy), bind_to_port: false })).toEqual([expect.stringContaining('not supported for UDP')]);
  expect(refusals({ ...udp(proxy), bind_to_port: true })).toEqual([]);
});
test('health checks by ALPN', () => {
  const checked = (fields: object, http: object = {}): object => {
    const check = { timeout: '1s', interval: '1s', unhealthy_threshold: 1, healthy_threshold: 1 };
    return cluster({ health_checks: [{ ...check, http_health_check: { path: '/', use_alpn_protocol: true, ...http } }], ...fields });
  };
  expect(refusals(checked({ transport_socket: TLS }))).toEqual([]);
  expect(refusals(checked({}))).toEqual([expect.stringContaining('negotiates no ALPN')]);
  expect(refusals(checked({ transport_socket: TLS }, { codec_client_type: 'HTTP3' }))).toEqual([expect.stringContaining('HTTP3')]);
});
test('shares of load that is aware of localities', () => {
  const picking = { policies: [{ typed_extension_config: extension('load_balancing_policies.round_robin.v3.RoundRobin', {}) }] };
  const policy = (fields: object): object =>
    extension('load_balancing_policies.load_aware_locality.v3.LoadAwareLocality', { endpoint_picking_policy: picking, ...fields });
  expect(refusals(policy({ remote_probe_fraction: 1 }))).toEqual([expect.stringContaining('remote_probe_fraction')]);
  expect(refusals(policy({ remote_probe_fraction: 0.5 }))).toEqual([]);
});
test('statistics of a cluster are matched at once, those of the bootstrap later', () => {
  const matcher = { inclusion_list: { patterns: [{ safe_regex: { regex: '(' } }] } };
  expect(refusals(cluster({ stats_matcher: matcher }))).toEqual([expect.stringContaining('RE2')]);
  expect(refusals({ static_resources: {}, stats_config: { stats_matcher: matcher } })).toEqual([]);
});
test('TLS parameters of one certificate', () => {
  const context = (side: string, parameters: object): object =>
    extension(`transport_sockets.tls.v3.${side}TlsContext`, {
      common_tls_context: {
        tls_certificates: [{ certificate_chain: { filename: 'a' }, private_key: { filename: 'b' }, tls_params: parameters }],
      },
    });
  const unknown = { ecdh_curves: ['nope'] };
  expect(refusals(context('Downstream', unknown))).toEqual([expect.stringContaining('ECDH')]);
  expect(refusals(context('Upstream', unknown))).toEqual([]);
  const crossed = { tls_minimum_protocol_version: 'TLSv1_3', tls_maximum_protocol_version: 'TLSv1_2' };
  for (const side of ['Downstream', 'Upstream'])
    expect(refusals(context(side, crossed))).toEqual([expect.stringContaining('lowest version')]);
});
