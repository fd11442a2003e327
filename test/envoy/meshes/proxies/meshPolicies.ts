/** Policies and routes as people write them for meshes: who may call, and where a request goes. */
import fc from 'fast-check';
import { extension, stringMatcher } from '../../generators/parts';
import type { JsonObject } from '../../labCase';

/** How a proxy knows its peer: by the connection's certificate, or behind an internal listener by what the outer one noted. */
export type PeerSource = 'certificate' | 'state';

export const PEER_KEY = 'io.istio.peer_principal';

/** A StringMatcher over the peer's identity. */
function peerPrincipal(matcher: JsonObject, source: PeerSource): JsonObject {
  return source === 'certificate'
    ? { authenticated: { principal_name: matcher } }
    : { filter_state: { key: PEER_KEY, string_match: matcher } };
}

/** By identity, by namespace, or any that is authenticated. */
export function peers(identities: readonly string[], source: PeerSource): fc.Arbitrary<JsonObject> {
  const namespaces = ['shop', 'bank', 'istio-system', 'edge'];
  return fc.oneof(
    fc.constantFrom(...identities).map((identity) => peerPrincipal({ exact: identity }, source)),
    fc.constantFrom(...namespaces).map((name) => peerPrincipal({ safe_regex: { regex: `.*/ns/${name}/.*` } }, source)),
    fc.constantFrom(...identities).map((identity) => ({ not_id: peerPrincipal({ exact: identity }, source) })),
    fc.constant(peerPrincipal({ prefix: 'spiffe://cluster.local/' }, source)),
    fc.constant<JsonObject>({ any: true }),
  );
}

/** Addresses that a proxy sees. */
const sources: fc.Arbitrary<JsonObject> = fc.constantFrom<JsonObject[]>(
  { direct_remote_ip: { address_prefix: '10.4.0.0', prefix_len: 24 } },
  { direct_remote_ip: { address_prefix: '10.4.1.1', prefix_len: 32 } },
  { remote_ip: { address_prefix: '203.0.113.0', prefix_len: 24 } },
  { not_id: { direct_remote_ip: { address_prefix: '10.4.0.2', prefix_len: 32 } } },
);

const networkPermissions: fc.Arbitrary<JsonObject> = fc.constantFrom<JsonObject[]>(
  { any: true },
  { destination_port: 9080 },
  { destination_port: 9081 },
  { not_rule: { destination_port: 9080 } },
  { destination_ip: { address_prefix: '10.4.1.0', prefix_len: 24 } },
);

const httpPermissions: fc.Arbitrary<JsonObject> = fc.oneof(
  networkPermissions,
  fc.constantFrom<JsonObject[]>(
    { url_path: { path: { prefix: '/admin' } } },
    { not_rule: { url_path: { path: { prefix: '/admin' } } } },
    { header: { name: ':method', string_match: { exact: 'GET' } } },
    { header: { name: 'end-user', string_match: { exact: 'bob' } } },
    { header: { name: ':authority', string_match: { prefix: 'stock', ignore_case: true } } },
  ),
);

export interface PolicyOptions {
  readonly identities: readonly string[];
  readonly source: PeerSource;
}

/** A filter for HTTP. Denials are rarer than what passes, or nothing would arrive. */
export function httpPolicy(options: PolicyOptions): fc.Arbitrary<JsonObject> {
  const rbac = policy(options, httpPermissions).map((rules) =>
    extension('envoy.filters.http.rbac', 'filters.http.rbac.v3.RBAC', { rules }),
  );
  return fc.oneof({ weight: 2, arbitrary: rbac }, { weight: 1, arbitrary: steadyFilter });
}

const METADATA_NAMESPACE = 'lab.mesh';

