/** Settings that Envoy 1.40 refuses while it makes an extension: each case was asked of `envoy --mode validate`. */
import { describe, expect, test } from 'vitest';
import { collectDiagnostics } from '../../../../server/src/features/diagnostics/collectDiagnostics';
import { RSA_PEM } from '../../../support/certificates';
import { checkDiagnostic } from '../../../support/check';
import { readFixture, snapshotOf } from '../../../support/fixture';
import { cluster, listener, route, virtualHost } from './configurations';

const TYPE = 'type.googleapis.com/envoy.extensions';
const HTTP = `${TYPE}.filters.http`;
const ROUTER = `{ name: r, typed_config: { "@type": ${HTTP}.router.v3.Router } }`;
const manager = (fields: string): string =>
  listener(
    `    filter_chains: [{ filters: [{ name: h, typed_config: { "@type": ${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: h, ${fields} } }] }]`,
  );
const http = (type: string, fields: string): string =>
  manager(`http_filters: [{ name: x, typed_config: { "@type": ${HTTP}.${type}, ${fields} } }, ${ROUTER}]`);
const network = (type: string, fields: string): string =>
  listener(
    `    filter_chains: [{ filters: [{ name: x, typed_config: { "@type": ${TYPE}.filters.network.${type}, stat_prefix: s, ${fields} } }] }]`,
  );
const log = (type: string, fields: string): string =>
  manager(`access_log: [{ name: x, typed_config: { "@type": ${TYPE}.access_loggers.${type}, ${fields} } }], http_filters: [${ROUTER}]`);
const logFilter = (fields: string): string =>
  manager(
    `access_log: [{ name: x, filter: ${fields}, typed_config: { "@type": ${TYPE}.access_loggers.stream.v3.StdoutAccessLog } }], http_filters: [${ROUTER}]`,
  );
const grpc = 'grpc_service: { envoy_grpc: { cluster_name: c } }';
const HASH = '{SHA}tESsBmE/yNY3lb6a0L6vVQEZNqw=';
const bucket = (interval: string): string => `token_bucket: { max_tokens: 1, fill_interval: ${interval} }`;
const endpoint = '{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 80 } } } }] }';
const custom = (type: string, fields: string, others = ''): string =>
  cluster(`    ${others}\n    cluster_type: { name: x, typed_config: { "@type": ${TYPE}.clusters.${type}, ${fields} } }`);
const tls = (side: 'Upstream' | 'Downstream', fields: string): string => {
  const socket = `transport_socket: { name: t, typed_config: { "@type": ${TYPE}.transport_sockets.tls.v3.${side}TlsContext, ${fields} } }`;
  return side === 'Upstream' ? cluster(`    ${socket}`) : listener(`    filter_chains: [{ ${socket} }]`);
};

type Case = readonly [name: string, text: string];
function check(code: string, cases: readonly Case[]): void {
  describe(code, () => {
    for (const [name, text] of cases) test(name, () => checkDiagnostic(code, text));
  });
}

