/** What Envoy says by itself: direct responses, redirects, refusals, through local_reply_config and with the headers of every level. */
import fc from 'fast-check';
import type { RequestHttp, TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { clusters, extension, httpChain, listener, once, optional, plainRequest, virtualHost } from '../parts';

const added = fc
  .tuple(
    fc.constantFrom('x-one', 'x-two', 'x-lab', 'location'),
    fc.constantFrom('v', '%RESPONSE_CODE%', '%REQ(x)%', '%RESPONSE_CODE_DETAILS%', '%REQ(:path)%'),
    fc.constantFrom('APPEND_IF_EXISTS_OR_ADD', 'OVERWRITE_IF_EXISTS_OR_ADD', 'ADD_IF_ABSENT', 'OVERWRITE_IF_EXISTS'),
  )
  .map(([key, value, append_action]): Json => ({ header: { key, value }, append_action }));

const levels = optional({
  response_headers_to_add: fc.array(added, { minLength: 1, maxLength: 2 }),
  response_headers_to_remove: fc.constantFrom(['x-one'], ['x-lab']),
});

const comparison = fc
  .tuple(fc.constantFrom('EQ', 'GE', 'LE', 'NE'), fc.constantFrom(200, 403, 404, 503))
  .map(([op, code]): JsonObject => ({ status_code_filter: { comparison: { op, value: { default_value: code, runtime_key: '§none' } } } }));

const condition: fc.Arbitrary<JsonObject> = fc.oneof(
  comparison,
  fc.constantFrom('UH', 'NC', 'NR', 'UF').map((flag): JsonObject => ({ response_flag_filter: { flags: [flag] } })),
  fc.constantFrom('abc', '5').map((exact): JsonObject => ({ header_filter: { header: { name: 'x', string_match: { exact } } } })),
  fc.constant<JsonObject>({ response_flag_filter: {} }),
  fc.constantFrom<JsonObject[]>(
    { not_health_check_filter: {} },
    { traceable_filter: {} },
    { grpc_status_filter: { statuses: ['UNAVAILABLE', 'PERMISSION_DENIED'] } },
    { grpc_status_filter: { statuses: ['UNIMPLEMENTED'], exclude: true } },
    { runtime_filter: { runtime_key: '§none', percent_sampled: { numerator: 100 } } },
    { runtime_filter: { runtime_key: '§none', percent_sampled: { numerator: 0 } } },
    { metadata_filter: { matcher: { filter: 'lab', path: [{ key: 'k' }], value: { string_match: { exact: 'v' } } } } },
    {
      metadata_filter: { matcher: { filter: 'lab', path: [{ key: 'k' }], value: { present_match: true } }, match_if_key_not_found: false },
    },
  ),
);

const filter: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 4, arbitrary: condition },
  { weight: 1, arbitrary: fc.tuple(condition, condition).map((filters): JsonObject => ({ and_filter: { filters } })) },
  { weight: 1, arbitrary: fc.tuple(condition, condition).map((filters): JsonObject => ({ or_filter: { filters } })) },
);

const text = fc.constantFrom('said', '%LOCAL_REPLY_BODY%|%RESPONSE_CODE%|%REQ(:path)%', '%RESPONSE_CODE_DETAILS%', '%RESPONSE_FLAGS%');
const format: fc.Arbitrary<JsonObject> = fc.oneof(
  text.map((inline_string): JsonObject => ({ text_format_source: { inline_string } })),
  text.map((inline): JsonObject => ({ json_format: { body: inline, code: '%RESPONSE_CODE%' } })),
);

const mapper = fc
  .tuple(
    filter,
    optional({
      status_code: fc.constantFrom(401, 500, 418),
      body: fc.constant({ inline_string: 'mapped' }),
      body_format_override: format,
      headers_to_add: fc.array(added, { minLength: 1, maxLength: 1 }),
    }),
  )
  .map(([own, more]): JsonObject => ({ filter: own, ...more }));

const localReply = fc
  .tuple(fc.array(mapper, { maxLength: 3 }), fc.option(format, { nil: undefined }))
  .map(([mappers, body_format]): JsonObject => ({ local_reply_config: { mappers, ...(body_format ? { body_format } : {}) } }));