/** What stands beside policies: faults, limits, scripts, tokens, each as certain as the files are. */
export const steadyFilter: fc.Arbitrary<JsonObject> = fc.constantFrom<JsonObject[]>(
  extension('envoy.filters.http.fault', 'filters.http.fault.v3.HTTPFault', {
    abort: { http_status: 418, percentage: { numerator: 100 } },
    headers: [{ name: 'end-user', string_match: { exact: 'alice' } }],
  }),
  extension('envoy.filters.http.local_ratelimit', 'filters.http.local_ratelimit.v3.LocalRateLimit', {
    stat_prefix: 'lab',
    token_bucket: { max_tokens: 100000, tokens_per_fill: 100000, fill_interval: '1s' },
    filter_enabled: { default_value: { numerator: 100 } },
    filter_enforced: { default_value: { numerator: 100 } },
  }),
  extension('envoy.filters.http.lua', 'filters.http.lua.v3.Lua', {
    default_source_code: {
      inline_string:
        "function envoy_on_request(h)\n  if h:headers():get(':path') == '/admin' then h:respond({[':status'] = '451'}, 'closed') end\n  h:headers():replace('x-lua', h:headers():get('end-user') or 'nobody')\nend",
    },
  }),
  extension('envoy.filters.http.jwt_authn', 'filters.http.jwt_authn.v3.JwtAuthentication', {
    providers: { p: { issuer: 'lab', local_jwks: { inline_string: '{"keys":[{"kty":"oct","kid":"k","alg":"HS256","k":"c2VjcmV0"}]}' } } },
    rules: [
      { match: { prefix: '/admin' }, requires: { provider_name: 'p' } },
      { match: { prefix: '/' }, requires: { requires_any: { requirements: [{ provider_name: 'p' }, { allow_missing: {} }] } } },
    ],
  }),
  extension('envoy.filters.http.header_to_metadata', 'filters.http.header_to_metadata.v3.Config', {
    request_rules: [{ header: 'end-user', on_header_present: { metadata_namespace: METADATA_NAMESPACE, key: 'user' } }],
  }),
  extension('envoy.filters.http.rbac', 'filters.http.rbac.v3.RBAC', {
    rules: {
      action: 'DENY',
      policies: {
        bob: {
          permissions: [{ any: true }],
          principals: [{ metadata: { filter: METADATA_NAMESPACE, path: [{ key: 'user' }], value: { string_match: { exact: 'bob' } } } }],
        },
      },
    },
  }),
  extension('envoy.filters.http.ext_authz', 'filters.http.ext_authz.v3.ExtAuthz', {
    http_service: { server_uri: { uri: 'http://authz.test', cluster: 'BlackHoleCluster', timeout: '1s' } },
    failure_mode_allow: true,
  }),
);

/** A filter for any bytes. */
export function networkPolicy(options: PolicyOptions): fc.Arbitrary<JsonObject> {
  const fields = { stat_prefix: 'tcp.' };
  return policy(options, networkPermissions).map((rules) =>
    extension('envoy.filters.network.rbac', 'filters.network.rbac.v3.RBAC', { ...fields, rules }),
  );
}

function policy({ identities, source }: PolicyOptions, permissions: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  const rule = fc
    .record({ what: permissions, who: fc.oneof(peers(identities, source), peers(identities, source), sources) })
    .map(({ what, who }): JsonObject => ({ permissions: [{ and_rules: { rules: [what] } }], principals: [{ and_ids: { ids: [who] } }] }));
  return fc
    .record({ action: fc.constantFrom('ALLOW', 'ALLOW', 'DENY'), rules: fc.array(rule, { minLength: 1, maxLength: 3 }) })
    .map(({ action, rules }): JsonObject => ({
      action,
      policies: Object.fromEntries(rules.map((each, index) => [`ns[shop]-policy[p${index}]-rule[0]`, each])),
    }));
}