check('extension-settings', [
  ['a password in the clear', http('basic_auth.v3.BasicAuth', 'users: { inline_string: ‹|"a:b"|› }')],
  ['a user twice', http('basic_auth.v3.BasicAuth', `users: { inline_string: ‹|"u:${HASH}\\nu:${HASH}"|› }`)],
  ['blanks after a hash', http('basic_auth.v3.BasicAuth', `users: { inline_string: ‹|"u:${HASH} "|› }`)],
  ['passwords with a remark', http('basic_auth.v3.BasicAuth', `users: { inline_string: "# users\\n\\nu:${HASH}\\n" }`)],
  ['a key twice', http('api_key_auth.v3.ApiKeyAuth', 'credentials: [{ key: a, client: x }, { ‹|key|›: a, client: y }], key_sources: [{ header: x }]')],
  ['a region set', http('aws_request_signing.v3.AwsRequestSigning', 'service_name: s, region: ‹|us-*|›')],
  ['a region set, signed for', http('aws_request_signing.v3.AwsRequestSigning', 'service_name: s, region: us-*, signing_algorithm: AWS_SIGV4A')],
  ['no key that can be used', http('jwt_authn.v3.JwtAuthentication', `providers: { p: { local_jwks: { inline_string: ‹|'{"keys":[{"kty":"RSA"}]}'|› } } }`)],
  ['keys that nobody can use', http('jwt_authn.v3.JwtAuthentication', `providers: { p: { local_jwks: { inline_string: ‹|'{"keys":[{"kty":"oct","k":""},{"kty":"RSA","n":"AQAB","e":"AQAB"}]}'|› } } }`)],
  ['a good key beside a number that is none', http('jwt_authn.v3.JwtAuthentication', `providers: { p: { local_jwks: { inline_string: ‹|'{"keys":[{"kty":"oct","k":"c2VjcmV0"}],"x":NaN}'|› } } }`)],
  ['the certificate of a key', http('jwt_authn.v3.JwtAuthentication', `providers: { p: { local_jwks: { inline_string: ${JSON.stringify(JSON.stringify({ one: RSA_PEM }))} } } }`)],
  ['a symmetric key', http('jwt_authn.v3.JwtAuthentication', `providers: { p: { local_jwks: { inline_string: '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}' } } }`)],
  ['no round trip to measure', http('adaptive_concurrency.v3.AdaptiveConcurrency', 'gradient_controller_config: { concurrency_limit_params: { concurrency_update_interval: 1s }, ‹|min_rtt_calc_params|›: {} }')],
  ['a CDN of two words', http('cdn_loop.v3.CdnLoopConfig', 'cdn_id: ‹|a b|›')],
  ['a CDN with a port', http('cdn_loop.v3.CdnLoopConfig', 'cdn_id: "cdn.example.com:80"')],
  ['a number in a query', http('header_mutation.v3.HeaderMutation', 'mutations: { query_parameter_mutations: [{ append: { record: { key: a, value: ‹|5|› } } }] }')],
  ['a success rate that is not given', http('admission_control.v3.AdmissionControl', 'success_criteria: {}, sr_threshold: { ‹|default_value|›: {}, runtime_key: x }')],
  ['hits of nothing', http('local_ratelimit.v3.LocalRateLimit', `stat_prefix: s, ${bucket('1s')}, rate_limits: [{ actions: [{ remote_address: {} }], ‹|hits_addend|›: {} }]`)],
  ['hits by a command that is none', http('local_ratelimit.v3.LocalRateLimit', `stat_prefix: s, ${bucket('1s')}, rate_limits: [{ actions: [{ remote_address: {} }], hits_addend: { format: ‹|"%X%"|› } }]`)],
  ['a stage in the filter itself', http('ratelimit.v3.RateLimit', `domain: x, rate_limits: [{ stage: ‹|1|›, actions: [{ remote_address: {} }] }], rate_limit_service: { ${grpc}, transport_api_version: V3 }`)],
  ['a stage in a route of the filter', route(`route: { cluster: c }, typed_per_filter_config: { x: { "@type": ${HTTP}.ratelimit.v3.RateLimitPerRoute, rate_limits: [{ stage: ‹|1|›, actions: [{ remote_address: {} }] }] } }`)],
  ['an empty named chain', http('composite.v3.Composite', 'named_filter_chains: { ‹|k|›: {} }')],
  ['a sink of the admin interface', http('tap.v3.Tap', 'common_config: { static_config: { match: { any_match: true }, output_config: { sinks: [{ ‹|streaming_admin|›: {} }] } } }')],
  ['more names than the cache holds', http('dynamic_forward_proxy.v3.FilterConfig', 'dns_cache_config: { name: x, max_hosts: 1, ‹|preresolve_hostnames|›: [{ address: a, port_value: 1 }, { address: b, port_value: 1 }] }')],
  ['both ways to trust a proxy', manager(`original_ip_detection_extensions: [{ name: x, typed_config: { "@type": ${TYPE}.http.original_ip_detection.xff.v3.XffConfig, xff_num_trusted_hops: 1, ‹|xff_trusted_cidrs|›: { cidrs: [{ address_prefix: 10.0.0.0, prefix_len: 8 }] } } }], http_filters: [${ROUTER}]`)],
  ['both paths skipped', network('ext_proc.v3.NetworkExternalProcessor', `${grpc}, ‹|processing_mode|›: { process_read: SKIP, process_write: SKIP }`)],
  ['an inverse of everything', network('thrift_proxy.v3.ThriftProxy', 'route_config: { routes: [{ match: { method_name: ‹|""|›, invert: true }, route: { cluster: c } }] }')],
  ['an unknown Dubbo filter', network('dubbo_proxy.v3.DubboProxy', 'dubbo_filters: [{ name: ‹|nope|› }]')],
  ['a bucket filled too often', network('local_ratelimit.v3.LocalRateLimit', bucket('‹|0.01s|›'))],
  ['a number in a log', log('open_telemetry.v3.OpenTelemetryAccessLogConfig', `${grpc}, body: { int_value: ‹|5|› }`)],
  ['two operators for one value', log('stats.v3.Config', 'stat_prefix: s, histograms: [{ stat: { name: x }, value_format: ‹|"%DURATION%%DURATION%"|› }]')],
  ['names of an upstream that nobody checks', custom('dynamic_forward_proxy.v3.ClusterConfig', 'dns_cache_config: { name: x }', `lb_policy: CLUSTER_PROVIDED\n    typed_extension_protocol_options: { envoy.extensions.upstreams.http.v3.HttpProtocolOptions: { "@type": ${TYPE}.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: { http_protocol_options: {} }, ‹|upstream_http_protocol_options|›: {} } }`)],
  ['no names of an upstream beside its protocol', custom('dynamic_forward_proxy.v3.ClusterConfig', 'dns_cache_config: { name: x }', `lb_policy: CLUSTER_PROVIDED\n    typed_extension_protocol_options: { ‹|envoy.extensions.upstreams.http.v3.HttpProtocolOptions|›: { "@type": ${TYPE}.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: { http_protocol_options: {} } } }`)],
  ['two endpoints in one', custom('dns.v3.DnsCluster', 'all_addresses_in_single_endpoint: true', `‹|load_assignment|›: { cluster_name: x, endpoints: [${endpoint}, ${endpoint}] }`)],
  ['a header that is not used', custom('original_dst.v3.OriginalDstCluster', 'http_header_name: ‹|x|›', 'lb_policy: CLUSTER_PROVIDED')],
  ['an unknown factory of credentials, where the client is made at once', log('grpc.v3.HttpGrpcAccessLogConfig', 'common_config: { log_name: x, transport_api_version: V3, grpc_service: { google_grpc: { target_uri: x, stat_prefix: s, credentials_factory_name: ‹|nope|› } } }')],
  ['an unknown factory of credentials, where it is made later', http('ext_authz.v3.ExtAuthz', 'transport_api_version: V3, grpc_service: { google_grpc: { target_uri: x, stat_prefix: s, credentials_factory_name: nope } }')],
]); // prettier-ignore

