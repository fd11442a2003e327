/** Filters that may answer by themselves. */
import fc from 'fast-check';
import type { Json, JsonObject } from '../../../labCase';
import { optional, stringMatcher } from '../../parts';
import { fieldFilter, runtimeShare, share } from './fieldFilter';

const origins = fc.array(stringMatcher(['http://good.test', 'http://', 'null']), { minLength: 1, maxLength: 2 }).map((list): Json => list);
const corsPolicy = fc
  .tuple(
    origins,
    optional({
      allow_methods: fc.constant('GET,PUT'),
      allow_headers: fc.constantFrom('x-a', '*'),
      expose_headers: fc.constantFrom('x-c', '*'),
      max_age: fc.constant('60'),
      allow_credentials: fc.boolean(),
      allow_private_network_access: fc.boolean(),
      forward_not_matching_preflights: fc.boolean(),
      filter_enabled: fc.constantFrom(0, 100).map(runtimeShare),
      shadow_enabled: fc.constantFrom(0, 100).map(runtimeShare),
    }),
  )
  .map(([allow_origin_string_match, more]): JsonObject => ({ allow_origin_string_match, ...more }));
const cors = fieldFilter('cors', 'filters.http.cors.v3.Cors', fc.constant({}), {
  type: 'filters.http.cors.v3.CorsPolicy',
  config: corsPolicy,
});

const csrfPolicy = fc
  .tuple(
    fc.constantFrom(0, 100),
    optional({
      shadow_enabled: fc.constantFrom(0, 100).map(runtimeShare),
      additional_origins: fc.constant<Json>([{ suffix: 'good.test' }]),
    }),
  )
  .map(([enabled, more]): JsonObject => ({ filter_enabled: runtimeShare(enabled), ...more }));
const CSRF = 'filters.http.csrf.v3.CsrfPolicy';
const csrf = fieldFilter('csrf', CSRF, csrfPolicy, { type: CSRF, config: csrfPolicy });

const abort = fc
  .tuple(
    fc.constantFrom<JsonObject[]>({ http_status: 503 }, { grpc_status: 8 }, { header_abort: {} }),
    fc.constantFrom(0, 100),
    optional({ response_body: fc.constant('injected') }),
  )
  .map(([kind, numerator, more]): JsonObject => ({ ...kind, percentage: share(numerator), ...more }));
const faultPolicy = optional({
  abort,
  delay: fc
    .tuple(fc.constantFrom<JsonObject[]>({ fixed_delay: '0.001s' }, { header_delay: {} }), fc.constantFrom(0, 100))
    .map(([kind, numerator]): JsonObject => ({ ...kind, percentage: share(numerator) })),
  downstream_nodes: fc.constantFrom<Json[]>(['n1'], ['n2'], []),
  max_active_faults: fc.constantFrom(0, 5),
  response_rate_limit: fc.constantFrom<JsonObject[]>(
    { fixed_limit: { limit_kbps: 100 }, percentage: share(100) },
    { header_limit: {}, percentage: share(100) },
  ),
  abort_percent_runtime: fc.constantFrom('lab.share', 'lab.none', '§unset'),
  delay_percent_runtime: fc.constantFrom('lab.none', '§unset'),
  abort_http_status_runtime: fc.constantFrom('lab.status', '§unset'),
  abort_grpc_status_runtime: fc.constantFrom('lab.none', '§unset'),
  max_active_faults_runtime: fc.constantFrom('lab.none', '§unset'),
  disable_downstream_cluster_stats: fc.boolean(),
  filter_metadata: fc.constant<Json>({ lab: 'fault' }),
});
const FAULT = 'filters.http.fault.v3.HTTPFault';
const fault = fieldFilter('fault', FAULT, faultPolicy, { type: FAULT, config: faultPolicy });

const bucket: Json = { max_tokens: 100000, tokens_per_fill: 100000, fill_interval: '1000s' };
const oneToken: Json = { max_tokens: 1, tokens_per_fill: 1, fill_interval: '1000s' };
const limits = fc
  .tuple(
    fc.constantFrom(100, 0),
    optional({
      filter_enforced: fc.constantFrom(0, 100).map(runtimeShare),
      status: fc.constantFrom<Json[]>({ code: 'ServiceUnavailable' }, { code: 'OK' }),
      request_headers_to_add_when_not_enforced: fc.constant<Json>([{ header: { key: 'x-not-enforced', value: 'true' } }]),
      response_headers_to_add: fc.constant<Json>([{ header: { key: 'x-limited', value: '%RESPONSE_CODE%' } }]),
      descriptors: fc.constant<Json>([{ entries: [{ key: 'k', value: 'v' }], token_bucket: bucket }]),
      rate_limits: fc.constantFrom<Json[]>(
        [{ actions: [{ generic_key: { descriptor_key: 'k', descriptor_value: 'v' } }] }],
        [{ actions: [{ request_headers: { header_name: 'x', descriptor_key: 'k' } }] }],
      ),
      always_consume_default_token_bucket: fc.boolean(),
      rate_limited_as_resource_exhausted: fc.boolean(),
      enable_x_ratelimit_headers: fc.constantFrom('OFF', 'DRAFT_VERSION_03'),
      enable_retry_after_header: fc.boolean(),
      local_rate_limit_per_downstream_connection: fc.boolean(),
      stage: fc.constantFrom(0, 1),
      vh_rate_limits: fc.constantFrom('OVERRIDE', 'INCLUDE', 'IGNORE'),
    }),
    fc.boolean(),
    fc.constantFrom(bucket, bucket, oneToken),
  )
  .map(([enabled, more, has, own]): JsonObject => ({
    stat_prefix: 'l',
    filter_enabled: runtimeShare(enabled),
    ...(has || 'descriptors' in more ? { token_bucket: own } : {}),
    ...more,
  }));
