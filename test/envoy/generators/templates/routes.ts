/** Routes as people write them: redirects, rewrites, canaries, header rules, overrides of filters. */
import fc from 'fast-check';
import type { Json, JsonObject } from '../../labCase';
import { optional, typed } from '../parts';

const template = (name: string, fields: JsonObject): Json => ({
  name: `envoy.path.${name}`,
  typed_config: typed(`path.${name}.uri_template.v3.UriTemplate${name === 'match' ? 'Match' : 'Rewrite'}Config`, fields),
});

const matches = fc.constantFrom<JsonObject[]>(
  { prefix: '/api/' },
  { prefix: '/api', case_sensitive: false },
  { path_separated_prefix: '/api' },
  { path: '/old' },
  { prefix: '/old/' },
  { safe_regex: { regex: '/api/v[0-9]+/.*' } },
  { safe_regex: { regex: '/old/(.+)\\.html' } },
  { path_match_policy: template('match', { path_template: '/api/{version=*}/{rest=**}' }) },
  { path_match_policy: template('match', { path_template: '/static/**.js' }) },
  { prefix: '/', grpc: {} },
  { prefix: '/', headers: [{ name: 'x-user', string_match: { exact: 'jason' } }] },
  { prefix: '/', headers: [{ name: ':authority', string_match: { suffix: '.internal' } }] },
  { prefix: '/', headers: [{ name: 'cookie', string_match: { contains: 'canary=true' } }] },
  { prefix: '/', headers: [{ name: 'x-tenant', string_match: { prefix: 'blue', ignore_case: true }, invert_match: true }] },
  { prefix: '/', headers: [{ name: 'x-canary', present_match: true, treat_missing_header_as_empty: true }] },
  { prefix: '/', query_parameters: [{ name: 'expand', string_match: { exact: 'all' } }] },
  { prefix: '/', query_parameters: [{ name: 'x', present_match: true }] },
  { prefix: '/', cookies: [{ name: 'theme', string_match: { exact: 'dark' } }] },
  { prefix: '/', tls_context: { presented: false } },
  { prefix: '/', dynamic_metadata: [{ filter: 'lab', path: [{ key: 'tenant' }], value: { string_match: { prefix: 'B' } } }] },
);

const redirect: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.constantFrom<JsonObject[]>(
      {},
      { path_redirect: '/new' },
      { path_redirect: '/new?from=old' },
      { prefix_rewrite: '/v3/' },
      { prefix_rewrite: '' },
      { regex_rewrite: { pattern: { regex: '^/(old|api)/(.*)$' }, substitution: '/archive/\\2/\\1' } },
      { path_rewrite: '/r/%REQ(x-tenant)%' },
    ),
    fc.constantFrom<JsonObject[]>({}, { https_redirect: true }, { scheme_redirect: 'HTTPS' }, { scheme_redirect: 'http' }),
    optional({
      host_redirect: fc.constantFrom('www.example.com', 'www.example.com:8443', '[::1]'),
      port_redirect: fc.constantFrom(443, 80, 8443),
      strip_query: fc.boolean(),
      response_code: fc.constantFrom('FOUND', 'SEE_OTHER', 'TEMPORARY_REDIRECT', 'PERMANENT_REDIRECT'),
    }),
  )
  .map(([path, scheme, more]) => ({ redirect: { ...path, ...scheme, ...more } }));

const pathRewrite = fc.constantFrom<JsonObject[]>(
  {},
  {},
  { prefix_rewrite: '/' },
  { prefix_rewrite: '/internal' },
  { prefix_rewrite: '/internal/' },
  { regex_rewrite: { pattern: { regex: '/v([0-9]+)' }, substitution: '/version-\\1' } },
  { regex_rewrite: { pattern: { regex: '^/api/(v\\d)/([^/]+).*' }, substitution: '/\\2?api=\\1' } },
  { path_rewrite: '/%REQ(x-version)%%PATH(NQ)%' },
);
const hostRewrite = fc.constantFrom<JsonObject[]>(
  {},
  {},
  { host_rewrite_literal: 'backend.local:8080' },
  { auto_host_rewrite: true },
  { host_rewrite_header: 'x-host' },
  { host_rewrite_path_regex: { pattern: { regex: '^/([^/?]+).*$' }, substitution: '\\1.svc' } },
  { host_rewrite: '%REQ(x-tenant)%.tenants' },
);

const headerValue = fc.constantFrom(
  'static',
  '%REQ(x-user)%',
  '%REQ(x-user?x-tenant)%-%REQ(none)%',
  '%REQ(:path):8%',
  '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
  '%PROTOCOL% %REQ(:method)% %REQ(:scheme)%',
  '%REQ(x-forwarded-for)%',
  '%DYNAMIC_METADATA(lab:tenant)%',
  '%ROUTE_NAME%|%VIRTUAL_CLUSTER_NAME%',
  '%REQ(x-envoy-original-path?:path)%',
  '100%%',
);
const ACTIONS = ['APPEND_IF_EXISTS_OR_ADD', 'ADD_IF_ABSENT', 'OVERWRITE_IF_EXISTS_OR_ADD', 'OVERWRITE_IF_EXISTS'];
const added = (names: readonly string[]): fc.Arbitrary<Json> =>
  fc
    .array(fc.tuple(fc.constantFrom(...names), headerValue, fc.constantFrom(...ACTIONS), fc.boolean()), { minLength: 1, maxLength: 3 })
    .map((list): Json =>
      list.map(([key, value, append_action, keep]) => ({
        header: { key, value },
        append_action,
        ...(keep ? { keep_empty_value: true } : {}),
      })),
    );

