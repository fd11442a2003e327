/** Rules of extensions and of the bootstrap: which extension stands where, and which settings go together. */
import { describe, expect, test } from 'vitest';
import { categoriesOfField, isRouteSettings, typesOfCategory } from '../../../../server/src/schema/extensions/extensionCategories';
import { checkDiagnostic } from '../../../support/check';
import { cluster, listener, route } from './configurations';

const TYPE = 'type.googleapis.com/envoy.extensions.filters';
const ROUTER = `{ name: r, typed_config: { "@type": ${TYPE}.http.router.v3.Router } }`;
const manager = (fields: string): string =>
  listener(
    `    filter_chains: [{ filters: [{ name: h, typed_config: { "@type": ${TYPE}.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: h, ${fields} } }] }]`,
  );
const httpFilter = (type: string, fields = ''): string =>
  manager(`http_filters: [{ name: x, typed_config: { "@type": ${type}${fields} } }, ${ROUTER}]`);

test('categories', () => {
  expect(categoriesOfField({ name: 'typed_config' }, { name: 'envoy.config.listener.v3.Filter' })).toEqual(['filters.network']);
  expect(categoriesOfField({ name: 'name' }, { name: 'envoy.config.listener.v3.Filter' })).toBeUndefined();
  expect(typesOfCategory('filters.http').has('envoy.extensions.filters.http.router.v3.Router')).toBe(true);
  expect(isRouteSettings('envoy.extensions.filters.http.buffer.v3.BufferPerRoute')).toBe(true);
});

describe('wrong-extension', () => {
  test('a network filter among HTTP filters', () => checkDiagnostic('wrong-extension', httpFilter(`‹|${TYPE}.network.echo.v3.Echo|›`)));
  test('settings for a route', () =>
    checkDiagnostic('wrong-extension', httpFilter(`‹|${TYPE}.http.buffer.v3.BufferPerRoute|›`, ', disabled: true')));
  test('settings that Envoy cannot tell from its own', () =>
    checkDiagnostic('wrong-extension', httpFilter(`${TYPE}.http.mcp.v3.McpOverride`, ', traffic_mode: PASS_THROUGH')));
  test('those that it can', () =>
    checkDiagnostic('wrong-extension', httpFilter(`‹|${TYPE}.http.mcp.v3.McpOverride|›`, ', max_request_body_size: 5')));
  test('a message that is no extension', () =>
    checkDiagnostic('wrong-extension', httpFilter('‹|type.googleapis.com/google.protobuf.Struct|›')));
  test('the right one', () => checkDiagnostic('wrong-extension', httpFilter(`${TYPE}.http.cors.v3.Cors`)));
  test('what only the proxy of Istio has is wrong in a bootstrap, and right in a list that such a proxy may have printed', () => {
    const mark = 'type.googleapis.com/stats.PluginConfig';
    checkDiagnostic('wrong-extension', httpFilter(`‹|${mark}|›`));
    checkDiagnostic(
      'wrong-extension',
      `- name: virtualOutbound\n  filterChains: [{ filters: [{ name: istio.stats, typedConfig: { "@type": ${mark} } }] }]`,
    );
    const exchange = 'type.googleapis.com/envoy.tcp.metadataexchange.config.MetadataExchange';
    checkDiagnostic(
      'wrong-extension',
      `- name: c\n  type: EDS\n  filters: [{ name: istio.metadata_exchange, typedConfig: { "@type": ${exchange} } }]`,
    );
  });
  test('a transport socket of the other side', () =>
    checkDiagnostic(
      'wrong-extension',
      cluster(
        '    transport_socket: { name: t, typed_config: { "@type": ‹|type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext|› } }',
      ),
    ));
  test('a filter of upstream requests', () =>
    checkDiagnostic(
      'wrong-extension',
      cluster(
        `    typed_extension_protocol_options: { envoy.extensions.upstreams.http.v3.HttpProtocolOptions: { "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: { http_protocol_options: {} }, http_filters: [{ name: c, typed_config: { "@type": ${TYPE}.http.upstream_codec.v3.UpstreamCodec } }] } }`,
      ),
    ));
});

describe('per-filter-config', () => {
  const config = (type: string, fields = ''): string =>
    route(`route: { cluster: c }, typed_per_filter_config: { f: { "@type": ${type}${fields} } }`);
  test('a filter without settings on routes', () => checkDiagnostic('per-filter-config', config(`‹|${TYPE}.http.grpc_web.v3.GrpcWeb|›`)));
  test("the filter's own configuration", () =>
    checkDiagnostic('per-filter-config', config(`‹|${TYPE}.http.buffer.v3.Buffer|›`, ', max_request_bytes: 1')));
  test('the settings', () => checkDiagnostic('per-filter-config', config(`${TYPE}.http.buffer.v3.BufferPerRoute`, ', disabled: true')));
});

