/** HTTP filters that no other area has: those that only watch, that count, that sign, or that find nothing to do; and what routes may say to filters besides. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { clusters, extension, httpChain, httpRequest, listener, once, optional, typed, virtualHost } from '../parts';

const HTTP = 'filters.http';
const filterOf = (name: string, type: string, fields: JsonObject = {}): JsonObject => extension(name, `${HTTP}.${type}`, fields);
const limit: JsonObject = { kbps: { default_value: 10000, runtime_key: 'lab.kbps' } };
const on = fc.constantFrom(true, false).map((default_value): Json => ({ default_value, runtime_key: 'lab.on' }));

const counting: fc.Arbitrary<JsonObject> = fc.oneof(
  optional({ enabled: on, concurrency_limit_exceeded_status: fc.constant<Json>({ code: 'ServiceUnavailable' }) }).map((more) =>
    filterOf('concurrency', 'adaptive_concurrency.v3.AdaptiveConcurrency', {
      gradient_controller_config: {
        sample_aggregate_percentile: { value: 90 },
        concurrency_limit_params: { concurrency_update_interval: '0.1s' },
        min_rtt_calc_params: { interval: '60s', request_count: 50 },
      },
      ...more,
    }),
  ),
  on.map((enabled) =>
    filterOf('admission', 'admission_control.v3.AdmissionControl', {
      enabled,
      success_criteria: { http_criteria: { http_success_status: [{ start: 100, end: 600 }] } },
    }),
  ),
  fc.constantFrom(
    filterOf('protocols', 'alternate_protocols_cache.v3.FilterConfig'),
    filterOf('share', 'bandwidth_share.v3.BandwidthShare', {
      request_limit: { bucket_id: '§in', ...limit },
      response_limit: { bucket_id: '§out', ...limit },
    }),
    filterOf('sse', 'sse_to_metadata.v3.SseToMetadata', {
      response_rules: {
        content_parser: extension('json', 'content_parsers.json.v3.JsonContentParser', {
          rules: [{ rule: { selectors: [{ key: 'a' }], on_present: { metadata_namespace: 'lab', key: 'k' } } }],
        }),
      },
    }),
    filterOf('thrift', 'thrift_to_metadata.v3.ThriftToMetadata', {
      request_rules: [
        {
          field: 'METHOD_NAME',
          on_present: { metadata_namespace: 'lab', key: 'k' },
          on_missing: { metadata_namespace: 'lab', key: 'k', value: 'none' },
        },
      ],
    }),
    filterOf('files', 'file_system_buffer.v3.FileSystemBufferFilterConfig', {
      manager_config: { thread_pool: { thread_count: 1 } },
      storage_buffer_path: '/tmp',
    }),
    filterOf('stats', 'grpc_stats.v3.FilterConfig', { stats_for_all_methods: true }),
  ),
);

const words = fc.constantFrom<JsonObject[]>({ exact: 'x' }, { prefix: 'x-' });
const signing = optional({
  host_rewrite: fc.constantFrom('signed.test'),
  use_unsigned_payload: fc.boolean(),
  match_excluded_headers: words.map((each): Json => [each]),
}).map((more) =>
  filterOf('signing', 'aws_request_signing.v3.AwsRequestSigning', {
    service_name: 's3',
    region: 'eu-west-1',
    credential_provider: { inline_credential: { access_key_id: 'a', secret_access_key: 's' } },
    ...more,
  }),
);
const lambda = optional({
  payload_passthrough: fc.boolean(),
  invocation_mode: fc.constantFrom('SYNCHRONOUS', 'ASYNCHRONOUS'),
  host_rewrite: fc.constant('lambda.test'),
}).map((more) =>
  filterOf('lambda', 'aws_lambda.v3.Config', {
    arn: 'arn:aws:lambda:eu-west-1:123456789012:function:lab',
    credentials: { access_key_id: 'a', secret_access_key: 's' },
    ...more,
  }),
);

const transformed = optional({
  clear_route_cache: fc.boolean(),
  request_transformation: fc.constantFrom<Json[]>(
    { headers_mutations: [{ append: { header: { key: 'x-made', value: '%REQ(x)%' } } }] },
    { headers_mutations: [{ append: { header: { key: 'y', value: 'two' } } }, { remove: 'x' }] },
  ),
  response_transformation: fc.constantFrom<Json[]>({ headers_mutations: [{ append: { header: { key: 'x-answer', value: 'yes' } } }] }),
}).map((fields) => filterOf('transform', 'transform.v3.TransformConfig', fields));

const cache = optional({ disabled: fc.boolean(), ignore_request_cache_control_header: fc.boolean() }).map((more) =>
  filterOf('cache', 'cache_v2.v3.CacheV2Config', {
    typed_config: typed('http.cache_v2.simple_http_cache.v3.SimpleHttpCacheV2Config'),
    ...more,
  }),
);

const grpc = fc.constantFrom('§none', '§empty').map((cluster_name): Json => ({ envoy_grpc: { cluster_name }, timeout: '0.5s' }));
const quota = fc
  .tuple(
    grpc,
    fc
      .constantFrom('ALLOW_ALL', 'DENY_ALL', '')
      .map((blanket_rule): JsonObject =>
        blanket_rule === '' ? {} : { no_assignment_behavior: { fallback_rate_limit: { blanket_rule } } },
      ),
    optional({
      filter_enabled: fc.constantFrom(0, 100).map((numerator): Json => ({ default_value: { numerator } })),
      filter_enforced: fc.constantFrom(0, 100).map((numerator): Json => ({ default_value: { numerator } })),
      request_headers_to_add_when_not_enforced: fc.constant<Json>([{ header: { key: 'x-not-enforced', value: 'yes' } }]),
    }),
    optional({
      http_status: fc.constantFrom<Json[]>({ code: 'ServiceUnavailable' }, { code: 'OK' }),
      http_body: fc.constant('ZGVuaWVk'),
      grpc_status: fc.constantFrom<Json[]>({ code: 8, message: 'too many' }, { code: 14 }),
      response_headers_to_add: fc.constant<Json>([
        { header: { key: 'X-Denied', value: '%RESPONSE_CODE%' } },
        { header: { key: 'x-denied', value: 'again' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' },
      ]),
    }),
  )
  .map(([rlqs_server, unassigned, more, deny_response_settings]) =>
    filterOf('quota', 'rate_limit_quota.v3.RateLimitQuotaFilterConfig', {
      rlqs_server,
      domain: 'lab',
      bucket_matchers: {
        matcher_list: {
          matchers: [
            {
              predicate: {
                single_predicate: {
                  input: {
                    name: 'h',
                    typed_config: { '@type': 'type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput', header_name: 'x' },
                  },
                  value_match: { exact: 'abc' },
                },
              },
              on_match: {
                action: {
                  name: 'bucket',
                  typed_config: typed('filters.http.rate_limit_quota.v3.RateLimitQuotaBucketSettings', {
                    bucket_id_builder: { bucket_id_builder: { name: { string_value: 'lab' } } },
                    reporting_interval: '60s',
                    deny_response_settings,
                    ...unassigned,
                  }),
                },
              },
            },
          ],
        },
      },
      ...more,
    }),
  );

const processor = fc
  .tuple(grpc, optional({ failure_mode_allow: fc.boolean(), allow_mode_override: fc.boolean(), disable_clear_route_cache: fc.boolean() }))
  .map(([grpc_service, more]) => filterOf('processor', 'ext_proc.v3.ExternalProcessor', { grpc_service, ...more }));
const processorOverride = fc.constantFrom<JsonObject[]>(
  { disabled: true },
  { overrides: { failure_mode_allow: true } },
  { overrides: { failure_mode_allow: false } },
  { overrides: { processing_mode: { request_header_mode: 'SKIP', response_header_mode: 'SKIP' } } },
  { overrides: { grpc_service: { envoy_grpc: { cluster_name: '§empty' } } } },
  { overrides: { grpc_initial_metadata: [{ key: 'x', value: 'y' }] } },
);

const KEYS = '{"keys":[{"kty":"oct","alg":"HS256","kid":"k","k":"c2VjcmV0"}]}';
const jwt = fc
  .constantFrom<JsonObject[]>(
    { allow_missing: {} },
    { provider_name: 'p' },
    { requires_any: { requirements: [{ provider_name: 'p' }, { allow_missing: {} }] } },
  )
  .map((open) =>
    filterOf('jwt', 'jwt_authn.v3.JwtAuthentication', {
      providers: { p: { issuer: 'i', local_jwks: { inline_string: KEYS } } },
      rules: [{ match: { prefix: '/' }, requires: { provider_name: 'p' } }],
      requirement_map: { open, strict: { provider_name: 'p' } },
    }),
  );
const jwtOverride = fc.constantFrom<JsonObject[]>(
  { disabled: true },
  { requirement_name: 'open' },
  { requirement_name: 'strict' },
  { requirement_name: 'gone' },
);

const overridesOf = (name: string): fc.Arbitrary<JsonObject | undefined> =>
  name === 'processor'
    ? fc.option(
        processorOverride.map((fields) => typed(`${HTTP}.ext_proc.v3.ExtProcPerRoute`, fields)),
        { nil: undefined },
      )
    : name === 'jwt'
      ? fc.option(
          jwtOverride.map((fields) => typed(`${HTTP}.jwt_authn.v3.PerRouteConfig`, fields)),
          { nil: undefined, freq: 4 },
        )
      : fc.constant(undefined);

const filters = fc
  .uniqueArray(
    fc.oneof({ weight: 3, arbitrary: counting }, signing, lambda, { weight: 2, arbitrary: transformed }, cache, quota, processor, jwt),
    {
      minLength: 1,
      maxLength: 2,
      selector: (each) => each['name'],
    },
  )
  // A processor that cannot be asked refuses other filters' answers as well, which the trace does not follow.
  .map((all) => all.filter((each, _, { length }) => length === 1 || each['name'] !== 'processor'))
  // A token is looked for in the signature only where somebody has mixed up the order.
  .map((all) => [...all].sort((one, other) => Number(one['name'] === 'signing') - Number(other['name'] === 'signing')))
  .chain((all) => fc.tuple(...all.map((filter) => overridesOf(filter['name'] as string).map((override) => ({ filter, override })))));

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http1', 'http2'),
    path: fc.constantFrom('/a', '/a/b?q=1&p=2', '/b', '/direct'),
    method: fc.constantFrom('GET', 'GET', 'HEAD', 'POST'),
    headers: fc.subarray<[string, string]>([
      ['x', 'abc'],
      ['y', 'two'],
      ['cache-control', 'no-store'],
      ['content-type', 'application/json'],
    ]),
  })
  .map((http) => httpRequest(http));

export const uncommonFilters: fc.Arbitrary<LabCase> = fc
  .record({ filters, requests: fc.array(client, { minLength: 4, maxLength: 7 }) })
  .map(({ filters: own, requests }) => {
    const per = own.flatMap(({ filter, override }) => (override ? [[filter['name'], override] as const] : []));
    const overrides: JsonObject = per.length > 0 ? { typed_per_filter_config: Object.fromEntries(per) as JsonObject } : {};
    const routes: JsonObject[] = [
      { match: { prefix: '/a' }, route: { cluster: '§c1' }, ...overrides },
      { match: { prefix: '/direct' }, direct_response: { status: 404, body: { inline_string: 'direct' } } },
      { match: { prefix: '/', headers: [{ name: 'y', string_match: { exact: 'two' } }] }, route: { cluster: '§c3' } },
      { match: { prefix: '/' }, route: { cluster: '§c2' } },
    ];
    const chain = httpChain({ virtual_hosts: [virtualHost('v', ['*'], routes)] }, { httpFilters: own.map(({ filter }) => filter) });
    return {
      area: 'uncommon_filter',
      listeners: [listener('l', [chain])],
      clusters: [...clusters(3), { name: '§empty', connect_timeout: '1s', load_assignment: { cluster_name: '§empty', endpoints: [] } }],
      requests: once(requests),
    };
  });
