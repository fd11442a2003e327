/** What a client says of itself and wants, where only the running Envoy knows it: its address, session, origin, and what it asks of filters. */
import { any, cluster, filter, missing, ROUTE, type Fields, type MissingCase, type World } from './missingCase';
import { OPEN, read, written } from './unknownHeaderCases';

const asked = (key: string, value: string, route: Fields, entry: unknown): World => ({
  http: [written(key, value), entry],
  routes: [{ ...ROUTE, typed_per_filter_config: { f: route } }],
});

const STRICT = filter('router', 'router.v3.Router', { strict_check_headers: ['x-envoy-retry-on'] });
const strict = (value: string): World => ({ manager: { http_filters: [written('x-envoy-retry-on', value), STRICT] } });

const OAUTH: Fields = {
  token_endpoint: { cluster: 'a', uri: 'http://login.test/token', timeout: '1s' },
  authorization_endpoint: 'http://login.test/authorize',
  redirect_uri: 'http://a.test/callback',
  redirect_path_matcher: { path: { exact: '/callback' } },
  signout_path: { path: { exact: '/signout' } },
  credentials: { client_id: 'me', token_secret: { name: 't' }, hmac_secret: { name: 'h' } },
};
const login = (key: string, value: string, fields: Fields = {}): World =>
  read(key, value, 'oauth2.v3.OAuth2', { config: { ...OAUTH, ...fields } });
const WANTED = [{ name: 'x-a', string_match: { exact: 'b' } }];

const CORS = any('cors.v3.CorsPolicy', { allow_origin_string_match: [{ exact: 'http://b' }] });
const preflight = (value: string): World => asked('access-control-request-method', value, CORS, filter('f', 'cors.v3.Cors'));

const ALWAYS = { percentage: { numerator: 100 } };
const DELAY: Fields = { delay: { header_delay: {}, ...ALWAYS } };
const ABORT: Fields = { abort: { header_abort: {}, ...ALWAYS } };
const ON_NODE: Fields = { abort: { http_status: 503, ...ALWAYS }, downstream_nodes: ['n'] };

const RESOLVES = 'envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig';
const CACHE = { dns_cache_config: { name: 'c' } };
const rewritten = (value: string): World => ({
  ...asked(
    'to',
    value,
    any('dynamic_forward_proxy.v3.PerRouteConfig', { host_rewrite_header: 'to' }),
    filter('f', 'dynamic_forward_proxy.v3.FilterConfig', CACHE),
  ),
  clusters: [{ ...cluster('d'), cluster_type: { name: 'envoy.clusters.dynamic_forward_proxy', typed_config: any(RESOLVES, CACHE) } }],
});
const forwarding = (value: string): World => {
  const given = rewritten(value);
  return { ...given, routes: (given.routes as Fields[]).map((route) => ({ ...route, route: { cluster: 'd' } })) };
};

/** Who is turned away by the address of the client. */
const GUARD = filter('r', 'rbac.v3.RBAC', {
  rules: {
    action: 'DENY',
    policies: { p: { permissions: [{ any: true }], principals: [{ remote_ip: { address_prefix: '10.0.0.5', prefix_len: 32 } }] } },
  },
});

/** The first listener notes the client's address, the second one, behind it, believes what it is told. */
function behind(fields: Fields): World {
  const address = { envoy_internal_address: { server_listener_name: 'inner' } };
  const inner = {
    name: 'in',
    load_assignment: { cluster_name: 'in', endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
  };
  const HCM = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
  const guarded = filter('http', HCM, {
    stat_prefix: 'i',
    route_config: { virtual_hosts: [{ name: 'v', domains: ['*'], routes: [ROUTE] }] },
    http_filters: [GUARD, filter('router', 'router.v3.Router')],
    ...fields,
  });
  return {
    manager: { use_remote_address: true },
    routes: [{ ...ROUTE, route: { cluster: 'in' } }],
    listeners: [{ name: 'inner', internal_listener: {}, filter_chains: [{ filters: [guarded] }] }],
    clusters: [inner],
  };
}
const NOBODY = { connection: { destination: '10.0.0.1:80', source: undefined } } as never;
const TRUSTED = { cidrs: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] };
const xff = (fields: Fields): Fields => ({
  original_ip_detection_extensions: [
    { name: 'x', typed_config: any('envoy.extensions.http.original_ip_detection.xff.v3.XffConfig', fields) },
  ],
});

export const unknownSenderCases: readonly MissingCase[] = [
  missing('whether the router takes a header', { world: strict(OPEN) }, { world: strict('5xx') }),
  missing('the cookies of a session', { world: login('cookie', OPEN) }, { world: login('cookie', 'a=b') }, 'redirect'),
  missing(
    'whether a login is asked for at all',
    { world: login('x-a', OPEN, { pass_through_matcher: WANTED }) },
    { world: login('x-a', 'b', { pass_through_matcher: WANTED }) },
  ),
  missing(
    'whether a stranger is let in',
    { world: login('x-a', OPEN, { allow_failed_matcher: WANTED }) },
    { world: login('x-a', 'b', { allow_failed_matcher: WANTED }) },
  ),
  missing(
    'whether a stranger is sent to the login',
    { world: login('x-a', OPEN, { deny_redirect_matcher: WANTED }) },
    { world: login('x-a', 'b', { deny_redirect_matcher: WANTED }) },
    'denied',
  ),
  missing(
    'the method that a preflight request asks for',
    { world: preflight(OPEN), call: { method: 'OPTIONS', headers: { origin: 'http://b' } } },
    { world: preflight('GET') },
    'local_reply',
  ),
  missing(
    'the fault that a request asks for',
    { world: read('x-envoy-fault-abort-request', OPEN, 'fault.v3.HTTPFault', ABORT) },
    { world: read('x-envoy-fault-abort-request', 'no', 'fault.v3.HTTPFault', ABORT) },
  ),
  missing(
    'the delay that a request asks for',
    { world: read('x-envoy-fault-delay-request', OPEN, 'fault.v3.HTTPFault', DELAY) },
    { world: read('x-envoy-fault-delay-request', '5', 'fault.v3.HTTPFault', DELAY) },
  ),
  missing(
    'the node for which there is a fault',
    { world: read('x-envoy-downstream-service-node', OPEN, 'fault.v3.HTTPFault', ON_NODE) },
    { world: read('x-envoy-downstream-service-node', 'other', 'fault.v3.HTTPFault', ON_NODE) },
  ),
  missing(
    'where a request has been before',
    { world: read('cdn-loop', OPEN, 'cdn_loop.v3.CdnLoopConfig', { cdn_id: 'me' }) },
    { world: read('cdn-loop', 'other', 'cdn_loop.v3.CdnLoopConfig', { cdn_id: 'me' }) },
  ),
  missing('the host that a header names', { world: forwarding(OPEN) }, { world: forwarding('10.0.0.9:80') }),
  missing('the client of another listener', { world: behind({}), call: NOBODY }, { call: {} }),
  missing(
    'the client before the trusted hops',
    { world: behind({ use_remote_address: true, xff_num_trusted_hops: 1 }), call: NOBODY },
    { call: {} },
  ),
  missing('the client, by an extension', { world: behind(xff({})), call: NOBODY }, { call: {} }),
  missing(
    'whether the peer is trusted',
    { world: { http: [GUARD], manager: xff({ xff_trusted_cidrs: TRUSTED }) }, call: NOBODY },
    { call: {} },
  ),
];
