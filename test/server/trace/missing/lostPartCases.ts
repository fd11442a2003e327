/** Parts of filters, matchers and lists that a file has lost, or keeps back: what is left would decide otherwise. */
import { any, cluster, CUT, filter, missing, REST, ROUTE, type Fields, type MissingCase, type World } from './missingCase';

const KEPT = '[redacted]';

const runtime = (layer: unknown): Fields => ({ layered_runtime: { layers: [{ name: 's', static_layer: layer }] } });
/** A route that takes all requests, or none, by a runtime key. */
const byKey = (layer: unknown): World => ({
  routes: [{ match: { prefix: '/', runtime_fraction: { default_value: { numerator: 100 }, runtime_key: 'k' } }, route: { cluster: 'a' } }],
  more: runtime(layer),
});
const weighted = (layer: unknown): World => ({
  routes: [
    {
      ...ROUTE,
      route: {
        weighted_clusters: {
          runtime_key_prefix: 'w',
          clusters: [
            { name: 'a', weight: 100 },
            { name: 'b', weight: 0 },
          ],
        },
      },
    },
  ],
  more: runtime(layer),
});
const fault = (layer: unknown): World => ({
  http: [filter('f', 'fault.v3.HTTPFault', { abort: { http_status: 503, percentage: {} }, abort_percent_runtime: 'k' })],
  more: runtime(layer),
});
const KEY = { request: { runtime: { k: 100 } } };

const mutating = (query: unknown): World => ({
  http: [filter('m', 'header_mutation.v3.HeaderMutation', { mutations: { query_parameter_mutations: query } })],
});
const writes = (record: unknown): unknown[] => [{ append: { record } }];

const specifier = (name: string, plugins: unknown): World => ({
  routes: [{ ...ROUTE, route: { cluster_specifier_plugin: name } }],
  routeConfiguration: { cluster_specifier_plugins: plugins },
});
const matcherConfig = any('envoy.extensions.router.cluster_specifiers.matcher.v3.MatcherClusterSpecifier', {
  cluster_matcher: {
    on_no_match: {
      action: { name: 'c', typed_config: any('envoy.extensions.router.cluster_specifiers.matcher.v3.ClusterAction', { cluster: 'a' }) },
    },
  },
});
const PLUGIN = { extension: { name: 'p', typed_config: matcherConfig } };

const requires = (requirements: unknown): World => ({
  http: [
    filter('j', 'jwt_authn.v3.JwtAuthentication', {
      providers: { p: { issuer: 'i', local_jwks: { inline_string: '{"keys":[]}' } } },
      rules: [{ match: { prefix: '/' }, requires: { requires_all: { requirements } } }],
    }),
  ],
});

const byState = (rules: unknown): World => ({ http: [filter('j', 'jwt_authn.v3.JwtAuthentication', { filter_state_rules: rules })] });
const wrapped = (config: unknown): World => ({
  http: [filter('m', 'header_mutation.v3.HeaderMutation')],
  virtualHost: { typed_per_filter_config: { m: any('envoy.config.route.v3.FilterConfig', { config }) } },
});

const requiring = (requirement_name: string): World => ({
  http: [
    filter('j', 'jwt_authn.v3.JwtAuthentication', {
      requirement_map: { n: { allow_missing: {} } },
      rules: [{ match: { prefix: '/' }, requirement_name }],
    }),
  ],
});
const factory = (factory_key: string): World => ({
  http: [filter('s', 'set_filter_state.v3.Config', { on_request_headers: [{ ...FACTORY, factory_key }], clear_route_cache: true })],
  routes: [
    { ...ROUTE, match: { prefix: '/', filter_state: [{ key: 'k', string_match: { exact: 'v' } }] }, route: { cluster: 'none' } },
    ROUTE,
  ],
});

const upgrading = (filters: unknown): World => ({ manager: { upgrade_configs: [{ upgrade_type: 'websocket', filters }] } });
const UPGRADE = { headers: { connection: 'upgrade', upgrade: 'websocket' } };

const FACTORY = { object_key: 'k', factory_key: 'envoy.string', format_string: { text_format_source: { inline_string: 'v' } } };
const onAccept = (values: unknown): World => ({
  listener: { listener_filters: [filter('s', 'envoy.extensions.filters.listener.set_filter_state.v3.Config', { on_accept: values })] },
});

const sharing = (policy: unknown): World => ({ http: [filter('c', 'cors.v3.Cors')], virtualHost: { cors: policy } });
const ORIGIN = { headers: { origin: 'http://a.test' } };

/** `a == 'x'`, as a parsed expression. */
const call = (name: string): Fields => ({
  call_expr: { function: name, args: [{ const_expr: { string_value: 'x' } }, { const_expr: { string_value: 'y' } }] },
});
const condition = (expression: Fields): World => ({
  http: [
    filter('r', 'rbac.v3.RBAC', {
      rules: { policies: { p: { permissions: [{ any: true }], principals: [{ any: true }], condition: expression } } },
    }),
  ],
});

