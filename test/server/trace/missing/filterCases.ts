/** What HTTP filters leave open, mostly because a service, a script or a body decides: where the route turns them off, nothing is open. */
import { ITEMS_DESCRIPTOR } from '../httpFilters/itemsDescriptor';
import { createHmac } from 'node:crypto';
import { any, CUT, filter, missing, ROUTE, type Call, type Fields, type MissingCase, REST } from './missingCase';

const off = (name: string): Fields => ({
  typed_per_filter_config: { [name]: any('envoy.config.route.v3.FilterConfig', { disabled: true }) },
});

/** The filter decides; off, it does not. */
function decides(type: string, config: Fields = {}, asked: Call = {}): MissingCase {
  const http = [filter('f', type, config)];
  return missing(type, { world: { http }, call: asked }, { world: { http, virtualHost: off('f') } });
}

interface Told {
  readonly asked?: Call;
  readonly becomes?: string;
}

/** Another configuration of the filter. */
function tells(name: string, type: string, [without, plus]: readonly [Fields, Fields], { asked = {}, becomes }: Told = {}): MissingCase {
  return missing(
    name,
    { world: { http: [filter('f', type, without)] }, call: asked },
    { world: { http: [filter('f', type, plus)] } },
    becomes,
  );
}

const JSON_POST: Call = { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': '20' } };
const GRPC_POST: Call = { version: 'http2', method: 'POST', path: '/p.S/M', headers: { 'content-type': 'application/grpc' } };
const AUTHORIZED: Call = { headers: { authorization: 'Basic Ym9iOmJvYg==' } };
const service = { grpc_service: { envoy_grpc: { cluster_name: 'a' } } };
const CUSTOM = {
  custom: { name: 'c', typed_config: any('envoy.extensions.string_matcher.lua.v3.Lua', { source_code: { inline_string: 'x' } }) },
};
const lua = (script: Fields): Fields => ({ default_source_code: script });
const token = (payload: Fields): string =>
  [{ alg: 'HS256', kid: 'k' }, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') + '.c2ln';
const bearer = (payload: Fields): Call => ({ headers: { authorization: `Bearer ${token(payload)}` } });
const KEYS = { local_jwks: { inline_string: '{"keys":[{"kty":"oct","kid":"k","alg":"HS256","k":"c2VjcmV0"}]}' } };
const jwt = (providers: Fields, requires: unknown = { provider_name: 'p' }): Fields => ({
  providers,
  rules: [{ match: { prefix: '/' }, requires }],
});
const deep = (levels: number): unknown =>
  levels === 0 ? { allow_missing: {} } : { requires_any: { requirements: [deep(levels - 1), { provider_name: 'p' }] } };
const oauth = (fields: Fields = {}): Fields => ({
  config: {
    token_endpoint: { cluster: 'a', uri: 'http://o/token', timeout: '1s' },
    authorization_endpoint: 'http://o/auth',
    redirect_uri: 'http://a.test/callback',
    redirect_path_matcher: { path: { exact: '/callback' } },
    signout_path: { path: { exact: '/signout' } },
    credentials: { client_id: 'c', token_secret: { name: 't' }, hmac_secret: { name: 'h' } },
    ...fields,
  },
});
const HMAC_SECRET: Fields = { name: 'h', generic_secret: { secret: { inline_string: 'key' } } };
const signed = (text: string): string => createHmac('sha256', 'key').update(text).digest('base64');
const sessionCookie = (proof: string): Call => ({
  headers: { cookie: `OauthHMAC=${proof.length < 44 ? `${'y'.repeat(43)}=` : proof}; OauthExpires=2000000000` },
});
/** A callback whose state has the CSRF token of its cookie. */
const callback = (token: string): Call => ({
  path: `/callback?code=c&state=${Buffer.from(JSON.stringify({ url: 'http://a.test/', csrf_token: token })).toString('base64url')}`,
  headers: { cookie: `OauthNonce=${token}; CodeVerifier=${'A'.repeat(64)}` },
});
const session = (state: unknown): Fields => ({ session_state: state });

export const filterCases: readonly MissingCase[] = [
  decides('nobody.v3.Knows'),
  decides(
    'mcp.v3.Mcp',
    { traffic_mode: 'REJECT_NO_MCP' },
    { ...JSON_POST, headers: { ...JSON_POST.headers, accept: 'application/json, text/event-stream' } },
  ),
  decides('a2a.v3.A2a', { traffic_mode: 'REJECT' }, JSON_POST),
  decides('mcp_json_rest_bridge.v3.McpJsonRestBridge', {}, { ...JSON_POST, path: '/mcp' }),
  tells(
    'keys that are kept back',
    'api_key_auth.v3.ApiKeyAuth',
    [
      { credentials: [{ key: '[redacted]', client: 'c' }], key_sources: [{ header: 'x-key' }] },
      { credentials: [{ key: 'k', client: 'c' }], key_sources: [{ header: 'x-key' }] },
    ],
    { asked: { headers: { 'x-key': 'k' } } },
  ),
  tells(
    'users in a file',
    'basic_auth.v3.BasicAuth',
    [{ users: { filename: '/users' } }, { users: { inline_string: 'bob:{SHA}SBjXKA/Tx1rdd4G0OmWRRbSTK/0=' } }],
    { asked: AUTHORIZED, becomes: 'denied' },
  ),
  decides('ext_authz.v3.ExtAuthz', service),
  decides(
    'csrf.v3.CsrfPolicy',
    { filter_enabled: { default_value: { numerator: 100 } }, additional_origins: [CUSTOM] },
    { method: 'POST', headers: { origin: 'http://else.test', 'content-length': '0' } },
  ),
  decides('ext_proc.v3.ExternalProcessor', service),
  decides('ratelimit.v3.RateLimit', {
    domain: 'd',
    rate_limit_service: { ...service, transport_api_version: 'V3' },
    rate_limits: [{ actions: [{ remote_address: {} }] }],
  }),
  decides('rate_limit_quota.v3.RateLimitQuotaFilterConfig', { domain: 'd', rlqs_server: service.grpc_service }),
  decides('transform.v3.TransformConfig', { request_transformation: {} }, JSON_POST),
  decides('wasm.v3.Wasm', { config: { name: 'w' } }),
  decides('golang.v3alpha.Config'),
  decides('kill_request.v3.KillRequest', { probability: { numerator: 50 } }, { headers: { 'x-envoy-kill-request': 'true' } }),
  decides('geoip.v3.Geoip', { geo_headers_config: { provider: {} } }),
  decides('file_server.v3.FileServerConfig', { path_mappings: [{ request_path_prefix: '/', file_path_prefix: '/srv' }] }),
  decides('grpc_json_transcoder.v3.GrpcJsonTranscoder', { proto_descriptor: '/d.pb', services: ['p.S'] }, { method: 'POST', path: '/x' }),
  decides(
    'grpc_json_transcoder.v3.GrpcJsonTranscoder',
    { proto_descriptor_bin: ITEMS_DESCRIPTOR, services: ['shop.Items'] },
    { path: '/v1/items/7?count=1.5' },
  ),
  decides('grpc_json_reverse_transcoder.v3.GrpcJsonReverseTranscoder', { descriptor_path: '/d.pb' }, GRPC_POST),
  decides('ip_tagging.v3.IPTagging', { ip_tags_file_provider: { ip_tags_datasource: { filename: '/tags' } } }),
  tells('a Lua script in a file', 'lua.v3.Lua', [lua({ filename: '/x.lua' }), lua({ inline_string: 'function envoy_on_request(h) end' })]),
  tells('a Lua script that is none that is known', 'lua.v3.Lua', [
    lua({ inline_string: "function envoy_on_request(h) if os.time() % 2 == 0 then h:respond({[':status'] = '403'}, 'no') end end" }),
    lua({ inline_string: 'function envoy_on_request(h) end' }),
  ]),
  tells('a Lua script that calls somebody', 'lua.v3.Lua', [
    lua({
      inline_string:
        "function envoy_on_request(h)\nlocal r, b = h:httpCall('a', {[':method']='GET',[':path']='/',[':authority']='x'}, '', 100)\nif b == 'no' then h:respond({[':status']='403'}, 'no') end\nend",
    }),
    lua({ inline_string: 'function envoy_on_request(h) end' }),
  ]),
  tells(
    'a JWT provider that is not there',
    'jwt_authn.v3.JwtAuthentication',
    [jwt({ q: { issuer: 'i', ...KEYS } }), jwt({ p: { issuer: 'i', ...KEYS } })],
    { asked: bearer({ iss: 'i' }), becomes: 'denied' },
  ),
  tells(
    'a requirement that is cut',
    'jwt_authn.v3.JwtAuthentication',
    [jwt({ p: { issuer: 'i', ...KEYS } }, CUT), jwt({ p: { issuer: 'i', ...KEYS } })],
    { asked: bearer({ iss: 'i' }), becomes: 'denied' },
  ),
  tells(
    'rules of which some are cut',
    'jwt_authn.v3.JwtAuthentication',
    [{ ...jwt({ p: { issuer: 'i', ...KEYS } }), rules: [REST] }, jwt({ p: { issuer: 'i', ...KEYS } })],
    { becomes: 'denied' },
  ),
  tells(
    'which requests are health checks',
    'health_check.v3.HealthCheck',
    [
      { pass_through_mode: false, headers: [REST] },
      { pass_through_mode: false, headers: [{ name: ':path', string_match: { exact: '/healthz' } }] },
    ],
    {},
  ),
  tells(
    'a path of metadata that is cut',
    'rbac.v3.RBAC',
    [
      {
        rules: {
          policies: {
            p: { permissions: [{ metadata: { filter: 'f', path: [REST], value: { present_match: true } } }], principals: [{ any: true }] },
          },
        },
      },
      {
        rules: {
          policies: {
            p: {
              permissions: [{ metadata: { filter: 'f', path: [{ key: 'k' }], value: { present_match: true } } }],
              principals: [{ any: true }],
            },
          },
        },
      },
    ],
    { becomes: 'denied' },
  ),
  tells(
    'a requirement without end',
    'jwt_authn.v3.JwtAuthentication',
    [jwt({ p: { issuer: 'i', ...KEYS } }, deep(101)), jwt({ p: { issuer: 'i', ...KEYS } }, deep(1))],
    {},
  ),
  missing(
    'when the token ends',
    {
      world: { http: [filter('f', 'jwt_authn.v3.JwtAuthentication', jwt({ p: { issuer: 'i', ...KEYS } }))] },
      call: bearer({ iss: 'i', exp: 2_000_000_000 }),
    },
    { call: { ...bearer({ iss: 'i', exp: 2_000_000_000 }), request: { time: '2040-01-01T00:00:00Z' } } },
    'denied',
  ),
  missing(
    'which filter a matcher stands before',
    { world: { http: [filter('f', 'envoy.extensions.common.matching.v3.ExtensionWithMatcher', { extension_config: CUT })] } },
    { world: { http: [] } },
  ),
  missing(
    'a session of a cookie',
    { world: { http: [filter('f', 'oauth2.v3.OAuth2', oauth())] }, call: sessionCookie('') },
    { world: { http: [filter('f', 'oauth2.v3.OAuth2', oauth())], secrets: [HMAC_SECRET] } },
    'redirect',
  ),
  missing(
    'when the session of a cookie ends',
    {
      world: { http: [filter('f', 'oauth2.v3.OAuth2', oauth())], secrets: [HMAC_SECRET] },
      call: sessionCookie(signed('a.test\n2000000000\n\n\n')),
    },
    { call: { ...sessionCookie(signed('a.test\n2000000000\n\n\n')), request: { time: '2030-01-01T00:00:00Z' } } },
  ),
  missing(
    'whether the client has begun the login',
    { world: { http: [filter('f', 'oauth2.v3.OAuth2', oauth())] }, call: callback('f.y') },
    { world: { http: [filter('f', 'oauth2.v3.OAuth2', oauth())], secrets: [HMAC_SECRET] } },
    'denied',
  ),
  missing(
    'a code for a token',
    { world: { http: [filter('f', 'oauth2.v3.OAuth2', oauth())], secrets: [HMAC_SECRET] }, call: callback(`f.${signed('f')}`) },
    { call: callback(`f.${signed('g')}`) },
    'denied',
  ),
  missing(
    'a token that is to be made new',
    {
      world: { http: [filter('f', 'oauth2.v3.OAuth2', oauth({ use_refresh_token: true }))] },
      call: { headers: { cookie: 'RefreshToken=r' } },
    },
    { call: {} },
    'redirect',
  ),
  missing(
    'a cluster that comes on demand',
    {
      world: {
        http: [filter('f', 'on_demand.v3.OnDemand', { odcds: { source: { ads: {} } } })],
        routes: [{ ...ROUTE, route: { cluster: 'later' } }],
      },
    },
    { world: { http: [filter('f', 'on_demand.v3.OnDemand', { odcds: { source: { ads: {} } } })] } },
  ),
  decides('a2a.v3.A2a', { traffic_mode: 'REJECT' }, { path: '/.well-known/agent-card.json' }),
  missing(
    'whose place it is in the tags',
    {
      world: {
        http: [
          filter('f', 'ip_tagging.v3.IPTagging', {
            ip_tags: [{ ip_tag_name: 't', ip_list: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] }],
          }),
        ],
      },
      call: { connection: { source: undefined } },
    },
    { call: {} },
  ),
  tells('filter state that is cut', 'set_filter_state.v3.Config', [{ on_request_headers: [CUT] }, { on_request_headers: [] }]),
  missing(
    'whose session it is',
    {
      world: {
        http: [
          filter(
            'f',
            'stateful_session.v3.StatefulSession',
            session({ name: 's', typed_config: any('envoy.extensions.http.stateful_session.acme.v3.Acme') }),
          ),
        ],
      },
    },
    { world: { http: [filter('f', 'stateful_session.v3.StatefulSession', {})] } },
  ),
  missing(
    'whether the agent is known',
    {
      world: {
        http: [
          filter('f', 'health_check.v3.HealthCheck', {
            headers: [{ name: ':path', string_match: { exact: '/' } }],
            cluster_min_healthy_percentages: { live: { value: 50 } },
          }),
        ],
        clusters: [{ name: 'live', type: 'EDS', eds_cluster_config: { eds_config: { ads: {} } } }],
      },
    },
    { world: { http: [filter('f', 'health_check.v3.HealthCheck', { headers: [{ name: ':path', string_match: { exact: '/' } }] })] } },
    'local_reply',
  ),
  missing(
    'filters that are cut',
    { world: { manager: { http_filters: [filter('cors', 'cors.v3.Cors'), REST] } } },
    { world: { http: [filter('cors', 'cors.v3.Cors')] } },
  ),
  missing(
    'an early mutation',
    { world: { manager: { early_header_mutation_extensions: [filter('e', 'envoy.http.early_header_mutation.acme.v3.Acme')] } } },
    { world: {} },
  ),
];
