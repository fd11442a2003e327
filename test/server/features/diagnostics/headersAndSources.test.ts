/** Headers that are added in rarer places, clients of gRPC, modules, and rules of parsed contents: each was asked of `envoy --mode validate`. */
import { describe, expect, test } from 'vitest';
import { listenerWith } from './configurations';
import { checkRefusals, extension, problemsIn, refusals, type Row } from './refusals';

const PROTECTED = 'may not be modified';
const added = (key: string): object[] => [{ header: { key, value: 'a' } }];
const uri = { uri: 'http://a', cluster: 'c', timeout: '1s' };
const routedTo = (cluster: string): object => ({
  matcher: { on_no_match: { action: extension('filters.udp.udp_proxy.v3.Route', { cluster }) } },
});
const datagrams = (key: string): object => ({
  stat_prefix: 'x',
  ...routedTo('c'),
  tunneling_config: { proxy_host: 'a', target_host: 'b', default_target_port: 1, headers_to_add: added(key) },
});
checkRefusals('headers that may not be added', [
  ['filters.udp.udp_proxy.v3.UdpProxyConfig', datagrams('Host'), PROTECTED],
  ['filters.udp.udp_proxy.v3.UdpProxyConfig', datagrams('x-a')],
  ['http.custom_response.local_response_policy.v3.LocalResponsePolicy', { response_headers_to_add: added(':a') }, PROTECTED],
  ['http.custom_response.redirect_policy.v3.RedirectPolicy', { uri: 'http://a/b', request_headers_to_add: added('host') }, PROTECTED],
  [
    'filters.http.ext_authz.v3.ExtAuthz',
    { http_service: { server_uri: uri, authorization_request: { headers_to_add: [{ key: ':a', value: 'b' }] } } },
    PROTECTED,
  ],
]);

const client = (key: string): object => ({ envoy_grpc: { cluster_name: 'c' }, initial_metadata: [{ key, value: 'a' }] });
const log = (key: string): object => ({ common_config: { log_name: 'a', transport_api_version: 'V3', grpc_service: client(key) } });
const source = (fields: object): object => ({
  resource_api_version: 'V3',
  api_config_source: { api_type: 'GRPC', transport_api_version: 'V3', ...fields },
});
const clusters = [{ name: 'c', load_assignment: { cluster_name: 'c' } }];
const bootstrap = (field: string, fields: object): object => ({
  node: { id: 'a', cluster: 'b' },
  static_resources: { clusters },
  dynamic_resources: { [field]: source(fields) },
});
checkRefusals('metadata of gRPC that is no header', [
  ['access_loggers.grpc.v3.HttpGrpcAccessLogConfig', log(':a'), PROTECTED],
  ['access_loggers.grpc.v3.HttpGrpcAccessLogConfig', log('x-a')],
  // These make their client with the first request.
  ['filters.http.ext_authz.v3.ExtAuthz', { grpc_service: client(':a') }],
]);
test('of sources that are asked at once', () => {
  expect(refusals(bootstrap('cds_config', { grpc_services: [client('host')] }))).toEqual([expect.stringContaining(PROTECTED)]);
  expect(refusals(bootstrap('lds_config', { grpc_services: [client('host')] }))).toEqual([]);
});
test('a rate that is no number', () => {
  const limited = (rate: unknown): object => ({ grpc_services: [client('x-a')], rate_limit_settings: { fill_rate: rate } });
  expect(refusals(bootstrap('cds_config', limited('NaN')))).toEqual([expect.stringContaining('must not be NaN')]);
  expect(refusals(bootstrap('lds_config', limited('NaN')))).toEqual([]);
  expect(refusals(bootstrap('cds_config', limited(1.5)))).toEqual([]);
});

const MODULE = 'The module is missing';
checkRefusals('modules', [
  ['filters.listener.dynamic_modules.v3.DynamicModuleListenerFilter', {}, MODULE],
  ['bootstrap.dynamic_modules.v3.DynamicModuleBootstrapExtension', { extension_name: 'a' }, MODULE],
  ['filters.network.dynamic_modules.v3.DynamicModuleNetworkFilter', { dynamic_module_config: { name: 'a' } }],
]);

