/** Fields of the connection manager, the router, virtual hosts and routes that no other area sets. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { clusters, connectionManager, extension, httpRequest, listener, once, optional, typed, virtualHost } from '../parts';

const operations = fc
  .subarray<JsonObject>([{ normalize_path_rfc_3986: {} }, { merge_slashes: {} }], { minLength: 1 })
  .map((list): Json => ({ operations: list }));

const mutation = (name: string, header: string): JsonObject =>
  extension(name, 'filters.http.header_mutation.v3.HeaderMutation', {
    mutations: {
      request_mutations: [{ append: { header: { key: header, value: '%REQ(:path)%' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' } }],
      response_mutations: [{ append: { header: { key: `${header}-answer`, value: '%RESPONSE_CODE%' } } }],
    },
  });
const CODEC = extension('envoy.filters.http.upstream_codec', 'filters.http.upstream_codec.v3.UpstreamCodec');

const logFilter: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.tuple(fc.constantFrom(0, 100), fc.boolean()).map(([numerator, use_independent_randomness]): JsonObject => ({
    runtime_filter: { runtime_key: '§unset', percent_sampled: { numerator, denominator: 'HUNDRED' }, use_independent_randomness },
  })),
  fc
    .tuple(fc.subarray(['NOT_FOUND', 'UNAVAILABLE', 'UNIMPLEMENTED', 'PERMISSION_DENIED'], { minLength: 1 }), fc.boolean())
    .map(([statuses, exclude]): JsonObject => ({ grpc_status_filter: { statuses, exclude } })),
  fc.constantFrom<JsonObject[]>(
    { extension_filter: extension('cel', 'access_loggers.filters.cel.v3.ExpressionFilter', { expression: 'response.code == 404' }) },
    {
      extension_filter: extension('cel', 'access_loggers.filters.cel.v3.ExpressionFilter', { expression: "request.path.startsWith('/b')" }),
    },
  ),
);

const localReply = logFilter.map((filter): Json => ({
  mappers: [{ filter, status_code: 418, headers_to_add: [{ header: { key: 'x-mapped', value: 'one' }, append_action: 'ADD_IF_ABSENT' }] }],
  body_format: {
    json_format: { code: '%RESPONSE_CODE%', none: '%REQ(none)%', list: ['%PROTOCOL%', 1], flag: true, path: '%REQ(:path)%' },
    json_format_options: { sort_properties: true },
  },
}));

const manager = optional({
  path_normalization_options: fc
    .tuple(operations, fc.option(operations, { nil: undefined }))
    .map(([forwarding_transformation, http_filter_transformation]): Json => ({
      forwarding_transformation,
      ...(http_filter_transformation ? { http_filter_transformation } : {}),
    })),
  proxy_status_config: optional({
    remove_connection_termination_details: fc.boolean(),
    literal_proxy_name: fc.constant('lab-proxy'),
    remove_details: fc.boolean(),
    set_recommended_response_code: fc.boolean(),
  }).map((fields): Json => fields),
  request_id_extension: fc
    .record({ pack_trace_reason: fc.boolean(), use_request_id_for_trace_sampling: fc.boolean() })
    .map((fields): Json => ({ typed_config: typed('request_id.uuid.v3.UuidRequestIdConfig', fields) })),
  local_reply_config: localReply,
  merge_slashes: fc.boolean(),
  normalize_path: fc.boolean(),
  path_with_escaped_slashes_action: fc.constantFrom('KEEP_UNCHANGED', 'UNESCAPE_AND_FORWARD', 'UNESCAPE_AND_REDIRECT', 'REJECT_REQUEST'),
  http_protocol_options: optional({
    override_stream_error_on_invalid_http_message: fc.boolean(),
    header_key_format: fc.constant({
      stateful_formatter: extension('keep', 'http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig'),
    }),
    default_host_for_http_10: fc.constant('ten.test'),
    accept_http_10: fc.boolean(),
  }).map((fields): Json => fields),
  common_http_protocol_options: optional({
    max_stream_duration: fc.constant('20s'),
    max_response_headers_kb: fc.constantFrom(1, 60),
    max_headers_count: fc.constantFrom(3, 100),
    headers_with_underscores_action: fc.constantFrom('ALLOW', 'REJECT_REQUEST', 'DROP_HEADER'),
  }).map((fields): Json => fields),
});

const router = optional({
  upstream_http_filters: fc.constantFrom<Json[]>(
    [CODEC],
    [mutation('up', 'x-up'), CODEC],
    [mutation('up', 'x-up'), { ...mutation('off', 'x-off'), disabled: true }, CODEC],
  ),
  reject_connect_request_early_data: fc.boolean(),
});

const cors = fc.constantFrom<JsonObject[]>(
  { allow_origin_string_match: [{ prefix: 'http://good' }], allow_methods: 'GET', allow_headers: 'x-a', max_age: '10' },
  { allow_origin_string_match: [{ exact: 'http://evil.test' }], allow_credentials: true, expose_headers: 'x-c' },
  {
    allow_origin_string_match: [{ safe_regex: { regex: 'http://.*' } }],
    filter_enabled: { default_value: { numerator: 0, denominator: 'HUNDRED' } },
    shadow_enabled: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
  },
  { allow_origin_string_match: [{ prefix: 'http://good' }], allow_private_network_access: true, forward_not_matching_preflights: false },
  { allow_origin_string_match: [{ exact: '*' }], allow_private_network_access: true, forward_not_matching_preflights: true },
  { allow_origin_string_match: [{ exact: '*' }], allow_methods: '*', allow_headers: '*', expose_headers: '*', max_age: '' },
);

const optionalFilter = fc.constantFrom<JsonObject[]>(
  { ...mutation('may', 'x-may'), is_optional: true },
  { name: 'no_such', is_optional: true, typed_config: { '@type': 'type.googleapis.com/envoy.no.such.v3.Filter' } },
  { ...mutation('may', 'x-may'), is_optional: true, disabled: true },
);

const specifier = fc.constantFrom<JsonObject[]>(
  { cluster: '§c1' },
  { cluster: '§c1' },
  {
    inline_cluster_specifier_plugin: {
      is_optional: true,
      extension: { name: 'none', typed_config: { '@type': 'type.googleapis.com/envoy.no.such.v3.Plugin' } },
    },
  },
  { cluster_specifier_plugin: 'may' },
);

const mirror = fc.constantFrom<JsonObject[]>(
  {},
  {},
  {
    request_mirror_policies: [
      {
        cluster: '§c3',
        host_rewrite_literal: 'mirror.test',
        request_headers_mutations: [{ append: { header: { key: 'x-mirrored', value: 'yes' } } }, { remove: 'x' }],
      },
    ],
  },
);

const route = optional({
  cors: cors.map((each): Json => each),
  rate_limits: fc.constant<Json>([{ stage: 1, disable_key: 'k', actions: [{ source_cluster: {} }, { destination_cluster: {} }] }]),
  include_vh_rate_limits: fc.boolean(),
  max_stream_duration: fc.constantFrom<Json[]>(
    { grpc_timeout_header_max: '5s', grpc_timeout_header_offset: '1s' },
    { grpc_timeout_header_offset: '1s', max_stream_duration: '3s' },
  ),
  prefix_rewrite: fc.constant('/p'),
});

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http1', 'http2'),
    method: fc.constantFrom('GET', 'GET', 'POST', 'OPTIONS', 'HEAD'),
    path: fc.constantFrom('/a', '/a//b', '/a/./c', '/b%2Fc', '/b//x/../y', '/direct', '/none', '/b', '/a%5Cb'),
    authority: fc.constantFrom('a.test', 'b.test'),
    headers: fc.subarray<[string, string]>([
      ['x', 'abc'],
      ['X-Mixed-Case', 'Yes'],
      ['with_underscore', '1'],
      ['origin', 'http://good.test'],
      ['origin', 'http://evil.test'],
      ['access-control-request-private-network', 'true'],
      ['access-control-request-method', 'PUT'],
      ['access-control-request-headers', 'x-a,x-b'],
      ['content-type', 'application/grpc'],
      ['grpc-timeout', '2S'],
      ['x-request-id', 'not-a-uuid'],
      ['x-envoy-original-path', '/was'],
    ]),
  })
  .map(({ headers, ...http }) => {
    const names = headers.map(([name]) => name);
    const single = headers.filter(([name], index) => names.indexOf(name) === index);
    const kept = http.version === 'http2' ? single.map(([name, value]): [string, string] => [name.toLowerCase(), value]) : single;
    return httpRequest({ ...http, headers: kept });
  });

export const seldomManager: fc.Arbitrary<LabCase> = fc
  .record({
    manager,
    router,
    route,
    specifier,
    mirror,
    filter: fc.option(optionalFilter, { nil: undefined }),
    hostCors: fc.option(cors, { nil: undefined }),
    requests: fc.array(client, { minLength: 5, maxLength: 9 }),
  })
  .map(({ manager: fields, router: own, route: more, specifier: to, mirror: copied, filter, hostCors, requests }) => {
    const routes: JsonObject[] = [
      { match: { prefix: '/direct' }, direct_response: { status: 404, body: { inline_string: 'direct' } } },
      { match: { prefix: '/none' }, route: { cluster: '§none' } },
      { match: { prefix: '/a' }, route: { ...to, ...more, ...copied }, request_body_buffer_limit: 4096 },
      { match: { prefix: '/b' }, route: { cluster: '§c2' } },
    ];
    const host = virtualHost('v', ['*'], routes, {
      ...(hostCors ? { cors: hostCors } : {}),
      rate_limits: [{ actions: [{ remote_address: {} }] }],
    });
    const configuration = {
      validate_clusters: false,
      virtual_hosts: [host],
      metadata: { filter_metadata: { lab: { k: 'rc' } } },
      ...('cluster_specifier_plugin' in to
        ? {
            cluster_specifier_plugins: [
              { is_optional: true, extension: { name: 'may', typed_config: { '@type': 'type.googleapis.com/envoy.no.such.v3.Plugin' } } },
            ],
          }
        : {}),
    };
    const httpFilters = [extension('cors', 'filters.http.cors.v3.Cors'), mutation('seen', 'x-seen'), ...(filter ? [filter] : [])];
    const last = extension('router', 'filters.http.router.v3.Router', own);
    const chain = connectionManager(configuration, [], { ...fields, http_filters: [...httpFilters, last] });
    return {
      area: 'seldom_manager',
      listeners: [listener('l', [{ name: 'http', filters: [chain] }])],
      clusters: clusters(3),
      requests: once(requests),
    };
  });