/** Seldom a policy, more seldom two: what is refused at once tells nothing of the rest of the way. */
export function someOf(arbitrary: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject[]> {
  return fc.oneof(
    { weight: 16, arbitrary: fc.constant<JsonObject[]>([]) },
    { weight: 4, arbitrary: arbitrary.map((one) => [one]) },
    { weight: 1, arbitrary: fc.tuple(arbitrary, arbitrary).map((both) => [...both]) },
  );
}

const matches: fc.Arbitrary<JsonObject> = fc
  .record({
    path: fc.constantFrom<JsonObject[]>(
      { prefix: '/' },
      { prefix: '/' },
      { prefix: '/api' },
      { path: '/api/v1' },
      { path_separated_prefix: '/api' },
      { safe_regex: { regex: '/api/v[0-9]+(/.*)?' } },
      { prefix: '/admin' },
    ),
    header: fc.option(stringMatcher(['bob', 'b', 'alice']), { freq: 4, nil: undefined }),
    query: fc.option(fc.constantFrom('1', '2'), { freq: 6, nil: undefined }),
  })
  .map(({ path, header, query }) => ({
    ...path,
    ...(header ? { headers: [{ name: 'end-user', string_match: header }] } : {}),
    ...(query === undefined ? {} : { query_parameters: [{ name: 'v', string_match: { exact: query } }] }),
  }));

/** A VirtualService's routes over some clusters; the last one takes all that is left, mostly. */
export function serviceRoutes(clusters: readonly string[]): fc.Arbitrary<JsonObject[]> {
  const cluster = fc.constantFrom(...clusters);
  const action: fc.Arbitrary<JsonObject> = fc.oneof(
    { weight: 5, arbitrary: cluster.map((name) => ({ route: { cluster: name } })) },
    { weight: 2, arbitrary: fc.record({ one: cluster, other: cluster, weight: fc.constantFrom(0, 100) }).map(weighted) },
    { weight: 2, arbitrary: fc.record({ name: cluster, host: fc.constantFrom('stock.shop', 'ledger:9080') }).map(rewritten) },
    { weight: 1, arbitrary: cluster.map((name) => ({ route: { cluster: name, prefix_rewrite: '/rewritten' } })) },
    { weight: 1, arbitrary: fc.constant<JsonObject>({ direct_response: { status: 503, body: { inline_string: 'down' } } }) },
    { weight: 1, arbitrary: fc.constant<JsonObject>({ redirect: { host_redirect: 'moved.test', https_redirect: true } }) },
    { weight: 1, arbitrary: fc.constant<JsonObject>({ route: { cluster: 'outbound|80||gone.shop.svc.cluster.local' } }) },
  );
  const route = fc.record({ match: matches, action, extra: extras }).map(({ match, action: what, extra }): JsonObject => ({
    match,
    ...what,
    ...('route' in what ? extra : {}),
  }));
  const rest = cluster.map((name): JsonObject => ({ name: 'rest', match: { prefix: '/' }, route: { cluster: name } }));
  return fc
    .record({ routes: fc.array(route, { maxLength: 3 }), last: fc.option(rest, { freq: 12, nil: undefined }) })
    .map(({ routes, last }) => [...routes.map((each, index) => ({ name: `r${index}`, ...each })), ...(last ? [last] : [])]);
}

function weighted({ one, other, weight }: { one: string; other: string; weight: number }): JsonObject {
  const clusters =
    one === other
      ? [{ name: one, weight: 100 }]
      : [one, other].map((name, index) => ({ name, weight: index === 0 ? weight : 100 - weight }));
  return { route: { weighted_clusters: { clusters } } };
}

function rewritten({ name, host }: { name: string; host: string }): JsonObject {
  return { route: { cluster: name, host_rewrite_literal: host } };
}

const extras: fc.Arbitrary<JsonObject> = fc.constantFrom<JsonObject[]>(
  {},
  {},
  { request_headers_to_add: [{ header: { key: 'x-from', value: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%' } }] },
  { request_headers_to_add: [{ header: { key: 'x-host', value: '%REQ(:authority)%' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' }] },
  { request_headers_to_remove: ['end-user'] },
  { request_headers_to_add: [{ header: { key: 'end-user', value: 'alice' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' }] },
  { decorator: { operation: 'shop' } },
);