check('format-string', [
  ['a rewrite', route('route: { cluster: c, path_rewrite: ‹|"%NOPE%"|› }')],
  ['a span', route('route: { cluster: c }, tracing: { operation: ‹|"%NOPE%"|› }')],
  ['a tag', route('route: { cluster: c }, tracing: { custom_tags: [{ tag: x, value: ‹|"%NOPE%"|› }] }')],
  ['an attribute of a log', log('open_telemetry.v3.OpenTelemetryAccessLogConfig', `${grpc}, attributes: { values: [{ key: a, value: { string_value: ‹|"%NOPE%"|› } }] }`)],
  ['an expression that is no CEL', log('stream.v3.StdoutAccessLog', 'log_format: { text_format_source: { inline_string: ‹|"%CEL(request.)%"|› } }')],
  ['an expression', log('stream.v3.StdoutAccessLog', 'log_format: { text_format_source: { inline_string: "%CEL(request.path)% %TYPED_CEL(request.size)%" } }')],
]); // prettier-ignore

const expression = (text: string): string =>
  logFilter(
    `{ extension_filter: { name: x, typed_config: { "@type": ${TYPE}.access_loggers.filters.cel.v3.ExpressionFilter, expression: ${text} } } }`,
  );
check('format-string', [
  ['a command that only headers have', log('stream.v3.StdoutAccessLog', 'log_format: { text_format_source: { inline_string: ‹|"%PER_REQUEST_STATE(a)%"|› } }')],
  ['in a header', route('route: { cluster: c }, request_headers_to_add: [{ header: { key: x, value: "a%PER_REQUEST_STATE(b.c)%" } }]')],
  ['which name of a server', log('stream.v3.StdoutAccessLog', 'log_format: { text_format_source: { inline_string: "%REQUESTED_SERVER_NAME(SNI_FIRST:HOST)%" } }')],
  ['a colon in the name of a header', log('stream.v3.StdoutAccessLog', 'log_format: { text_format_source: { inline_string: ‹|"%RESP(a:b)%"|› } }')],
]); // prettier-ignore