/** Header rules as each level may have them. */
export const headerRules: fc.Arbitrary<JsonObject> = optional({
  request_headers_to_add: added(['x-user', 'x-new', 'x-tenant', 'x-forwarded-host', 'te', 'x-envoy-ext']),
  request_headers_to_remove: fc.constantFrom<Json[]>(['x-token'], ['x-canary', 'x-b3-sampled'], ['x-new']),
  response_headers_to_add: added(['x-lab', 'x-answer', 'server-timing', 'x-envoy-upstream-service-time']),
  response_headers_to_remove: fc.constantFrom<Json[]>(['x-lab'], ['server'], ['x-answer']),
});

const weights = fc.tuple(fc.constantFrom(0, 1, 100), headerRules, headerRules).map(([first, one, other]): JsonObject => ({
  weighted_clusters: {
    clusters: [
      { name: '§c1', weight: first, ...one },
      { name: '§c2', weight: first === 100 ? 0 : 100 - first, host_rewrite_literal: 'canary.local', ...other },
    ],
  },
}));
const target = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<JsonObject[]>({ cluster: '§c1' }, { cluster: '§c3' }) },
  { weight: 2, arbitrary: weights },
  { weight: 1, arbitrary: fc.constant<JsonObject>({ cluster_header: 'x-cluster' }) },
);

const forward: fc.Arbitrary<JsonObject> = fc
  .tuple(
    target,
    pathRewrite,
    hostRewrite,
    optional({
      append_x_forwarded_host: fc.boolean(),
      timeout: fc.constantFrom('0s', '3s'),
      max_stream_duration: fc.constantFrom<Json[]>({ grpc_timeout_header_max: '0s' }, { max_stream_duration: '7s' }),
      idle_timeout: fc.constant('9s'),
      retry_policy: fc.constant<Json>({ retry_on: 'connect-failure', num_retries: 1 }),
      hash_policy: fc.constantFrom<Json[]>([{ cookie: { name: 'session', ttl: '0s' } }], [{ header: { header_name: 'x-user' } }]),
      metadata_match: fc.constantFrom<Json[]>(
        { filter_metadata: { 'envoy.lb': { version: 'v1' } } },
        { filter_metadata: { 'envoy.lb': { version: 'v9' } } },
      ),
      priority: fc.constant('HIGH'),
    }),
  )
  .map(([to, path, host, more]) => ({ route: { ...to, ...path, ...('weighted_clusters' in to ? {} : host), ...more } }));

const direct = fc.constantFrom<JsonObject[]>(
  { direct_response: { status: 200, body: { inline_string: 'ok\n' } } },
  { direct_response: { status: 302, body: { inline_string: '' } } },
  { direct_response: { status: 503 } },
);

const FILTER_CONFIG = 'type.googleapis.com/envoy.config.route.v3.FilterConfig';
const lateMutations: JsonObject = {
  mutations: { request_mutations: [{ append: { header: { key: 'x-late-route', value: '%REQ(x-late)%' } } }, { remove: 'x-tenant' }] },
};

/** Overrides of the filters that the templates have. */
export const overrides: fc.Arbitrary<JsonObject> = optional({
  cors: fc.constant<Json>(
    typed('filters.http.cors.v3.CorsPolicy', {
      allow_origin_string_match: [{ suffix: '.example.com' }],
      allow_methods: 'GET, PUT',
      max_age: '600',
      allow_credentials: true,
    }),
  ),
  rbac: fc.constantFrom<Json[]>(
    typed('filters.http.rbac.v3.RBACPerRoute'),
    typed('filters.http.rbac.v3.RBACPerRoute', {
      rbac: {
        rules: {
          action: 'ALLOW',
          policies: { users: { permissions: [{ any: true }], principals: [{ header: { name: 'x-user', present_match: true } }] } },
        },
      },
    }),
  ),
  fault: fc.constantFrom<Json[]>(
    typed('filters.http.fault.v3.HTTPFault', {
      abort: { http_status: 418, percentage: { numerator: 100 } },
      headers: [{ name: 'x-canary', string_match: { exact: 'always' } }],
    }),
    { '@type': FILTER_CONFIG, disabled: true },
  ),
  csrf: fc.constant<Json>(typed('filters.http.csrf.v3.CsrfPolicy', { filter_enabled: { default_value: { numerator: 100 } } })),
  lua: fc.constantFrom<Json[]>(
    typed('filters.http.lua.v3.LuaPerRoute', { disabled: true }),
    typed('filters.http.lua.v3.LuaPerRoute', {
      source_code: { inline_string: 'function envoy_on_response(h) h:headers():add("x-lua-answer", h:headers():get(":status")) end' },
    }),
  ),
  late: fc.constantFrom<Json[]>(
    { '@type': FILTER_CONFIG, config: typed('filters.http.header_mutation.v3.HeaderMutationPerRoute', lateMutations) },
    typed('filters.http.header_mutation.v3.HeaderMutationPerRoute', lateMutations),
    { '@type': FILTER_CONFIG, disabled: true },
  ),
}).map((own): JsonObject => (Object.keys(own).length === 0 ? {} : { typed_per_filter_config: own }));

export const templateRoute: fc.Arbitrary<JsonObject> = fc
  .tuple(
    matches,
    fc.oneof({ weight: 4, arbitrary: forward }, { weight: 2, arbitrary: redirect }, { weight: 1, arbitrary: direct }),
    headerRules,
    overrides,
  )
  .map(([match, action, rules, own]) => ({ match, ...('path_match_policy' in match ? withoutPrefix(action) : action), ...rules, ...own }));

/** Envoy refuses `prefix_rewrite` where a template matches. */
function withoutPrefix(action: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(action).map(([kind, fields]) => {
      const { prefix_rewrite: _, ...others } = fields as JsonObject;
      return [kind, others];
    }),
  );
}
