/** Filters that ask a service which certainly cannot be reached (no such cluster, no hosts), so that their failure modes decide; rate limit actions. */
import fc from 'fast-check';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import type { Json, JsonObject, LabCase } from '../../labCase';
import { clusters, extension, httpChain, httpRequest, listener, once, optional, typed, virtualHost } from '../parts';

const dead = fc.constantFrom('§none', '§empty');
const grpc = dead.map((cluster_name): Json => ({ envoy_grpc: { cluster_name }, timeout: '0.5s' }));
const web = dead.map((name): Json => ({ server_uri: { uri: 'http://service.test', cluster: name, timeout: '0.5s' } }));
const failure = fc.constantFrom<Json[]>({ code: 'ServiceUnavailable' }, { code: 'TooManyRequests' }, { code: 'NotFound' });

const authorization = fc
  .tuple(
    fc.oneof(
      grpc.map((grpc_service): JsonObject => ({ grpc_service })),
      web.map((http_service): JsonObject => ({ http_service })),
    ),
    optional({
      failure_mode_allow: fc.boolean(),
      failure_mode_allow_header_add: fc.boolean(),
      status_on_error: fc.constantFrom<Json[]>({ code: 'ServiceUnavailable' }, { code: 'NotFound' }),
      clear_route_cache: fc.boolean(),
      filter_enabled: fc.constantFrom(0, 100).map(share),
      deny_at_disable: fc.constantFrom(true, false).map((default_value): Json => ({ default_value, runtime_key: 'lab.deny' })),
      shadow_mode: fc.boolean(),
      with_request_body: fc.constant<Json>({ max_request_bytes: 1000, allow_partial_message: true }),
      allowed_headers: fc.constant<Json>({ patterns: [{ exact: 'x' }] }),
      filter_enabled_metadata: fc.constant<Json>({ filter: 'lab', path: [{ key: 'k' }], value: { present_match: true } }),
    }),
  )
  .map(([service, more]) => extension('authorization', 'filters.http.ext_authz.v3.ExtAuthz', { ...service, ...more }));
const authorizationPerRoute = fc.constantFrom<JsonObject[]>(
  { disabled: true },
  { check_settings: { context_extensions: { k: 'v' } } },
  { check_settings: { disable_request_body_buffering: true } },
  { check_settings: { grpc_service: { envoy_grpc: { cluster_name: '§empty' } } } },
  { check_settings: { with_request_body: { max_request_bytes: 10 } } },
);

const processor = fc
  .tuple(
    grpc,
    optional({
      failure_mode_allow: fc.boolean(),
      status_on_error: failure,
      processing_mode: fc.constantFrom<Json[]>({ request_header_mode: 'SEND' }, { response_header_mode: 'SKIP' }),
    }),
  )
  .map(([grpc_service, more]) => extension('processor', 'filters.http.ext_proc.v3.ExternalProcessor', { grpc_service, ...more }));

function share(numerator: number): Json {
  return { default_value: { numerator, denominator: 'HUNDRED' } };
}
const limiter = fc
  .tuple(
    grpc,
    optional({
      failure_mode_deny: fc.boolean(),
      failure_mode_deny_percent: fc.constantFrom(0, 100).map(share),
      filter_enabled: fc.constantFrom(0, 100).map(share),
      filter_enforced: fc.constantFrom(0, 100).map(share),
      status_on_error: failure,
      stage: fc.constantFrom(0, 1),
      request_type: fc.constantFrom('internal', 'external', 'both', ''),
      rate_limited_as_resource_exhausted: fc.boolean(),
      enable_x_ratelimit_headers: fc.constant('DRAFT_VERSION_03'),
      disable_x_envoy_ratelimited_header: fc.boolean(),
      rate_limited_status: fc.constant<Json>({ code: 'TooManyRequests' }),
      response_headers_to_add: fc.constant<Json>([{ header: { key: 'x-limited', value: 'yes' } }]),
      rate_limits: fc.constantFrom<Json[]>(
        [{ actions: [{ generic_key: { descriptor_value: 'own' } }] }],
        [{ actions: [{ request_headers: { header_name: 'x', descriptor_key: 'h' } }] }],
      ),
    }),
  )
  .map(([grpc_service, more]) =>
    extension('limiter', 'filters.http.ratelimit.v3.RateLimit', {
      domain: 'lab',
      rate_limit_service: { transport_api_version: 'V3', grpc_service },
      ...more,
    }),
  );