const file = (fields: string): string => cluster(`    ${fields}`);
check('wrong-type', [
  ['a question mark between braces', file('common_lb_config: {}\n    outlier_detection: {}\n    metadata: {}\n    transport_socket_matches: [{ name: ‹|a?b|›, match: {} }]')],
  ['in quotes', file('transport_socket_matches: [{ name: "a?b", match: {} }]')],
  ['outside of braces', file('alt_stat_name: a?b')],
]); // prettier-ignore
check('unknown-field', [
  ['a merge key', '\nstatic_resources:\n  clusters:\n  - &base\n    name: c\n    connect_timeout: 1s\n  - <<: ‹|*base|›\n    name: d\n'],
  ['an alias of a whole value', '\nstatic_resources:\n  clusters:\n  - name: c\n    connect_timeout: &time 1s\n  - name: d\n    connect_timeout: *time\n'],
]); // prettier-ignore
check('missing-field', [['a null in a list of messages', '\nstatic_resources:\n  clusters: [‹|null|›]\n']]);
check('load-balancing', [['a selector without keys', file('lb_subset_config: { subset_selectors: [{ fallback_keys_subset: [a] }] }')]]);

check('cluster-discovery', [
  ['EDS in a cluster of another kind', cluster('    cluster_type: { name: envoy.clusters.redis }\n    ‹|eds_cluster_config|›: {}')],
]);
check('extension-settings', [
  ['a login without a secret', http('oauth2.v3.OAuth2', 'config: { token_endpoint: { uri: a, cluster: c, timeout: 1s }, authorization_endpoint: "https://a/b", redirect_uri: a, redirect_path_matcher: { path: { exact: /a } }, signout_path: { path: { exact: /b } }, ‹|credentials|›: { client_id: me, hmac_secret: { name: h } } }')],
  ['a route of Dubbo without a method', network('dubbo_proxy.v3.DubboProxy', 'route_config: [{ name: r, interface: i, routes: [{ ‹|match|›: { headers: [] }, route: { cluster: c } }] }]')],
  ['a weight that is missing', network('thrift_proxy.v3.ThriftProxy', 'route_config: { name: r, routes: [{ match: { method_name: a }, route: { weighted_clusters: { clusters: [{ ‹|name|›: c }] } } }] }')],
  ['two ways to change a path', http('ext_authz.v3.ExtAuthz', 'http_service: { server_uri: { uri: a, cluster: c, timeout: 1s }, path_prefix: /a, path_override: ‹|/b|› }')],
  ['a bucket that is never filled', http('local_ratelimit.v3.LocalRateLimit', `stat_prefix: s, ${bucket('0.000001s')}`)],
  ['clusters by no URL', http('on_demand.v3.OnDemand', 'odcds: { resources_locator: ‹|/x|› }')],
]); // prettier-ignore
const filtered = (protocol: string, type: string): string =>
  `static_resources:\n  listeners:\n  - name: l\n    address: { socket_address: { address: 1.1.1.1, port_value: 1, protocol: ${protocol} } }\n    listener_filters: [{ name: x, typed_config: { "@type": ${type} } }]\n`;