describe('extension-settings', () => {
  test('a rule about neither header nor cookie', () =>
    checkDiagnostic(
      'extension-settings',
      httpFilter(`${TYPE}.http.header_to_metadata.v3.Config`, ', request_rules: [{ ‹|on_header_present|›: { key: x } }]'),
    ));
  test('a rule about a header', () =>
    checkDiagnostic(
      'extension-settings',
      httpFilter(`${TYPE}.http.header_to_metadata.v3.Config`, ', request_rules: [{ header: x, on_header_present: { key: x } }]'),
    ));
  test('two services', () =>
    checkDiagnostic(
      'extension-settings',
      httpFilter(
        `${TYPE}.http.ext_proc.v3.ExternalProcessor`,
        ', grpc_service: { envoy_grpc: { cluster_name: c } }, ‹|http_service|›: { http_service: {} }',
      ),
    ));
  test('a path without POST', () =>
    checkDiagnostic(
      'extension-settings',
      listener(
        `    filter_chains: [{ filters: [{ name: t, typed_config: { "@type": ${TYPE}.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: c, tunneling_config: { hostname: a, post_path: ‹|/x|› } } }] }]`,
      ),
    ));
  test('ejection times the wrong way round', () =>
    checkDiagnostic('extension-settings', cluster('    outlier_detection: { base_ejection_time: 30s, max_ejection_time: ‹|10s|› }')));
  test('a base time above the default maximum', () =>
    checkDiagnostic('extension-settings', cluster('    outlier_detection: { base_ejection_time: 900s }')));
});

describe('malformed-address', () => {
  const admin = (address: string): string => `static_resources: {}\nadmin: { address: ${address} }`;
  test('a name', () => checkDiagnostic('malformed-address', admin('{ socket_address: { address: ‹|localhost|›, port_value: 1 } }')));
  test('an IP', () => checkDiagnostic('malformed-address', admin('{ socket_address: { address: "::1", port_value: 1 } }')));
  test('a path with a null character', () => checkDiagnostic('malformed-address', admin(`{ pipe: { path: ‹|"/x\\0y"|› } }`)));
  test('an abstract name with one', () => checkDiagnostic('malformed-address', admin('{ pipe: { path: "@x\\0y" } }')));
  test('a long path', () => checkDiagnostic('malformed-address', admin(`{ pipe: { path: ‹|/${'x'.repeat(120)}|› } }`)));
});

describe('bootstrap-settings', () => {
  test('a secret of no type', () => checkDiagnostic('bootstrap-settings', 'static_resources: { secrets: [{ ‹|name|›: s }] }'));
  test('two admin layers', () =>
    checkDiagnostic(
      'bootstrap-settings',
      'static_resources: {}\nlayered_runtime: { layers: [{ name: a, admin_layer: {} }, { name: b, ‹|admin_layer|›: {} }] }',
    ));
  test('one, and a static one', () =>
    checkDiagnostic(
      'bootstrap-settings',
      'static_resources: {}\nlayered_runtime: { layers: [{ name: a, admin_layer: {} }, { name: b, static_layer: { a: { b: 1 } } }] }',
    ));
  test('a tag that nothing fills', () =>
    checkDiagnostic(
      'bootstrap-settings',
      'static_resources: {}\nstats_config: { stats_tags: [{ tag_name: ‹|mine|› }, { tag_name: envoy.cluster_name }] }',
    ));
});

describe('overload-manager', () => {
  const actions = (text: string): string => `static_resources: {}\noverload_manager: { resource_monitors: [], actions: [${text}] }`;
  test('an unknown action', () => checkDiagnostic('overload-manager', actions('{ name: ‹|nothing|› }')));
  const timers =
    '{ "@type": type.googleapis.com/envoy.config.overload.v3.ScaleTimersOverloadActionConfig, timer_scale_factors: [{ timer: HTTP_DOWNSTREAM_CONNECTION_IDLE, min_timeout: 2s }] }';
  const shrink = '"@type": type.googleapis.com/envoy.config.overload.v3.ShrinkHeapConfig, timer_interval: 5s';
  const inStruct = (type: string) =>
    `{ "@type": type.googleapis.com/xds.type.v3.TypedStruct, type_url: type.googleapis.com/envoy.config.overload.v3.${type}, value: {} }`;
  test.each([
    `envoy.overload_actions.shrink_heap, typed_config: { ${shrink} }`,
    `envoy.overload_actions.reduce_timeouts, typed_config: ${timers}`,
    `mine, typed_config: ${timers}`,
    `mine, typed_config: ${inStruct('ScaleTimersOverloadActionConfig')}`,
    `‹|envoy.overload_actions.mine|›, typed_config: ${timers}`,
    `‹|envoy.overload_actions.shrink_heap|›, typed_config: ${timers}`,
    `envoy.overload_actions.shrink_heap, ‹|typed_config|›: ${inStruct('ShrinkHeapConfig')}`,
    `envoy.overload_actions.reduce_timeouts, ‹|typed_config|›: { ${shrink} }`,
    `envoy.overload_actions.stop_accepting_requests, ‹|typed_config|›: { ${shrink} }`,
    `envoy.overload_actions.disable_http_keepalive, ‹|typed_config|›: {}`,
  ])('settings of an action: %s', (action) => checkDiagnostic('overload-manager', actions(`{ name: ${action}, triggers: [] }`)));
  test('a trigger without its monitor', () =>
    checkDiagnostic(
      'overload-manager',
      actions('{ name: envoy.overload_actions.shrink_heap, triggers: [{ name: ‹|heap|›, threshold: { value: 1 } }] }'),
    ));
  test('a scaled trigger that never scales', () =>
    checkDiagnostic(
      'overload-manager',
      actions(
        '{ name: envoy.overload_actions.shrink_heap, triggers: [{ name: envoy.resource_monitors.global_downstream_max_connections, scaled: { scaling_threshold: ‹|0.9|›, saturation_threshold: 0.8 } }] }',
      ),
    ));
});