const token = (issuer: string): string =>
  [
    { alg: 'RS256', typ: 'JWT', kid: 'k' },
    { iss: issuer, sub: 's', exp: 4102444800 },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('c2lnbmF0dXJl')
    .join('.');
const provider = (issuer: string): fc.Arbitrary<Json> =>
  dead.map((name): Json => ({
    issuer,
    failed_status_in_metadata: 'failed',
    remote_jwks: { http_uri: { uri: 'http://keys.test/jwks', cluster: name, timeout: '0.5s' } },
  }));
const requirement = fc.constantFrom<Json[]>(
  { provider_name: 'one' },
  { requires_any: { requirements: [{ provider_name: 'one' }, { allow_missing: {} }] } },
  { requires_any: { requirements: [{ provider_name: 'one' }, { provider_name: 'two' }] } },
  { requires_all: { requirements: [{ provider_name: 'two' }, { allow_missing_or_failed: {} }] } },
  { allow_missing_or_failed: {} },
);
const keys = fc.tuple(provider('one'), provider('two'), requirement).map(([one, two, requires]) =>
  extension('keys', 'filters.http.jwt_authn.v3.JwtAuthentication', {
    providers: { one, two },
    rules: [{ match: { prefix: '/a' }, requires }],
  }),
);

const skips = fc.constantFrom<JsonObject[]>({}, { skip_if_absent: true });
const defaults = fc.constantFrom<JsonObject[]>({}, { default_value: 'd' }, { descriptor_key: 'k' });
const metadataKey: Json = { key: 'lab', path: [{ key: 'k' }] };
const action: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constantFrom<JsonObject[]>(
    { source_cluster: {} },
    { destination_cluster: {} },
    { remote_address: {} },
    { generic_key: { descriptor_value: 'v', descriptor_key: 'k' } },
    { masked_remote_address: { v4_prefix_mask_len: 24 } },
    { dynamic_metadata: { descriptor_key: 'm', metadata_key: metadataKey } },
    { dynamic_metadata: { descriptor_key: 'm', metadata_key: metadataKey, default_value: 'd' } },
  ),
  fc
    .tuple(fc.constantFrom('x', 'y'), skips)
    .map(([header_name, more]): JsonObject => ({ request_headers: { header_name, descriptor_key: 'h', ...more } })),
  fc
    .tuple(fc.constantFrom('q', 'r'), skips)
    .map(([query_parameter_name, more]): JsonObject => ({ query_parameters: { query_parameter_name, descriptor_key: 'q', ...more } })),
  fc.tuple(fc.boolean(), fc.boolean()).map(([expect_match, present_match]): JsonObject => ({
    header_value_match: { descriptor_value: 'v', expect_match, headers: [{ name: 'x', present_match }] },
  })),
  fc.tuple(fc.boolean(), fc.constantFrom('1', '2')).map(([expect_match, exact]): JsonObject => ({
    query_parameter_value_match: { descriptor_value: 'v', expect_match, query_parameters: [{ name: 'q', string_match: { exact } }] },
  })),
  fc.tuple(fc.boolean(), defaults).map(([invert_match, more]): JsonObject => ({
    remote_address_match: {
      descriptor_value: 'v',
      address_matcher: { ranges: [{ address_prefix: '10.0.0.0', prefix_len: 8 }], ...(invert_match ? { invert_match } : {}) },
      ...more,
    },
  })),
  fc.tuple(fc.boolean(), defaults).map(([expect_match, more]): JsonObject => ({
    header_value_match: { descriptor_value: '%REQ(y)%', expect_match, headers: [{ name: 'x', present_match: true }], ...more },
  })),
  defaults.map((more): JsonObject => ({ generic_key: { descriptor_value: '%REQ(y)%', ...more } })),
  fc.constantFrom<JsonObject[]>(
    { masked_remote_address: { v4_prefix_mask_len: 24, v6_prefix_mask_len: 64 } },
    { query_parameter_value_match: { descriptor_value: 'v', descriptor_key: 'k', query_parameters: [{ name: 'q', present_match: true }] } },
  ),
  fc.tuple(fc.constantFrom('DYNAMIC', 'ROUTE_ENTRY'), skips).map(([source, more]): JsonObject => ({
    metadata: { descriptor_key: 'm', metadata_key: metadataKey, source, ...more },
  })),
);
const limit = fc
  .tuple(
    fc.array(action, { minLength: 1, maxLength: 3 }),
    optional({
      stage: fc.constantFrom(0, 1),
      disable_key: fc.constantFrom('on', 'off'),
      apply_on_stream_done: fc.boolean(),
      hits_addend: fc.constantFrom<Json[]>({ number: 2 }, { format: '%BYTES_RECEIVED%' }),
    }),
  )
  .map(([actions, more]): JsonObject => ({ actions, ...more }));