const rule = (rest: object): object => ({ selectors: [{ key: 'a' }], ...rest });
const parsed = (rest: object, words?: string): Row => {
  const parser = extension('content_parsers.json.v3.JsonContentParser', { rules: [{ rule: rule(rest) }] });
  const fields = { response_rules: { content_parser: parser } };
  return words === undefined
    ? ['filters.http.sse_to_metadata.v3.SseToMetadata', fields]
    : ['filters.http.sse_to_metadata.v3.SseToMetadata', fields, words];
};
const converted = (rest: object): object => ({ request_rules: { rules: [rule(rest)] } });
checkRefusals('what is written of JSON', [
  parsed({ on_missing: { key: 'x' } }),
  parsed({ on_error: { key: 'x' } }),
  parsed({}, 'must be set'),
  ['filters.http.json_to_metadata.v3.JsonToMetadata', converted({ on_missing: { key: 'x' } }), 'needs a "value"'],
  ['filters.http.json_to_metadata.v3.JsonToMetadata', converted({ on_missing: { key: 'x', value: null } })],
]);

const inFilter = (type: string): object => ({ extension_config: extension(type) });
checkRefusals('filters with a matcher', [
  ['common.matching.v3.ExtensionWithMatcher', inFilter('filters.http.cors.v3.Cors')],
  ['common.matching.v3.ExtensionWithMatcher', inFilter('filters.network.echo.v3.Echo'), 'envoy.filters.http'],
  ['common.matching.v3.ExtensionWithMatcher', inFilter('filters.http.upstream_codec.v3.UpstreamCodec'), 'envoy.filters.http'],
]);

const sessions = (filter: object): object => ({ stat_prefix: 'x', ...routedTo('c'), session_filters: [filter] });
checkRefusals('filters of UDP sessions', [
  ['filters.udp.udp_proxy.v3.UdpProxyConfig', sessions({ name: 'x' }), 'No extension is found'],
  ['filters.udp.udp_proxy.v3.UdpProxyConfig', sessions(extension('filters.udp.udp_proxy.session.http_capsule.v3.FilterConfig'))],
]);

describe('a tunnel by POST', () => {
  const proxied = (tunnel: object, cluster: object): object => ({
    static_resources: {
      listeners: [
        {
          name: 'l',
          address: { socket_address: { address: '127.0.0.1', port_value: 80 } },
          filter_chains: [
            {
              filters: [
                extension('filters.network.tcp_proxy.v3.TcpProxy', {
                  stat_prefix: 't',
                  cluster: 'c',
                  tunneling_config: { hostname: 'a:1', ...tunnel },
                }),
              ],
            },
          ],
        },
      ],
      clusters: [{ ...clusters[0], ...cluster }],
    },
  });
  const crashes = (config: object): boolean => problemsIn(config).some(({ code }) => code === 'tcp-proxy-options');
  test('over HTTP/1', () => expect(crashes(proxied({ use_post: true }, {}))).toBe(true));
  test('over HTTP/2', () => expect(crashes(proxied({ use_post: true }, { http2_protocol_options: {} }))).toBe(false));
  test('by CONNECT', () => expect(crashes(proxied({}, {}))).toBe(false));
});

test('a plugin that no route names', () => {
  const plugin = extension('router.cluster_specifiers.priority_group.v3.PriorityGroupClusterSpecifier', {
    priority_groups: [{ name: 'g', clusters: [{ cluster_name: 'gone', weight: 1 }] }],
    header_name: 'y',
  });
  const routed = (route: object): object => {
    const hosts = [{ name: 'v', domains: ['*'], routes: [{ match: { prefix: '/' }, route }] }];
    const manager = extension('filters.network.http_connection_manager.v3.HttpConnectionManager', {
      stat_prefix: 'h',
      route_config: { cluster_specifier_plugins: [{ extension: plugin }], virtual_hosts: hosts },
      http_filters: [extension('filters.http.router.v3.Router')],
    });
    const { static_resources: resources } = listenerWith(manager);
    return { static_resources: { ...resources, clusters } };
  };
  expect(refusals(routed({ cluster: 'c' }))).toEqual([]);
  expect(refusals(routed({ cluster_specifier_plugin: 'x' }))).toEqual([expect.stringContaining('"gone"')]);
});

test('bytes beside a file of descriptors', () => {
  const transcoder = (fields: object): object =>
    extension('filters.http.grpc_json_reverse_transcoder.v3.GrpcJsonReverseTranscoder', fields);
  expect(refusals(transcoder({ descriptor_binary: 'aGVsbG8=' }))).toHaveLength(1);
  expect(refusals(transcoder({ descriptor_path: '/x', descriptor_binary: 'aGVsbG8=' }))).toEqual([]);
});

test('names of headers need not be there where they are not strict', () => {
  const check = { timeout: '1s', interval: '1s', unhealthy_threshold: 1, healthy_threshold: 1 };
  const checked = { ...check, http_health_check: { path: '/', request_headers_to_remove: [''] } };
  const cluster = { ...clusters[0], health_checks: [checked] };
  expect(refusals({ static_resources: { clusters: [cluster] } })).toEqual([]);
});