describe('format-string', () => {
  const value = (text: string): string =>
    route(`route: { cluster: c }, request_headers_to_add: [{ header: { key: x, value: '${text}' } }]`);
  test.each(['%NO_SUCH%', '%REQ%', '%PROTOCOL(x)%', '%START_TIME:3%', '%FILTER_STATE(a:X)%', '%REQ(a?b?c)%', '%COMMON_DURATION(a)%'])(
    '%s',
    (text) => checkDiagnostic('format-string', value(text).replace(`'${text}'`, `‹|'${text}'|›`)),
  );
  test.each(['%METADATA(ROUTE:a)%', '%FILTER_STATE(a:FIELD:b)%', '%PATH(NQ:ORIG)%', '%COMMON_DURATION(a:b:ms)%', '%TRACE_ID%'])(
    '%s is fine',
    (text) => checkDiagnostic('format-string', value(text)),
  );
});

describe('matcher-input', () => {
  const matcher = (input: string): string =>
    `name: r\nvirtual_hosts: [{ name: v, domains: ["*"], matcher: { matcher_tree: { input: { name: i, typed_config: { "@type": ${input} } }, exact_match_map: { map: {} } } } }]`;
  test('a response in a route matcher', () =>
    checkDiagnostic('matcher-input', matcher('‹|type.googleapis.com/envoy.type.matcher.v3.HttpResponseStatusCodeMatchInput|›')));
  test('a request header', () =>
    checkDiagnostic('matcher-input', matcher('type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: x')));
});

describe('tls-parameters', () => {
  const parameters = (fields: string): string =>
    cluster(
      `    transport_socket: { name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, common_tls_context: { tls_params: { ${fields} } } } }`,
    );
  test('an unknown cipher among known ones', () =>
    checkDiagnostic('tls-parameters', parameters('cipher_suites: [AES128-SHA, ‹|"[AES256-SHA|BOGUS]"|›]')));
  test('an unknown curve', () => checkDiagnostic('tls-parameters', parameters('ecdh_curves: [X25519, ‹|secp256r1|›]')));
  test('versions the wrong way round', () =>
    checkDiagnostic('tls-parameters', parameters('tls_minimum_protocol_version: ‹|TLSv1_3|›, tls_maximum_protocol_version: TLSv1_2')));
  test('known names', () =>
    checkDiagnostic(
      'tls-parameters',
      parameters('cipher_suites: ["-ALL:ECDHE+AESGCM"], ecdh_curves: [P-256], signature_algorithms: [ed25519, RSA+SHA256]'),
    ));
});

describe('discovered-extension', () => {
  const filter = (fields: string): string =>
    listener(`    filter_chains: [{ filters: [{ name: f, config_discovery: { config_source: { ads: {} }, ${fields} } }] }]`);
  test('nothing to apply', () =>
    checkDiagnostic(
      'discovered-extension',
      filter(`type_urls: [${TYPE}.network.echo.v3.Echo], apply_default_config_without_warming: ‹|true|›`),
    ));
  const listenerFilter = (type: string): string =>
    listener(`    listener_filters: [{ name: f, config_discovery: { config_source: { ads: {} }, type_urls: [${type}] } }]`);
  test('a type of another kind', () => checkDiagnostic('discovered-extension', listenerFilter(`‹|${TYPE}.http.cors.v3.Cors|›`)));
  test('a type of its kind', () =>
    checkDiagnostic('discovered-extension', listenerFilter(`${TYPE}.listener.tls_inspector.v3.TlsInspector`)));
  test('a default of another type', () =>
    checkDiagnostic(
      'discovered-extension',
      filter(`type_urls: [${TYPE}.network.echo.v3.Echo], default_config: { "@type": ‹|${TYPE}.network.sni_cluster.v3.SniCluster|› }`),
    ));
  test('one that fits', () =>
    checkDiagnostic(
      'discovered-extension',
      filter(`type_urls: [${TYPE}.network.echo.v3.Echo], default_config: { "@type": ${TYPE}.network.echo.v3.Echo }`),
    ));
});