check('wrong-extension', [
  ['an inspector of datagrams', filtered('UDP', `‹|${TYPE}.filters.listener.tls_inspector.v3.TlsInspector|›`)],
  ['one of streams', filtered('TCP', `${TYPE}.filters.listener.tls_inspector.v3.TlsInspector`)],
  ['datagrams in a stream', filtered('TCP', `‹|${TYPE}.filters.udp.dns_filter.v3.DnsFilterConfig|›`)],
  ['a policy that is passed over', cluster(`    load_balancing_policy: { policies: [{ typed_extension_config: { name: r, typed_config: { "@type": ${TYPE}.load_balancing_policies.random.v3.Random } } }, { typed_extension_config: { name: s, typed_config: { "@type": type.googleapis.com/google.protobuf.Struct } } }] }`)],
]); // prettier-ignore
check('unknown-extension', [
  ['a cluster type by a name that is none', cluster('    ‹|cluster_type|›: { name: envoy.clusters.static }')],
  ['one that needs settings', cluster('    ‹|cluster_type|›: { name: envoy.clusters.aggregate }')],
  ['one that does not', cluster('    cluster_type: { name: envoy.clusters.redis }')],
]);
check('malformed-address', [
  ['an endpoint that nobody names', cluster('    load_assignment: { cluster_name: c, named_endpoints: { a: { health_check_config: { address: { socket_address: { address: a, port_value: 1 } } } } } }')],
]); // prettier-ignore
const condition = (expression: string): string => http('rbac.v3.RBAC', `rules: { policies: { p: { permissions: [{ any: true }], principals: [{ any: true }], condition: ${expression} } } }`); // prettier-ignore
check('cel-expression', [
  ['an operand too few', condition('{ call_expr: { function: ‹|_==_|›, args: [{ const_expr: { bool_value: true } }] } }')],
  [
    'many for a sum of conditions',
    condition(`{ call_expr: { function: _&&_, args: [${'{ const_expr: { bool_value: true } },'.repeat(3)}] } }`),
  ],
  ['no operand', condition('{ ‹|select_expr|›: { field: a } }')],
  ['no constant', condition('{ call_expr: { function: _==_, args: [{ ‹|const_expr|›: {} }, { const_expr: { bool_value: true } }] } }')],
]);
const http3 = (name: string): string =>
  cluster(`    transport_socket: { name: ${name}, typed_config: { "@type": ${TYPE}.transport_sockets.quic.v3.QuicUpstreamTransport, upstream_tls_context: { sni: a } } }
    typed_extension_protocol_options: { envoy.extensions.upstreams.http.v3.HttpProtocolOptions: { "@type": ${TYPE}.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: { http3_protocol_options: {} } } }`);
check('upstream-protocol', [
  ['QUIC by another name', http3('‹|quic|›')],
  ['QUIC', http3('envoy.transport_sockets.quic')],
]);
check('missing-field', [
  ['a resolver without a port', cluster(`    typed_dns_resolver_config: { name: d, typed_config: { "@type": ${TYPE}.network.dns_resolver.cares.v3.CaresDnsResolverConfig, resolvers: [{ socket_address: { address: 1.1.1.1, port_value: 53 } }] } }`)],
]); // prettier-ignore