const LIMIT = 'filters.http.local_ratelimit.v3.LocalRateLimit';
const limit = fieldFilter('limit', LIMIT, limits, { type: LIMIT, config: limits });

const users: Json = { inline_string: 'user:{SHA}nU4eI71bcnBGqeO0t9tXvY1u5oQ=' };
const passwords = fieldFilter(
  'passwords',
  'filters.http.basic_auth.v3.BasicAuth',
  optional({
    forward_username_header: fc.constant('x-user'),
    authentication_header: fc.constant('x-auth'),
    allow_missing: fc.boolean(),
    emit_dynamic_metadata: fc.boolean(),
    realm: fc.constant('lab'),
  }).map((fields): JsonObject => ({ users, ...fields })),
  {
    type: 'filters.http.basic_auth.v3.BasicAuthPerRoute',
    config: optional({ realm: fc.constant('route') }).map((fields): JsonObject => ({
      users: { inline_string: 'nobody:{SHA}nU4eI71bcnBGqeO0t9tXvY1u5oQ=' },
      ...fields,
    })),
  },
);

const keySources = fc.constantFrom<Json[]>([{ header: 'x-key' }], [{ query: 'key' }, { header: 'authorization' }], [{ cookie: 'key' }]);
const forwarding = optional({ header: fc.constantFrom('x-client', 'x'), hide_credentials: fc.boolean() }).map((each): Json => each);
const keys = fieldFilter(
  'keys',
  'filters.http.api_key_auth.v3.ApiKeyAuth',
  fc
    .tuple(keySources, forwarding)
    .map(([key_sources, forward]): JsonObject => ({ key_sources, forwarding: forward, credentials: [{ key: 'k1', client: 'one' }] })),
  {
    type: 'filters.http.api_key_auth.v3.ApiKeyAuthPerRoute',
    config: optional({
      credentials: fc.constant<Json>([{ key: 'k3', client: 'three' }]),
      key_sources: fc.constant<Json>([{ header: 'x-other-key' }]),
      forwarding,
      allowed_clients: fc.constantFrom<Json[]>(['one'], ['three']),
    }),
  },
);

const health = fieldFilter(
  'health',
  'filters.http.health_check.v3.HealthCheck',
  fc
    .record({
      headers: fc.constantFrom<Json[]>([{ name: ':path', string_match: { exact: '/b' } }], [{ name: 'x', present_match: true }], []),
      more: optional({
        cluster_min_healthy_percentages: fc.constantFrom<Json[]>({ '§c1': { value: 50 } }, { '§none': { value: 1 } }),
      }),
      passes: fc.boolean(),
      cache_time: fc.constantFrom('0s', '10s'),
    })
    .map(({ headers, more, passes, cache_time }): JsonObject => ({
      headers: cache_time === '0s' ? headers : [{ name: ':path', string_match: { exact: '/b' } }],
      pass_through_mode: passes,
      ...(passes && cache_time !== '0s' ? { cache_time } : {}),
      ...(passes ? {} : more),
    })),
);

const TEMPLATE = 'type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig';

const rbac = fieldFilter(
  'rbac',
  'filters.http.rbac.v3.RBAC',
  fc
    .tuple(
      fc.constantFrom<JsonObject[]>(
        { metadata: { filter: 'lab', path: [{ key: 'k' }], value: { string_match: { exact: 'abc' } } } },
        { uri_template: { name: 't', typed_config: { '@type': TEMPLATE, path_template: '/b/{n=*}' } } },
        { sourced_metadata: { metadata_matcher: { filter: 'lab', path: [{ key: 'k' }], value: { present_match: true } } } },
        {
          sourced_metadata: {
            metadata_source: 'ROUTE',
            metadata_matcher: { filter: 'lab', path: [{ key: 'k' }], value: { present_match: true } },
          },
        },
        { header: { name: 'x', string_match: { prefix: 'a' } } },
        { url_path: { path: { prefix: '/b' } } },
      ),
      fc.constantFrom<JsonObject[]>(
        { any: true },
        { sourced_metadata: { metadata_matcher: { filter: 'lab', path: [{ key: 'k' }], value: { present_match: true } } } },
        { header: { name: 'y', present_match: true } },
      ),
      fc.constantFrom('ALLOW', 'DENY', 'LOG'),
      optional({ rules_stat_prefix: fc.constant('r'), shadow_rules_stat_prefix: fc.constant('s'), track_per_rule_stats: fc.boolean() }),
    )
    .map(([permission, principal, action, more]): JsonObject => ({
      rules: { action, policies: { p: { permissions: [permission], principals: [principal] } } },
      ...more,
    })),
);

const authorization = fieldFilter(
  'authorization',
  'filters.http.ext_authz.v3.ExtAuthz',
  optional({
    failure_mode_allow: fc.boolean(),
    deny_at_disable: fc.constantFrom<Json[]>(
      { default_value: true, runtime_key: '§unset' },
      { default_value: true, runtime_key: 'lab.off' },
    ),
    status_on_error: fc.constant<Json>({ code: 'ServiceUnavailable' }),
    filter_enabled_metadata: fc.constant<Json>({ filter: 'lab', path: [{ key: 'nowhere' }], value: { present_match: true } }),
  }).map((fields): JsonObject => ({
    grpc_service: { envoy_grpc: { cluster_name: '§c3' } },
    filter_enabled: runtimeShare(0),
    ...fields,
  })),
  { type: 'filters.http.ext_authz.v3.ExtAuthzPerRoute', config: fc.constant({ disabled: true }) },
);

export const answeringFilters = [cors, csrf, fault, limit, passwords, keys, health, rbac, authorization];