const context = (validation: unknown): World => ({
  chain: {
    transport_socket: filter('tls', 'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
      common_tls_context: { validation_context_sds_secret_config: { name: 'ca' } },
    }),
  },
  secrets: [{ name: 'ca', validation_context: validation }],
});
const CLIENT = { connection: { transport: 'tls' as const, peerPrincipals: ['spiffe://a'] } };

const caching = (name: string): World => ({
  http: [
    filter('c', 'cache.v3.CacheConfig', { typed_config: any('envoy.extensions.http.cache.simple_http_cache.v3.SimpleHttpCacheConfig') }),
  ],
  routes: [{ ...ROUTE, route: { cluster: name } }],
});

const setting = (name: string, type: string, fields: Fields): World => ({ http: [filter(name, type, fields)] });

export const lostPartCases: readonly MissingCase[] = [
  missing('a runtime key of a route, in a layer that is cut', { world: byKey(CUT) }, { call: KEY }),
  missing('a runtime key of a route, kept back', { world: byKey({ k: KEPT }) }, { world: byKey({ k: 100 }) }),
  missing('weights by runtime keys, in a layer that is cut', { world: weighted(CUT) }, { world: weighted({ w: { a: 1, b: 0 } }) }),
  missing('a runtime key of a filter, in a layer that is cut', { world: fault(CUT) }, { world: fault({ k: 0 }) }),
  missing('query parameters that are cut', { world: mutating([REST]) }, { world: mutating(writes({ key: 'q', value: 'v' })) }),
  missing('a query parameter that is cut', { world: mutating(writes(CUT)) }, { world: mutating(writes({ key: 'q', value: 'v' })) }),
  missing(
    'a query parameter of the running Envoy',
    { world: mutating(writes({ key: 'q', value: '%CONNECTION_ID%' })) },
    { world: mutating(writes({ key: 'q', value: '%PROTOCOL%' })) },
  ),
  missing('the name of a cluster specifier plugin, kept back', { world: specifier(KEPT, [PLUGIN]) }, { world: specifier('p', [PLUGIN]) }),
  missing('cluster specifier plugins that are cut', { world: specifier('p', [REST]) }, { world: specifier('p', [PLUGIN]) }),
  missing('requirements of a JWT that are cut', { world: requires([REST]) }, { world: requires([{ allow_missing: {} }]) }),
  missing('rules by filter state of a JWT filter, that are cut', { world: byState(CUT) }, { world: byState({ name: 'k' }) }),
  missing('the requirement of a JWT rule, kept back', { world: requiring(KEPT) }, { world: requiring('n') }),
  missing('the kind of a filter state object, kept back', { world: factory(KEPT) }, { world: factory('envoy.string') }, 'no_cluster'),
  missing('the configuration for a route, cut inside its wrapper', { world: wrapped(CUT) }, { world: wrapped({}) }),
  missing(
    'the configuration of a cluster specifier plugin that is cut',
    { world: specifier('p', [{ extension: CUT }]) },
    { world: specifier('p', [PLUGIN]) },
  ),
  missing(
    'extensions that detect the client, which are cut',
    { world: { manager: { original_ip_detection_extensions: [REST] } } },
    { world: { manager: { original_ip_detection_extensions: [] } } },
  ),
  missing('HTTP filters of an upgrade that are cut', { world: upgrading([REST]), call: UPGRADE }, { world: upgrading([]) }),
  missing('filter state of a listener filter that is cut', { world: onAccept([REST]) }, { world: onAccept([FACTORY]) }),
  missing('a CORS policy that is cut', { world: sharing(CUT), call: ORIGIN }, { world: sharing({ max_age: '1' }) }),
  missing('a function of a CEL expression, kept back', { world: condition(call(KEPT)) }, { world: condition(call('_!=_')) }),
  missing('names in a validation context that is cut', { world: context(CUT), call: CLIENT }, { world: context({ trusted_ca: {} }) }),
  missing('the cluster that a cache asks for, kept back', { world: caching(KEPT) }, { world: caching('a') }),
  missing(
    'the name of a CDN, kept back',
    { world: setting('c', 'cdn_loop.v3.CdnLoopConfig', { cdn_id: KEPT }) },
    { world: setting('c', 'cdn_loop.v3.CdnLoopConfig', { cdn_id: 'lab' }) },
  ),
  missing(
    'tags of addresses that are cut',
    { world: setting('t', 'ip_tagging.v3.IPTagging', { ip_tags: CUT }) },
    { world: setting('t', 'ip_tagging.v3.IPTagging', { ip_tags: [{ ip_tag_name: 'n' }] }) },
  ),
  missing(
    'conditions of a matcher that are cut',
    {
      world: {
        virtualHost: {
          routes: null,
          matcher: { matcher_list: { matchers: [{ predicate: { and_matcher: { predicate: [REST] } }, on_match: CUT }] } },
        },
      },
    },
    { world: { clusters: [cluster('b')] } },
  ),
];