check('cel-expression', [
  ['too short', expression('‹|"response.code >="|›')],
  ['an unknown function', expression('‹|"nope(1)"|›')],
  ['a comprehension', expression('‹|"[1].all(x, x > 0)"|›')],
  ['a reserved word', expression('‹|"for"|›')],
  ['an operand too many', expression('‹|"size(a, b)"|›')],
  ['an unknown message', expression('‹|"Foo{}"|›')],
  ['what Envoy takes', expression(`'response.code >= 400 && [1, 2,][0] == 1 && request.headers["a"].startsWith("b")'`)],
  ['a message that comes with CEL', expression('"google.protobuf.Duration{seconds: 1} == duration(\'1s\')"')],
  [
    'an attribute of an external processor',
    http('ext_proc.v3.ExternalProcessor', `${grpc}, request_attributes: [request.path, ‹|"request.("|›]`),
  ],
]);

check('per-filter-config', [
  ['no rule', route(`route: { cluster: c }, typed_per_filter_config: { ‹|x|›: { "@type": ${HTTP}.header_to_metadata.v3.Config } }`)],
  [
    'no bucket',
    route(
      `route: { cluster: c }, typed_per_filter_config: { ‹|x|›: { "@type": ${HTTP}.local_ratelimit.v3.LocalRateLimit, stat_prefix: s } }`,
    ),
  ],
]);

check('tls-certificates', [
  ['a server name with a NUL', tls('Upstream', 'sni: ‹|"a\\0b"|›')],
  ['a certificate without anything', tls('Downstream', 'common_tls_context: { tls_certificates: [‹|{}|›] }')],
  ['a name of another type', tls('Upstream', 'common_tls_context: { validation_context: { trusted_ca: { filename: a }, match_typed_subject_alt_names: [{ ‹|san_type|›: OTHER_NAME, matcher: { exact: x } }] } }')],
  ['an unknown validator', tls('Upstream', 'common_tls_context: { validation_context: { custom_validator_config: { name: ‹|nope|›, typed_config: { "@type": type.googleapis.com/google.protobuf.Struct } } } }')],
]); // prettier-ignore

check('bootstrap-settings', [
  ['a flag that makes no JSON', '\nstatic_resources: {}\napplication_log_config: { log_format: { json_format: { a: ‹|"%v"|› } } }'],
  ['a layer from nowhere', '\nstatic_resources: {}\nlayered_runtime: { layers: [{ name: a, ‹|rtds_layer|›: { name: x } }] }'],
  ['a source of authorities', '\nstatic_resources: {}\n‹|default_config_source|›: { ads: {} }'],
]);

check('dangling-reference', [
  ['a mirror of a virtual host', manager(`http_filters: [${ROUTER}], route_config: { name: r, virtual_hosts: [{ name: v, domains: [a], request_mirror_policies: [{ cluster: ‹|nope|› }], routes: [{ match: { prefix: / }, direct_response: { status: 200 } }] }] }`)],
]); // prettier-ignore