const action: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constantFrom(200, 302, 404, 503).map((status): JsonObject => ({ direct_response: { status, body: { inline_string: 'direct' } } })),
  text.map((inline_string): JsonObject => ({ direct_response: { status: 200, body_format: { text_format_source: { inline_string } } } })),
  fc.constant<JsonObject>({ redirect: { path_redirect: '/new' } }),
  fc.constant<JsonObject>({ route: { cluster: '§none' } }),
  fc.constant<JsonObject>({ route: { cluster: '§c1' } }),
  fc.constant<JsonObject>({ route: { cluster: '§empty' } }),
  fc.constant<JsonObject>({ non_forwarding_action: {} }),
);

const guard = fc.option(
  fc.constantFrom(
    extension('changes', 'filters.http.header_mutation.v3.HeaderMutation', {
      mutations: { response_mutations: [{ append: { header: { key: 'x-changed', value: '%RESPONSE_CODE%' } } }] },
    }),
    extension('fault', 'filters.http.fault.v3.HTTPFault', {
      abort: { http_status: 418, percentage: { numerator: 100, denominator: 'HUNDRED' } },
      headers: [{ name: 'y', present_match: true }],
    }),
    extension('rbac', 'filters.http.rbac.v3.RBAC', {
      rules: {
        action: 'DENY',
        policies: { p: { permissions: [{ header: { name: 'y', present_match: true } }], principals: [{ any: true }] } },
      },
    }),
  ),
  { nil: undefined },
);

const ownFields = optional({
  via: fc.constant('lab'),
  proxy_status_config: optional({ remove_details: fc.boolean(), set_recommended_response_code: fc.boolean() }),
  http_protocol_options: fc.constant({ allow_chunked_length: true }),
  common_http_protocol_options: fc.constant({ headers_with_underscores_action: 'REJECT_REQUEST' }),
  max_request_headers_kb: fc.constant(1),
  normalize_path: fc.boolean(),
  path_with_escaped_slashes_action: fc.constantFrom('REJECT_REQUEST', 'UNESCAPE_AND_REDIRECT'),
});

/** Refused by the codec or before a route is looked for. */
const broken: fc.Arbitrary<TraceRequest> = fc
  .tuple(
    plainRequest,
    fc.constantFrom<Partial<RequestHttp>[]>(
      { authority: 'a^b' },
      { authority: '' },
      { path: 'nowhere' },
      { path: '/a%2Fb' },
      { path: '/a\u0001' },
      { headers: [['connection', 'x-forwarded-host']] },
      { headers: [['x-long', 'v'.repeat(1100)]] },
      { path: '/a\u0080' },
      { method: 'GET', headers: [['content-length', 'many']] },
      { method: 'GET', headers: [['content-length', '5']] },
      { method: 'GET', headers: [['transfer-encoding', 'gzip']] },
      { method: 'POST', headers: [['transfer-encoding', 'chunked']] },
      {
        headers: [
          ['transfer-encoding', 'chunked'],
          ['content-length', '3'],
        ],
      },
      { headers: [['x-control', 'a\u0001b']] },
      { headers: [['x@y', 'b']] },
      { headers: [['x_y', 'b']] },
      { method: 'GE T' },
    ),
  )
  .map(([{ connection, http }, change]) => ({ connection, ...(http && { http: { ...http, version: 'http1' as const, ...change } }) }));

export const ownAnswers: fc.Arbitrary<LabCase> = fc
  .record({
    actions: fc.array(fc.tuple(action, levels), { minLength: 2, maxLength: 3 }),
    host: levels,
    configuration: levels,
    manager: fc.option(localReply, { nil: undefined }),
    guard,
    own: ownFields,
    requests: fc.array(fc.oneof({ weight: 5, arbitrary: plainRequest }, { weight: 1, arbitrary: broken }), { minLength: 4, maxLength: 8 }),
  })
  .map(({ actions, host, configuration, manager, guard: filter, own, requests }) => {
    const prefixes = ['/a', '/b', '/api'];
    const routes = actions.map(([what, changes], index): JsonObject => ({
      match: { prefix: prefixes[index] ?? '/' },
      ...what,
      ...changes,
    }));
    const chain = httpChain(
      { virtual_hosts: [virtualHost('v', ['*'], routes, host)], validate_clusters: false, ...configuration },
      { httpFilters: filter ? [filter] : [], fields: { ...manager, ...own } },
    );
    const empty: JsonObject = { name: '§empty', connect_timeout: '1s', load_assignment: { cluster_name: '§empty' } };
    return { area: 'own_answer', listeners: [listener('l', [chain])], clusters: [...clusters(1), empty], requests: once(requests) };
  });
