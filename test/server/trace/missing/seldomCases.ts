/** Seldom places where a file does not tell: metadata, filter state, formats, CEL and sessions. */
import {
  any,
  cluster,
  CUT,
  filter,
  LOST,
  manager,
  missing,
  ROUTE,
  type Call,
  type Fields,
  type MissingCase,
  type World,
} from './missingCase';

const state = (key: string, value: Fields, more: Fields = {}): Fields =>
  filter('s', 'set_filter_state.v3.Config', {
    on_request_headers: [
      {
        object_key: key,
        factory_key: key.startsWith('envoy.') ? key : 'envoy.string',
        format_string: { text_format_source: value },
        ...more,
      },
    ],
  });
const OPEN = { inline_string: '%START_TIME%' };
const KNOWN = { inline_string: '10.1.1.1:80' };
const toB: World['routes'] = [{ ...ROUTE, route: { cluster: 'b' } }];
const original = (config: Fields, http: readonly unknown[] = []): World => ({
  routes: toB,
  http,
  clusters: [{ name: 'b', type: 'ORIGINAL_DST', lb_policy: 'CLUSTER_PROVIDED', original_dst_lb_config: config }],
});
const byMetadata = { metadata_key: { key: 'x', path: [{ key: 'to' }] } };
const bodyToMetadata = filter('j', 'json_to_metadata.v3.JsonToMetadata', {
  request_rules: {
    rules: [{ selectors: [{ key: 'to' }], on_present: { metadata_namespace: 'x', key: 'to' } }],
    allow_empty_content_type: true,
  },
});
const JSON_POST: Call = { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': '20' } };

const denies = (principal: unknown, permission: unknown = { any: true }, more: Fields = {}): Fields =>
  filter('r', 'rbac.v3.RBAC', {
    rules: { action: 'DENY', policies: { p: { permissions: [permission], principals: [principal], ...more } } },
  });
const upstreamPermission = {
  matcher: {
    name: 'm',
    typed_config: any('envoy.extensions.rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher', {
      upstream_ip: { address_prefix: '10.0.0.0', prefix_len: 8 },
    }),
  },
};
const deniesUpstream = denies({ any: true }, upstreamPermission);
const header = (name: string): Fields => filter('h', 'envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: name });
const toRoute: Fields = { action: { name: 'r', typed_config: any('envoy.config.route.v3.Route', ROUTE) } };
const listed = (...matchers: unknown[]): World => ({
  virtualHost: { routes: null, matcher: { matcher_list: { matchers }, on_no_match: toRoute } },
});
const single = (fields: Fields): World => listed({ predicate: { single_predicate: { input: header('x'), ...fields } }, on_match: toRoute });
const PLAIN = single({ value_match: { exact: '1' } });
const sent: Call = { headers: { x: '1' } };
const custom = (type: string, fields: Fields): Fields => ({ custom_match: filter('m', type, fields) });

/** The route is chosen by a header that holds a format. */
const chosenBy = (text: string, http: readonly unknown[] = [], virtualHost: Fields = {}): World => ({
  virtualHost,
  routes: [{ match: { prefix: '/', headers: [{ name: 'y', string_match: { exact: '1' } }] }, route: { cluster: 'a' } }, ROUTE],
  http: [
    ...http,
    filter('m', 'header_mutation.v3.HeaderMutation', {
      mutations: { request_mutations: [{ append: { header: { key: 'y', value: text } } }] },
    }),
    filter('l', 'lua.v3.Lua', { default_source_code: { inline_string: 'function envoy_on_request(h) h:clearRouteCache() end' } }),
  ],
});
const noDestination: Call = { connection: { destination: undefined }, request: { start: { listener: 'l' } } };
const held = (value: string): Fields => ({ metadata: { filter_metadata: { x: { y: value } } } });

const selected = (operand: string, field: string): Fields => ({ select_expr: { operand: { ident_expr: { name: operand } }, field } });
const equal = (expression: unknown, value: Fields): Fields => ({
  condition: { call_expr: { function: '_==_', args: [expression, { const_expr: value }] } },
});
const comprehension = {
  comprehension_expr: {
    iter_var: 'x',
    iter_range: { list_expr: {} },
    accu_var: 'a',
    accu_init: { const_expr: { bool_value: true } },
    loop_condition: { const_expr: { bool_value: true } },
    loop_step: { const_expr: { bool_value: true } },
    result: { const_expr: { bool_value: true } },
  },
};
const cel = (expr: unknown): Fields => custom('xds.type.matcher.v3.CelMatcher', { expr_match: { cel_expr_parsed: { expr } } });

const KEYS = { local_jwks: { inline_string: '{"keys":[{"kty":"oct","kid":"k","alg":"HS256","k":"c2VjcmV0"}]}' } };
const token = [{ alg: 'HS256', kid: 'k' }, { iss: 'i' }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
const bearer: Call = { headers: { authorization: `Bearer ${token}.c2ln` } };
const jwt = (config: Fields): Fields => filter('f', 'jwt_authn.v3.JwtAuthentication', config);
const anyToken = { rules: [{ match: { prefix: '/' }, requires: { allow_missing: {} } }] };
const byState = {
  providers: { p: { issuer: 'i', ...KEYS } },
  filter_state_rules: { name: 'k', requires: { '10.1.1.1:80': { provider_name: 'p' } } },
};

const processed = (processing_mode: Fields): World => ({
  http: [filter('p', 'ext_proc.v3.ExternalProcessor', { grpc_service: { envoy_grpc: { cluster_name: 'a' } }, processing_mode })],
  routes: [{ match: { prefix: '/' }, direct_response: { status: 200 } }],
});

/** Its service is not there. */
const quota = (fallback_rate_limit: Fields): Fields => {
  const settings = any('envoy.extensions.filters.http.rate_limit_quota.v3.RateLimitQuotaBucketSettings', {
    no_assignment_behavior: { fallback_rate_limit },
  });
  const bucket_matchers = { on_no_match: { action: { name: 'b', typed_config: settings } } };
  return filter('q', 'rate_limit_quota.v3.RateLimitQuotaFilterConfig', {
    domain: 'd',
    rlqs_server: { envoy_grpc: { cluster_name: 'nobody' } },
    bucket_matchers,
  });
};

const session = (cookie: string): Call => ({ headers: { cookie: `c="${cookie}"` } });
const stateful = filter('f', 'stateful_session.v3.StatefulSession', {
  session_state: {
    name: 'c',
    typed_config: any('envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState', {
      cookie: { name: 'c', path: '/', ttl: '60s' },
    }),
  },
});
/** `envoy.Cookie` with the address 10.50.0.1:80, and with a time beside it. */
const ADDRESS = Buffer.from('\n\x0c10.50.0.1:80');
const TIMED = Buffer.concat([ADDRESS, Buffer.from([0x10, 0x05])]);

const composite = (names: Fields): Fields => {
  const action = {
    name: 'a',
    typed_config: any('envoy.extensions.filters.http.composite.v3.ExecuteFilterAction', { filter_chain_name: 'c' }),
  };
  return filter('f', 'envoy.extensions.common.matching.v3.ExtensionWithMatcher', {
    xds_matcher: { on_no_match: { action } },
    extension_config: filter('c', 'composite.v3.Composite', names),
  });
};

/** Into an internal listener whose connection has its destination from filter state. */
const inner = (value: Fields): World => {
  const key = 'envoy.filters.listener.original_dst.local_ip';
  const raw = { name: 'raw', typed_config: any('envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer') };
  const typed = any('envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport', { transport_socket: raw });
  const endpoint = { address: { envoy_internal_address: { server_listener_name: 'in' } } };
  return {
    routes: toB,
    http: [state(key, value, { shared_with_upstream: 'ONCE' })],
    clusters: [
      {
        name: 'b',
        transport_socket: { name: 'envoy.transport_sockets.internal_upstream', typed_config: typed },
        load_assignment: { cluster_name: 'b', endpoints: [{ lb_endpoints: [{ endpoint }] }] },
      },
    ],
    listeners: [
      {
        name: 'in',
        internal_listener: {},
        listener_filters: [filter('o', 'envoy.extensions.filters.listener.original_dst.v3.OriginalDst')],
        filter_chains: [{ filters: [manager({})] }],
      },
    ],
  };
};

const options = (upstreamFilter: Fields): Fields => ({
  typed_extension_protocol_options: {
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': any('envoy.extensions.upstreams.http.v3.HttpProtocolOptions', {
      explicit_http_config: { http_protocol_options: {} },
      http_filters: [upstreamFilter, filter('u', 'upstream_codec.v3.UpstreamCodec')],
    }),
  },
});
const toHost = (fields: Fields): World => ({ routes: toB, clusters: [cluster('b', fields)] });

const formats: readonly (readonly [name: string, without: World, plus?: World, asked?: Call, plusCall?: Call])[] = [
  ['the text of a message', chosenBy('%CEL(metadata)%')],
  ['metadata of nobody', chosenBy('%METADATA(NOBODY:x:y)%')],
  [
    'metadata that is kept back',
    chosenBy('%METADATA(VIRTUAL_HOST:x:y)%', [], held('[redacted]')),
    chosenBy('%METADATA(VIRTUAL_HOST:x:y)%', [], held('1')),
  ],
  [
    'filter state that is open',
    chosenBy('%FILTER_STATE(k:PLAIN)%', [state('k', OPEN)]),
    chosenBy('%FILTER_STATE(k:PLAIN)%', [state('k', KNOWN)]),
  ],
  ['where it goes', chosenBy('%DOWNSTREAM_LOCAL_ADDRESS%'), undefined, noDestination, {}],
  ['CEL that Envoy refuses', chosenBy('%CEL([1].all(x, x > 0))%')],
];

export const seldomCases: readonly MissingCase[] = [
  ...formats.map(([name, without, plus = chosenBy('1'), asked, plusCall]) =>
    missing(`a format: ${name}`, { world: without, ...(asked && { call: asked }) }, plusCall ? { call: plusCall } : { world: plus }),
  ),
  missing(
    'the socket’s own address after a redirection',
    {
      world: { ...chosenBy('%DOWNSTREAM_DIRECT_LOCAL_ADDRESS%'), listener: { use_original_dst: true, traffic_direction: 'OUTBOUND' } },
      call: { connection: { destination: '10.7.7.7:90', capture: 'outbound' } },
    },
    { world: { ...chosenBy('1'), listener: { use_original_dst: true, traffic_direction: 'OUTBOUND' } } },
  ),
  missing(
    'a format in a file',
    { world: original({}, [state('envoy.network.transport_socket.original_dst_address', { filename: '/f' })]) },
    { world: original({}, [state('envoy.network.transport_socket.original_dst_address', KNOWN)]) },
  ),
  missing(
    'a destination in metadata of the body',
    { world: original(byMetadata, [bodyToMetadata]), call: JSON_POST },
    {
      world: original({ use_http_header: true }, [bodyToMetadata]),
      call: { ...JSON_POST, headers: { ...JSON_POST.headers, 'x-envoy-original-dst-host': '10.1.1.1:80' } },
    },
  ),
  missing(
    'the hosts of a cluster that is cut',
    { world: { routes: toB, clusters: [{ name: 'b', type: 'STATIC', [LOST]: CUT }] } },
    { world: toHost({}) },
  ),
  missing(
    'the destination by which a chain is chosen',
    {
      world: {
        chains: ['10.0.0.0', '10.7.0.0'].map((address_prefix, index) => ({
          filter_chain_match: { prefix_ranges: [{ address_prefix, prefix_len: 8 + 8 * index }] },
          filters: [manager({})],
        })),
      },
      call: noDestination,
    },
    { call: {} },
  ),
  missing(
    'what filter state is compared with',
    { world: { http: [state('k', KNOWN), denies({ filter_state: { key: 'k' } })] } },
    { world: { http: [state('k', KNOWN), denies({ filter_state: { key: 'k', string_match: { exact: 'z' } } })] } },
  ),
  missing(
    'what a path is compared with',
    { world: { http: [denies({ any: true }, { url_path: {} })] } },
    { world: { http: [denies({ any: true }, { url_path: { path: { exact: '/z' } } })] } },
  ),
  missing('a condition that is not there', { world: listed({ on_match: toRoute }) }, { world: PLAIN }),
  missing('what an input is compared with', { world: single({}), call: sent }, { world: PLAIN }),
  missing(
    'what a rule does that a matcher leads to',
    { world: { http: [filter('r', 'rbac.v3.RBAC', { matcher: { on_no_match: { action: { name: 'a', typed_config: CUT } } } })] } },
    {
      world: {
        http: [
          filter('r', 'rbac.v3.RBAC', {
            matcher: { on_no_match: { action: { name: 'a', typed_config: any('envoy.config.rbac.v3.Action', { name: 'p' }) } } },
          }),
        ],
      },
    },
  ),
  missing(
    'a host name that is resolved before',
    {
      world: {
        http: [
          filter('d', 'dynamic_forward_proxy.v3.FilterConfig', { dns_cache_config: { name: 'c' }, save_upstream_address: true }),
          deniesUpstream,
        ],
        routes: toB,
        clusters: [
          {
            name: 'b',
            lb_policy: 'CLUSTER_PROVIDED',
            cluster_type: {
              name: 'envoy.clusters.dynamic_forward_proxy',
              typed_config: any('envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig', { dns_cache_config: { name: 'c' } }),
            },
          },
        ],
      },
    },
    {
      world: {
        http: [deniesUpstream],
      },
    },
  ),
  missing('the match of a route', { world: { routes: [{ name: 'x', redirect: {}, [LOST]: CUT }, ROUTE] } }, { world: {} }),
  missing(
    'filters that an action names',
    { world: { http: [composite({ [LOST]: CUT })] } },
    { world: { http: [composite({ named_filter_chains: { c: { typed_config: [filter('x', 'cors.v3.Cors')] } } })] } },
  ),
  missing(
    'filter state that names a requirement',
    { world: { http: [state('k', OPEN), jwt(byState)] } },
    { world: { http: [state('k', KNOWN), jwt(byState)] } },
    'denied',
  ),
  missing(
    'a session that may be over',
    { world: { http: [stateful] }, call: session(TIMED.toString('base64')) },
    { call: session(ADDRESS.toString('base64')) },
  ),
  missing(
    'one of two JWT providers',
    {
      world: {
        http: [
          jwt({
            providers: { p: { issuer: 'i', ...KEYS }, q: { issuer: 'i', remote_jwks: { http_uri: { cluster: 'a', uri: 'http://k' } } } },
            ...anyToken,
          }),
        ],
      },
      call: bearer,
    },
    { world: { http: [jwt({ providers: { p: { issuer: 'i', ...KEYS } }, ...anyToken })] } },
    'denied',
  ),
  missing('filter state that tells a destination', { world: inner(OPEN) }, { world: inner(KNOWN) }),
  missing(
    'an attribute of CEL',
    { world: { http: [denies({ any: true }, { any: true }, equal(selected('connection', 'id'), { uint64_value: '7' }))] } },
    { world: { http: [denies({ any: true }, { any: true }, equal(selected('request', 'method'), { string_value: 'PUT' }))] } },
  ),
  missing('a CEL condition that Envoy refuses', { world: single(cel(comprehension)), call: sent }, { world: PLAIN }),
  missing(
    'metadata where there is none',
    {
      world: single(custom('envoy.extensions.matching.input_matchers.metadata.v3.Metadata', { value: { present_match: true } })),
      call: sent,
    },
    { world: PLAIN },
  ),
  missing(
    'requests before this one',
    { world: { http: [quota({ requests_per_time_unit: { requests_per_time_unit: 1, time_unit: 'SECOND' } })] } },
    { world: { http: [quota({ blanket_rule: 'ALLOW_ALL' })] } },
  ),
  missing(
    'an upstream filter by ECDS',
    { world: toHost(options({ name: 'x', config_discovery: { config_source: { ads: {} }, type_urls: [] } })) },
    { world: toHost(options(filter('x', 'header_mutation.v3.HeaderMutation'))) },
  ),
  missing(
    'what a service makes of the answer',
    { world: processed({ request_header_mode: 'SKIP' }) },
    { world: processed({ request_header_mode: 'SKIP', response_header_mode: 'SKIP' }) },
    'direct_response',
  ),
];
