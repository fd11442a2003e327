/** Rarer refusals, and those that only newer Envoys have: formats of formats, filters for models and tools, sockets of health checks. */
import type { JsonObject } from '../json';
import {
  address,
  bootstrap,
  inBootstrap,
  inCluster,
  inHttpFilter,
  inListener,
  inLog,
  inManager,
  inRoute,
  message,
  typed,
  type Case,
} from './frame';

const HTTP = 'filters.http.';
const tls = typed('t', 'transport_sockets.tls.v3.UpstreamTlsContext');
const raw = typed('r', 'transport_sockets.raw_buffer.v3.RawBuffer');
const api = (type: string): JsonObject => ({
  api_type: type,
  transport_api_version: 'V3',
  grpc_services: [{ envoy_grpc: { cluster_name: 'c' } }],
});
const format = (text: string): Case =>
  inLog('format ' + text, 'access_loggers.stream.v3.StdoutAccessLog', { log_format: { text_format_source: { inline_string: text } } });
const coalesce = (operators: string): Case => format(`%COALESCE({"operators":${operators}})%`);
const gauge = (operation: JsonObject): Case =>
  inLog('gauge ' + JSON.stringify(operation), 'access_loggers.stats.v3.Config', {
    stats_scope: {},
    gauges: [{ stat: { name: 'g' }, value_fixed: 1, ...operation }],
  });
const metadata = (key: string, value: string): Case =>
  inLog(`metadata ${key}`, 'access_loggers.grpc.v3.HttpGrpcAccessLogConfig', {
    common_config: {
      log_name: 'a',
      transport_api_version: 'V3',
      grpc_service: { google_grpc: { target_uri: 'a', stat_prefix: 'b' }, initial_metadata: [{ key, value }] },
    },
  });
const check = (fields: JsonObject, http: JsonObject = {}): Case =>
  inCluster('check ' + JSON.stringify([fields, http]).slice(0, 60), {
    ...fields,
    health_checks: [
      {
        timeout: '1s',
        interval: '1s',
        unhealthy_threshold: 1,
        healthy_threshold: 1,
        http_health_check: { path: '/', use_alpn_protocol: true, ...http },
      },
    ],
  });
const aware = (fields: JsonObject): Case =>
  inCluster('aware ' + JSON.stringify(fields), {
    load_balancing_policy: {
      policies: [
        {
          typed_extension_config: typed('l', 'load_balancing_policies.load_aware_locality.v3.LoadAwareLocality', {
            endpoint_picking_policy: {
              policies: [{ typed_extension_config: typed('r', 'load_balancing_policies.round_robin.v3.RoundRobin') }],
            },
            ...fields,
          }),
        },
      ],
    },
  });
const datagrams = (bind: boolean): Case => [
  `datagrams ${bind}`,
  '/static_resources/listeners/0/bind_to_port',
  bootstrap([
    {
      name: 'u',
      address: address(53, 'UDP'),
      bind_to_port: bind,
      listener_filters: [
        typed('d', 'filters.udp.dns_filter.v3.DnsFilterConfig', { stat_prefix: 'd', server_config: { inline_dns_table: {} } }),
      ],
    },
  ]),
];
const bridge = (config: JsonObject): Case =>
  inHttpFilter('bridge ' + JSON.stringify(config), HTTP + 'mcp_json_rest_bridge.v3.McpJsonRestBridge', { tool_config: config });
const tool = (name: string): JsonObject => ({ name, http_rule: { get: '/a' } });
const matcher = { inclusion_list: { patterns: [{ safe_regex: { regex: '(' } }] } };
const reverse = (text: string, port = 0): Case =>
  inListener(
    'reverse ' + text,
    { address: { socket_address: { address: text, port_value: port, resolver_name: 'envoy.resolvers.reverse_connection' } } },
    { at: '/address' },
  );
