/** Fields that decide and that no other generator sets: what is asked about bodies, which answers are replaced, where a session stands. */
import fc from 'fast-check';
import type { JsonObject } from '../../../labCase';
import { extension, optional, typed } from '../../parts';
import { fieldFilter, share, type FieldFilter } from './fieldFilter';

const templates = fc.constantFrom('/a', '/a/*', '/{x}/{y}', '/**', '/b/{x=**}', '/{x=*}');
const uriTemplate = templates.map((path_template): JsonObject => ({
  uri_template: extension('t', 'path.match.uri_template.v3.UriTemplateMatchConfig', { path_template }),
}));
const permission = fc.oneof(
  uriTemplate,
  uriTemplate.map((not_rule): JsonObject => ({ not_rule })),
);
const rules = fc.tuple(permission, fc.constantFrom('ALLOW', 'DENY')).map(([each, action]): JsonObject => ({
  rules: { action, policies: { template: { permissions: [each], principals: [{ any: true }] } } },
}));
const template = fieldFilter('template', 'filters.http.rbac.v3.RBAC', rules, {
  type: 'filters.http.rbac.v3.RBACPerRoute',
  config: rules.map((rbac): JsonObject => ({ rbac })),
});

const stored = fc
  .constantFrom<[string, string][]>(
    ['cache.v3.CacheConfig', 'cache.simple_http_cache.v3.SimpleHttpCacheConfig'],
    ['cache_v2.v3.CacheV2Config', 'cache_v2.simple_http_cache.v3.SimpleHttpCacheV2Config'],
  )
  .map(([type, store]): FieldFilter => ({
    filter: extension('stored', `filters.http.${type}`, { typed_config: typed(`http.${store}`) }),
  }));

const sessionState = fc.constantFrom<JsonObject[]>(
  extension('envoy.http.stateful_session.envelope', 'http.stateful_session.envelope.v3.EnvelopeSessionState', {
    header: { name: 'x-session' },
  }),
  extension('envoy.http.stateful_session.cookie', 'http.stateful_session.cookie.v3.CookieBasedSessionState', {
    cookie: { name: 'timed', ttl: '60s' },
  }),
);
const sticky = fieldFilter(
  'sticky',
  'filters.http.stateful_session.v3.StatefulSession',
  fc.tuple(sessionState, fc.boolean()).map(([session_state, strict]): JsonObject => ({ session_state, strict })),
);

const headerMode = fc.constantFrom('SKIP', 'SEND');
const mode = optional({
  request_header_mode: fc.constantFrom('SKIP', 'SKIP', 'SEND'),
  response_header_mode: headerMode,
  request_body_mode: fc.constantFrom('NONE', 'BUFFERED', 'STREAMED', 'BUFFERED_PARTIAL'),
});
const processor = fieldFilter(
  'bodies',
  'filters.http.ext_proc.v3.ExternalProcessor',
  fc.tuple(mode, optional({ failure_mode_allow: fc.boolean() })).map(([processing_mode, more]): JsonObject => ({
    grpc_service: { envoy_grpc: { cluster_name: '§none' }, timeout: '0.5s' },
    processing_mode,
    ...more,
  })),
);

const byOrigin = fc.constantFrom('true', 'false').map((key): JsonObject => ({
  custom_response_matcher: {
    matcher_tree: {
      input: { name: 'local', typed_config: { '@type': 'type.googleapis.com/envoy.type.matcher.v3.HttpResponseLocalReplyMatchInput' } },
      exact_match_map: {
        map: {
          [key]: {
            action: extension('p', 'http.custom_response.local_response_policy.v3.LocalResponsePolicy', {
              status_code: 299,
              body: { inline_string: 'instead' },
              preserve_response_code_details: true,
            }),
          },
        },
      },
    },
  },
}));
const replaced = fieldFilter('replaced', 'filters.http.custom_response.v3.CustomResponse', byOrigin);

const KEYS = 'filters.http.api_key_auth.v3';
const credentials = [{ key: 'k1', client: 'one' }];
const keys = fieldFilter(
  'keys',
  `${KEYS}.ApiKeyAuth`,
  fc.constantFrom<JsonObject[]>(
    { credentials },
    { key_sources: [{ header: 'x-key' }] },
    { credentials, key_sources: [{ header: 'x-key' }] },
  ),
  {
    type: `${KEYS}.ApiKeyAuthPerRoute`,
    config: fc.constantFrom<JsonObject[]>(
      { credentials: [{ key: 'k3', client: 'three' }], key_sources: [{ header: 'x-other-key' }] },
      { forwarding: { header: 'x-client', hide_credentials: true } },
      { allowed_clients: ['three'] },
    ),
  },
);

const signed = fieldFilter(
  'signed',
  'filters.http.aws_request_signing.v3.AwsRequestSigning',
  fc
    .tuple(fc.constantFrom('', 'session'), optional({ query_string: fc.constant<JsonObject>({}) }))
    .map(([session_token, more]): JsonObject => ({
      service_name: 's3',
      region: 'r',
      credential_provider: { inline_credential: { access_key_id: 'a', secret_access_key: 's', session_token } },
      ...more,
    })),
);

const script = fieldFilter(
  'script',
  'filters.http.lua.v3.Lua',
  optional({ clear_route_cache: fc.boolean() }).map((more): JsonObject => ({
    default_source_code: { inline_string: 'function envoy_on_request(h) h:headers():replace("x-to", "three") end' },
    ...more,
  })),
);

/** The older spelling of a filter behind a matcher. */
const skipped: fc.Arbitrary<FieldFilter> = fc.constantFrom('abc', '17').map((value) => ({
  filter: extension('skipped', 'common.matching.v3.ExtensionWithMatcher', {
    extension_config: extension('f', 'filters.http.fault.v3.HTTPFault', { abort: { http_status: 418, percentage: share(100) } }),
    matcher: {
      matcher_tree: {
        input: {
          name: 'h',
          typed_config: { '@type': 'type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput', header_name: 'x' },
        },
        exact_match_map: { map: { [value]: { action: extension('s', 'filters.common.matcher.action.v3.SkipFilter') } } },
      },
    },
  }),
}));

export const seldomFilters = [template, stored, sticky, processor, replaced, keys, signed, script, skipped];