const limits = fc.array(limit, { minLength: 1, maxLength: 2 });
const limitPerRoute = fc.oneof(
  fc.constantFrom('OVERRIDE', 'INCLUDE', 'IGNORE').map((vh_rate_limits): JsonObject => ({ vh_rate_limits })),
  fc.array(action, { minLength: 1, maxLength: 2 }).map((actions): JsonObject => ({ rate_limits: [{ actions }] })),
);

const metadata = extension('metadata', 'filters.http.set_metadata.v3.Config', {
  metadata: [{ metadata_namespace: 'lab', value: { k: 'md' } }],
});

const client: fc.Arbitrary<TraceRequest> = fc
  .record({
    version: fc.constantFrom<('http1' | 'http2')[]>('http1', 'http1', 'http2'),
    path: fc.constantFrom('/a', '/a?q=1', '/a?q=2&r=', '/b?q', '/direct', '/to', '/gone'),
    source: fc.constantFrom('10.1.2.3', '203.0.113.9'),
    headers: fc.subarray<[string, string]>([
      ['x', 'abc'],
      ['y', ''],
      ['x-envoy-internal', 'true'],
      ['authorization', `Bearer ${token('one')}`],
      ['authorization', `Bearer ${token('two')}`],
      ['content-type', 'application/grpc'],
    ]),
  })
  .map(({ source, headers, ...http }) => {
    const own = headers.filter(([name], index) => headers.findIndex(([other]) => other === name) === index);
    return httpRequest({ ...http, headers: own }, { source });
  });

export const seldomServices: fc.Arbitrary<LabCase> = fc
  .record({
    filter: fc.oneof(authorization, processor, keys, { weight: 3, arbitrary: limiter }),
    hasMetadata: fc.boolean(),
    ofRoute: fc.option(limits, { nil: undefined }),
    ofHost: fc.option(limits, { nil: undefined }),
    includes: fc.boolean(),
    authorizationPerRoute,
    limitPerRoute: fc.option(limitPerRoute, { nil: undefined }),
    hasOverride: fc.boolean(),
    requests: fc.array(client, { minLength: 4, maxLength: 8 }),
  })
  .map(({ filter, hasMetadata, ofRoute, ofHost, includes, authorizationPerRoute: own, limitPerRoute: limited, hasOverride, requests }) => {
    const overrides: Record<string, JsonObject> = {
      ...(hasOverride ? { authorization: typed('filters.http.ext_authz.v3.ExtAuthzPerRoute', own) } : {}),
      ...(limited ? { limiter: typed('filters.http.ratelimit.v3.RateLimitPerRoute', limited) } : {}),
    };
    const override = overrides[filter['name'] as string];
    const perRoute: JsonObject = override ? { typed_per_filter_config: { [filter['name'] as string]: override } } : {};
    const routes: JsonObject[] = [
      {
        match: { prefix: '/a' },
        route: { cluster: '§c1', ...(ofRoute ? { rate_limits: ofRoute } : {}), ...(includes ? { include_vh_rate_limits: true } : {}) },
        metadata: { filter_metadata: { lab: { k: 'route' } } },
        ...perRoute,
      },
      { match: { prefix: '/direct' }, direct_response: { status: 200, body: { inline_string: 'd' } }, ...perRoute },
      { match: { prefix: '/to' }, redirect: { path_redirect: '/a' } },
      { match: { prefix: '/gone' }, route: { cluster: '§gone' } },
      { match: { prefix: '/' }, route: { cluster: '§c2' } },
    ];
    const host = virtualHost('v', ['*'], routes, ofHost ? { rate_limits: ofHost } : {});
    const chain = httpChain(
      { virtual_hosts: [host], validate_clusters: false },
      { httpFilters: [...(hasMetadata ? [metadata] : []), filter] },
    );
    return {
      area: 'seldom_service',
      listeners: [listener('l', [chain])],
      clusters: [...clusters(2), { name: '§empty', connect_timeout: '1s', load_assignment: { cluster_name: '§empty', endpoints: [] } }],
      runtime: { 'ratelimit.off.http_filter_enabled': 0 },
      requests: once(requests),
    };
  });