const files = (...behaviors: JsonObject[]): Case =>
  inHttpFilter('files ' + JSON.stringify(behaviors), HTTP + 'file_server.v3.FileServerConfig', {
    manager_config: { thread_pool: {} },
    path_mappings: [{ request_path_prefix: '/a', file_path_prefix: '/b' }],
    directory_behaviors: behaviors,
  });

// prettier-ignore
export const newerCases: readonly Case[] = [
  coalesce('["NOPE"]'), coalesce('[1]'), coalesce('[{}]'), coalesce('[]'), coalesce('["REQ"]'), coalesce('["PROTOCOL",{"command":"REQ","param":"a?b","max_length":3}]'), coalesce('[{"command":"REQ","param":"a","max_length":0}]'),
  format('%START_TIME(%1n)%'), format('%START_TIME(%1f)%'), format('%REQUESTED_SERVER_NAME(HOST_FIRST:ORIG_OR_HOST)%'),
  gauge({ set: {} }), gauge({ add_subtract: { add_log_type: 'DownstreamStart', sub_log_type: 'DownstreamEnd' } }), gauge({ add_subtract: { add_log_type: 'DownstreamStart' } }),
  metadata('a b', 'c'), metadata('a', 'é'), metadata('a-bin', 'é'),
  check({}), check({ transport_socket: tls }), check({ transport_socket: tls, transport_socket_matches: [{ name: 'm', match: {}, transport_socket: raw }] }), check({ transport_socket: tls }, { codec_client_type: 'HTTP3' }),
  aware({}), aware({ remote_probe_fraction: 1 }), aware({ smoothing_time_constant: '0s' }), aware({ weight_update_period: '0.05s' }),
  datagrams(true), datagrams(false),
  bridge({ tools: [tool('a'), tool('a')] }), bridge({ tools: [tool('a'), tool('b')] }), bridge({ tool_list_http_rule: { post: '/a' } }), bridge({ tool_list_http_rule: { get: '/a' } }),
  inCluster('cluster statistics', { stats_matcher: matcher }, '/stats_matcher'), inBootstrap('bootstrap statistics', { stats_config: { stats_matcher: matcher } }),
  reverse('rc://n:c:t@remote:1'), reverse('rc://n:c@remote:1'), reverse('rc://n:c:t@remote:x'), reverse('127.0.0.1'),
  files({ default_file: 'a' }, { default_file: 'a' }), files({ list: {} }, { list: {} }), files({ default_file: 'a' }, { list: {} }),
  inHttpFilter('module text', HTTP + 'dynamic_modules.v3.DynamicModuleFilter', { filter_name: 'f', dynamic_module_config: { module: { local: { inline_string: 'x' } } } }),
  inHttpFilter('authz path', HTTP + 'ext_authz.v3.ExtAuthz', { http_service: { server_uri: { uri: 'http://a', cluster: 'c', timeout: '1s' }, path_override: 'b' } }),
  inRoute('authz path of a route', { route: { cluster: 'c' }, typed_per_filter_config: { x: message(HTTP + 'ext_authz.v3.ExtAuthzPerRoute', { check_settings: { http_service: { server_uri: { uri: 'http://a', cluster: 'c', timeout: '1s' }, path_prefix: 'a' } } }) } }, '/typed_per_filter_config/x'),
  inBootstrap('collection', { dynamic_resources: { cds_resources_locator: 'xdstp:///envoy.config.cluster.v3.Cluster/all/*' } }, '/dynamic_resources/cds_resources_locator'),
  inManager('vhds ads', { route_config: { name: 'r', vhds: { config_source: { resource_api_version: 'V3', ads: {} } } } }),
  ...['GRPC', 'DELTA_GRPC'].map((type): Case => { const [name, pointer, config] = inManager('vhds ads ' + type, { route_config: { name: 'r', vhds: { config_source: { resource_api_version: 'V3', ads: {} } } } }, '/route_config/vhds'); return [name, pointer, { ...config, dynamic_resources: { ads_config: api(type) } }]; }),
];
