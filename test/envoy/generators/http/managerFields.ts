/** Fields of the connection manager, the router and the route configuration that other areas leave at their defaults. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { caPath, certificateOf, PRINCIPALS } from '../../certificates';
import type { JsonObject, LabCase } from '../../labCase';
import { cluster, extension, httpRequest, listener, once, optional, TLS_INSPECTOR, typed, virtualHost } from '../parts';

const manager = optional({
  server_name: fc.constantFrom('lab-server', ''),
  server_header_transformation: fc.constantFrom('OVERWRITE', 'APPEND_IF_ABSENT', 'PASS_THROUGH'),
  forward_client_cert_details: fc.constantFrom('SANITIZE', 'FORWARD_ONLY', 'APPEND_FORWARD', 'SANITIZE_SET', 'ALWAYS_FORWARD_ONLY'),
  set_current_client_cert_details: optional({ uri: fc.boolean(), dns: fc.boolean(), subject: fc.boolean() }),
  always_set_request_id_in_response: fc.boolean(),
  strip_matching_host_port: fc.constant(true),
  proxy_100_continue: fc.boolean(),
  append_local_overload: fc.boolean(),
  max_request_headers_kb: fc.constantFrom(1, 60),
  http2_protocol_options: fc.constantFrom<JsonObject[]>(
    {},
    { allow_connect: true },
    { override_stream_error_on_invalid_http_message: true },
  ),
  http_protocol_options: optional({
    enable_trailers: fc.boolean(),
    allow_chunked_length: fc.boolean(),
    allow_custom_methods: fc.boolean(),
    ignore_http_11_upgrade: fc.constant([{ exact: 'websocket' }]),
    header_key_format: fc.constant({ proper_case_words: {} }),
  }),
  path_normalization_options: fc.constantFrom<JsonObject[]>(
    {},
    { forwarding_transformation: { operations: [{ normalize_path_rfc_3986: {} }] } },
  ),
  normalize_path: fc.boolean(),
  stream_idle_timeout: fc.constantFrom('0s', '300s'),
  request_timeout: fc.constant('30s'),
  proxy_status_config: optional({
    remove_details: fc.boolean(),
    set_recommended_response_code: fc.boolean(),
    use_node_id: fc.constant(true),
    remove_response_flags: fc.boolean(),
  }),
  use_remote_address: fc.boolean(),
  generate_request_id: fc.boolean(),
  add_proxy_protocol_connection_state: fc.boolean(),
  xff_num_trusted_hops: fc.constantFrom(0, 1),
  skip_xff_append: fc.boolean(),
  internal_address_config: optional({
    unix_sockets: fc.boolean(),
    cidr_ranges: fc.constantFrom<JsonObject[][]>(
      [{ address_prefix: '203.0.113.0', prefix_len: 24 }],
      [{ address_prefix: '10.0.0.0', prefix_len: 8 }],
    ),
  }),
});

const router = optional({
  suppress_envoy_headers: fc.boolean(),
  respect_expected_rq_timeout: fc.boolean(),
  start_child_span: fc.boolean(),
  strict_check_headers: fc.constantFrom(['x-envoy-upstream-rq-timeout-ms'], ['x-envoy-max-retries', 'x-envoy-retry-on']),
  dynamic_stats: fc.boolean(),
});

const configuration = optional({
  internal_only_headers: fc.constantFrom(['x-only'], ['x', 'x-only']),
  vhost_header: fc.constantFrom('x-host', 'x'),
  ignore_port_in_host_matching: fc.boolean(),
  max_direct_response_body_size_bytes: fc.constantFrom(2, 4096),
  request_headers_to_add: fc.constant([{ header: { key: 'x-internal', value: '%REQ(x-envoy-internal)%' } }]),
});

const host = optional({
  include_request_attempt_count: fc.boolean(),
  include_attempt_count_in_response: fc.boolean(),
  include_is_timeout_retry_header: fc.boolean(),
  retry_policy: fc.constant({ retry_on: '5xx', num_retries: 1 }),
  per_request_buffer_limit_bytes: fc.constantFrom(0, 4096),
  request_body_buffer_limit: fc.constant(4096),
});

const route = optional({
  timeout: fc.constantFrom('0s', '5s'),
  idle_timeout: fc.constant('5s'),
  max_grpc_timeout: fc.constantFrom('0s', '3s'),
  grpc_timeout_offset: fc.constant('1s'),
  max_stream_duration: fc.constantFrom<JsonObject[]>({ max_stream_duration: '9s' }, { grpc_timeout_header_max: '0s' }),
  retry_policy: fc.constantFrom<JsonObject[]>({ retry_on: '5xx,reset', num_retries: 2, per_try_timeout: '2s' }, {}),
  hedge_policy: fc.constantFrom<JsonObject[]>({ hedge_on_per_try_timeout: true }, {}),
  priority: fc.constantFrom('DEFAULT', 'HIGH'),
  internal_redirect_policy: fc.constantFrom<JsonObject[]>({}, { max_internal_redirects: 2, redirect_response_codes: [302] }),
  host_rewrite_literal: fc.constant('other.test'),
  prefix_rewrite: fc.constant('/p'),
});

const decorated = optional({
  decorator: fc.constantFrom<JsonObject[]>({ operation: 'op' }, { operation: 'op', propagate: false }),
  tracing: fc.constant({ random_sampling: { numerator: 0, denominator: 'HUNDRED' } }),
  stat_prefix: fc.constant('st'),
  per_request_buffer_limit_bytes: fc.constant(4096),
});

const HEADERS: readonly [string, string][] = [
  ['x', 'v1'],
  ['x-host', 'v1.test'],
  ['x-only', '1'],
  ['x-forwarded-client-cert', 'By=spiffe://x;URI=spiffe://y'],
  ['x-envoy-upstream-rq-timeout-ms', '900'],
  ['x-envoy-upstream-rq-timeout-ms', 'soon'],
  ['x-envoy-max-retries', '2'],
  ['x-envoy-max-retries', 'many'],
  ['x-envoy-retry-on', '5xx,nonsense'],
  ['x-envoy-upstream-rq-per-try-timeout-ms', '100'],
  ['x-envoy-upstream-alt-stat-name', 'alt'],
  ['x-envoy-expected-rq-timeout-ms', '50'],
  ['x-envoy-hedge-on-per-try-timeout', 'true'],
  ['x-envoy-decorator-operation', 'mine'],
  ['x-envoy-attempt-count', '7'],
  ['x-envoy-is-timeout-retry', 'true'],
  ['x-envoy-original-host', 'o.test'],
  ['x-envoy-external-address', '1.2.3.4'],
  ['x-envoy-internal', 'true'],
  ['x-forwarded-for', '203.0.113.9'],
  ['x-forwarded-for', '10.0.0.9'],
  ['x-request-id', '123'],
  ['x-client-trace-id', '1'],
  ['grpc-timeout', '2S'],
  ['content-type', 'application/grpc'],
  ['expect', '100-continue'],
  ['te', 'trailers'],
  ['upgrade', 'websocket'],
  ['x-long', 'v'.repeat(1200)],
  ['accept-encoding', 'gzip, br'],
  ['priority', 'u=1'],
];

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http1', 'http2'),
    authority: fc.constantFrom('v1.test', 'a.test', 'a.test:20000', 'a.test:20001', 'a.test:99'),
    path: fc.constantFrom('/', '/direct', '/a', '/a/./b', '/nowhere'),
    method: fc.constantFrom('GET', 'GET', 'POST', 'TRACE', 'MADEUP', 'HEAD'),
    headers: fc.subarray([...HEADERS], { maxLength: 6 }),
    tls: fc.boolean(),
    principal: fc.constantFrom(...PRINCIPALS, undefined),
    source: fc.constantFrom('10.1.2.3', '203.0.113.9', '198.51.100.1'),
  })
  .map(({ tls, principal, source, headers, ...http }) => {
    const names = headers.map(([name]) => name);
    const single = headers.filter(([name], index) => names.indexOf(name) === index);
    const kept = http.version === 'http2' ? single.filter(([name]) => !['upgrade', 'expect'].includes(name)) : single;
    const alpn = http.version === 'http2' ? ['h2'] : [];
    const peerPrincipals = principal === undefined ? [] : [principal];
    const secure = { destination: '10.1.1.1:20001', transport: 'tls' as const, alpn, peerPrincipals };
    return httpRequest({ ...http, headers: kept }, { source, ...(tls ? secure : {}) });
  });

function serverTls(): JsonObject {
  const common_tls_context: JsonObject = {
    alpn_protocols: ['h2', 'http/1.1'],
    tls_certificates: [certificateOf('lab.test')],
    validation_context: { trusted_ca: { filename: caPath() } },
  };
  return { name: 'tls', typed_config: typed('transport_sockets.tls.v3.DownstreamTlsContext', { common_tls_context }) };
}

export const managerFields: fc.Arbitrary<LabCase> = fc
  .record({ manager, router, configuration, host, route, decorated, requests: fc.array(client, { minLength: 5, maxLength: 9 }) })
  .map(({ manager: fields, router: own, configuration: more, host: hostFields, route: routeFields, decorated: around, requests }) => {
    const routes: JsonObject[] = [
      { match: { prefix: '/direct' }, direct_response: { status: 200, body: { inline_string: 'ok' } } },
      { match: { prefix: '/nowhere' }, route: { cluster: '§none' } },
      { match: { prefix: '/' }, route: { cluster: '§c1', ...routeFields }, ...around },
    ];
    const hosts = [
      virtualHost('named', ['v1.test', 'v1'], [{ match: { prefix: '/' }, route: { cluster: '§c2' } }]),
      virtualHost('v', ['*'], routes, hostFields),
    ];
    const config = {
      stat_prefix: 'h',
      route_config: { name: 'rc', virtual_hosts: hosts, validate_clusters: false, ...more },
      http_filters: [extension('router', 'filters.http.router.v3.Router', own)],
      ...fields,
    };
    const filters = [extension('hcm', 'filters.network.http_connection_manager.v3.HttpConnectionManager', config)];
    const secure = { name: 't', transport_socket: serverTls(), filters };
    return {
      area: 'manager_field',
      listeners: [
        listener('l', [{ name: 'f', filters }]),
        listener('t', [secure], {
          address: { socket_address: { address: '0.0.0.0', port_value: 20001 } },
          listener_filters: [TLS_INSPECTOR],
        }),
      ],
      clusters: [cluster(1), cluster(2)],
      requests: once(requests),
    };
  });