check('bootstrap-settings', [
  ['a collection of another type', '\nstatic_resources: {}\ndynamic_resources: { cds_config: { ads: {} }, cds_resources_locator: ‹|"xdstp://a/envoy.config.listener.v3.Listener/*"|› }'],
  ['a collection without a scheme', '\nstatic_resources: {}\ndynamic_resources: { cds_config: { ads: {} }, cds_resources_locator: ‹|/x|› }'],
  ['a collection of clusters', '\nstatic_resources: {}\ndynamic_resources: { cds_config: { ads: {} }, cds_resources_locator: "xdstp://a/envoy.config.cluster.v3.Cluster/*" }'],
]); // prettier-ignore
check('connection-manager', [
  ['one field larger than all', manager(`http_filters: [${ROUTER}], http2_protocol_options: { max_header_field_size_kb: ‹|61|› }`)],
  [
    'as large as all',
    manager(`http_filters: [${ROUTER}], max_request_headers_kb: 61, http2_protocol_options: { max_header_field_size_kb: 61 }`),
  ],
]);
check('direct-response-body', [
  [
    'no limit',
    '\nname: r\nmax_direct_response_body_size_bytes: 0\nvirtual_hosts: [{ name: v, domains: [a], routes: [{ match: { prefix: / }, direct_response: { status: 200, body: { inline_string: abc } } }] }]',
  ],
]);
check('wrong-extension', [
  [
    'settings of MCP for a route',
    manager(`http_filters: [{ name: x, typed_config: { "@type": ‹|${HTTP}.mcp.v3.McpOverride|›, clear_route_cache: true } }, ${ROUTER}]`),
  ],
]);
test('rules beside a matcher are not read: no error', () => {
  const broken = 'policies: { p: { permissions: [{ destination_port_range: { start: 5, end: 5 } }], principals: [{ any: true }] } }';
  const matcher =
    'matcher: { on_no_match: { action: { name: a, typed_config: { "@type": type.googleapis.com/envoy.config.rbac.v3.Action, name: x } } } }';
  const severities = (fields: string): string[] => {
    const fixture = readFixture(http('rbac.v3.RBAC', fields));
    return collectDiagnostics(snapshotOf(fixture), fixture.files[0]?.uri ?? '')
      .filter(({ code }) => code === 'rbac-rules')
      .map(({ severity }) => severity);
  };
  expect(severities(`rules: { ${broken} }`)).toEqual(['error']);
  expect(severities(`rules: { ${broken} }, ${matcher}`)).toEqual(['warning']);
  expect(severities(`shadow_rules: { ${broken} }, ${matcher}`)).toEqual(['error']);
});
check('wrong-extension', [
  [
    'a logger that the standard Envoy has not',
    http(
      'rbac.v3.RBAC',
      `rules: { audit_logging_options: { logger_configs: [{ audit_logger: { name: x, typed_config: { "@type": ‹|${TYPE}.rbac.audit_loggers.stream.v3.StdoutAuditLog|› } } }] } }`,
    ),
  ],
]);
check('removed-field', [
  [
    'the old protocol',
    '\nstatic_resources: {}\ndynamic_resources: { ads_config: { api_type: GRPC, ‹|transport_api_version|›: V2, grpc_services: [{ envoy_grpc: { cluster_name: c } }] } }',
  ],
]);
check('http2-settings', [
  [
    'a setting with a field of its own',
    manager(`http_filters: [${ROUTER}], http2_protocol_options: { custom_settings_parameters: [{ ‹|identifier|›: 8, value: 1 }] }`),
  ],
]);
check('uri-template', [
  ['a prefix of a template', virtualHost(`  routes: [{ match: { path_match_policy: { name: t, typed_config: { "@type": ${TYPE}.path.match.uri_template.v3.UriTemplateMatchConfig, path_template: "/{a}" } } }, route: { cluster: c, prefix_rewrite: ‹|/x|› } }]`)],
]); // prettier-ignore

describe('a bucket of log entries that comes from a server', () => {
  const limited = (source: string): string =>
    logFilter(
      `{ extension_filter: { name: p, typed_config: { "@type": ${TYPE}.access_loggers.filters.process_ratelimit.v3.ProcessRateLimitFilter, dynamic_config: { resource_name: b, config_source: { ${source} } } } } }`,
    );
  test('crashes Envoy at once, be it gRPC or REST', () => {
    const service = 'grpc_services: [{ envoy_grpc: { cluster_name: c } }]';
    for (const fields of [`api_type: GRPC, ${service}`, `api_type: DELTA_GRPC, ${service}`, 'api_type: REST, cluster_names: [c]'])
      checkDiagnostic('extension-settings', limited(`‹|api_config_source|›: { ${fields}, transport_api_version: V3 }`));
  });
  test('that of a file does not', () => checkDiagnostic('extension-settings', limited('path_config_source: { path: /b.json }')));
});
