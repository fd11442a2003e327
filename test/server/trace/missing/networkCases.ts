/** Network filters, tunnels, TLS, and who stands at the other end. */
import { any, cluster, CUT, filter, LOST, missing, REST, type Call, type Fields, type MissingCase, type World } from './missingCase';

const NETWORK = 'envoy.extensions.filters.network.';
const network = (name: string, type: string, config: Fields = {}): Fields => filter(name, `${NETWORK}${type}`, config);
const tcp = (config: Fields): Fields => network('tcp', 'tcp_proxy.v3.TcpProxy', { stat_prefix: 't', ...config });
const TO_A = tcp({ cluster: 'a' });
const bytes: Call = { isTcp: true };
const chain = (...filters: unknown[]): World => ({ network: filters });
const noted = (key: string, value: string, fields: Fields = {}): Fields =>
  network('s', 'set_filter_state.v3.Config', {
    on_new_connection: [
      { object_key: key, factory_key: 'envoy.string', format_string: { text_format_source: { inline_string: value } }, ...fields },
    ],
  });

const tls = (context: unknown): Fields => ({
  transport_socket: {
    name: 'tls',
    typed_config: { ...any('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext'), common_tls_context: context },
  },
});
const validates = (validation: Fields): Fields => ({ validation_context: { trusted_ca: { inline_string: 'x' }, ...validation } });
const client: Call = { connection: { transport: 'tls', peerPrincipals: ['spiffe://a'] } };
const accepts = (san_type: string): Fields =>
  validates({ match_typed_subject_alt_names: [{ san_type, matcher: { prefix: 'spiffe://' } }] });
const rbac = (rules: unknown): Fields => network('r', 'rbac.v3.RBAC', { stat_prefix: 'r', rules });
const policy = (principal: unknown, permission: unknown = { any: true }): Fields => ({
  policies: { p: { permissions: [permission], principals: [principal] } },
});
const DENIED = rbac({ action: 'DENY', ...policy({ any: true }) });
const deep = (levels: number): unknown => (levels === 0 ? { any: true } : { and_ids: { ids: [deep(levels - 1)] } });
const ANY = { any: true };
const CUSTOM = { custom: { name: 'c', typed_config: any('envoy.extensions.string_matcher.acme.v3.Acme') } };

const toA = {
  on_no_match: { action: { name: 'a', typed_config: any(`${NETWORK}generic_proxy.action.v3.RouteAction`, { cluster: 'a' }) } },
};
/** Reads Dubbo, whose requests no trace tells. */
const generic = (routes: Fields): Fields =>
  network('g', 'generic_proxy.v3.GenericProxy', {
    stat_prefix: 'g',
    codec_config: filter('c', `${NETWORK}generic_proxy.codecs.dubbo.v3.DubboCodecConfig`),
    filters: [filter('router', `${NETWORK}generic_proxy.router.v3.Router`)],
    route_config: { name: 'r', ...routes },
  });

export const networkCases: readonly MissingCase[] = [
  missing('a filter of its own', { world: chain(network('x', 'acme.v3.Acme'), TO_A), call: bytes }, { world: chain(TO_A) }),
  missing(
    'a service of ext_authz',
    {
      world: chain(network('x', 'ext_authz.v3.ExtAuthz', { stat_prefix: 'x', grpc_service: { envoy_grpc: { cluster_name: 'a' } } }), TO_A),
      call: bytes,
    },
    { world: chain(TO_A) },
  ),
  missing('filters that are cut', { world: { chain: { filters: [REST] } }, call: bytes }, { world: chain(TO_A) }),
  missing(
    'filters after one that is there',
    { world: { chain: { filters: [noted('k', 'v'), REST] } }, call: bytes },
    { world: chain(noted('k', 'v'), TO_A) },
  ),
  missing(
    'a filter by ECDS',
    { world: chain({ name: 'x', config_discovery: { config_source: { ads: {} }, type_urls: [] } }, TO_A), call: bytes },
    { world: chain(TO_A) },
  ),
  missing('the cluster of a cut tcp_proxy', { world: chain(tcp({ [LOST]: CUT })), call: bytes }, { world: chain(TO_A) }),
  missing(
    'weights of a cut tcp_proxy',
    { world: chain(tcp({ weighted_clusters: { clusters: [REST] } })), call: bytes },
    { world: chain(TO_A) },
  ),
  missing(
    'a cluster that tcp_proxy asks for',
    { world: chain(tcp({ cluster: 'later', on_demand: { odcds_config: { ads: {} } } })), call: bytes },
    { world: { ...chain(tcp({ cluster: 'later', on_demand: { odcds_config: { ads: {} } } })), clusters: [cluster('later')] } },
  ),
  missing(
    'a cluster that tcp_proxy looks for before RBAC reads',
    {
      world: { ...chain(DENIED, tcp({ cluster: 'later' })), more: { dynamic_resources: { cds_config: { ads: {} } } } },
      call: bytes,
    },
    { world: { ...chain(DENIED, tcp({ cluster: 'later' })), clusters: [cluster('later')] } },
    'denied',
  ),
  missing(
    'a cluster of filter state',
    { world: chain(noted('envoy.tcp_proxy.cluster', '%START_TIME%', { factory_key: 'envoy.tcp_proxy.cluster' }), TO_A), call: bytes },
    { world: chain(noted('envoy.tcp_proxy.cluster', 'a', { factory_key: 'envoy.tcp_proxy.cluster' }), TO_A) },
  ),
  missing(
    'filter state that is cut',
    { world: chain(network('s', 'set_filter_state.v3.Config', { on_new_connection: [REST] }), TO_A), call: bytes },
    { world: chain(TO_A) },
  ),
  missing(
    'where a tunnel leads',
    { world: chain(tcp({ cluster: 'a', tunneling_config: { hostname: '%START_TIME%' } })), call: bytes },
    { world: chain(tcp({ cluster: 'a', tunneling_config: { hostname: 'x:1' } })) },
  ),
  missing(
    'what a tunnel says',
    { world: chain(tcp({ cluster: 'a', tunneling_config: { hostname: 'x:1', headers_to_add: [REST] } })), call: bytes },
    { world: chain(tcp({ cluster: 'a', tunneling_config: { hostname: 'x:1' } })) },
  ),
  missing(
    'a cut RBAC filter',
    { world: chain({ name: 'envoy.filters.network.rbac', typed_config: CUT }, TO_A), call: bytes },
    { world: chain(rbac(policy(ANY)), TO_A) },
  ),
  missing('a policy that is cut', { world: chain(rbac({ policies: CUT }), TO_A), call: bytes }, { world: chain(rbac(policy(ANY)), TO_A) }),
  missing(
    'principals that are cut',
    { world: chain(rbac({ policies: { p: { permissions: [ANY], principals: [REST] } } }), TO_A), call: bytes },
    { world: chain(rbac(policy(ANY)), TO_A) },
  ),
  missing(
    'the action of the rules',
    { world: chain(rbac({ action: '[redacted]', ...policy(ANY) }), TO_A), call: bytes },
    { world: chain(rbac({ action: 'ALLOW', ...policy(ANY) }), TO_A) },
  ),
  missing(
    'a principal of its own',
    { world: chain(rbac(policy({ custom: { name: 'c', typed_config: any('envoy.rbac.principals.acme.v3.Acme') } })), TO_A), call: bytes },
    { world: chain(rbac(policy(ANY)), TO_A) },
  ),
  missing(
    'a permission of its own',
    {
      world: chain(rbac(policy(ANY, { matcher: { name: 'c', typed_config: any('envoy.rbac.matchers.acme.v3.Acme') } })), TO_A),
      call: bytes,
    },
    { world: chain(rbac(policy(ANY)), TO_A) },
  ),
  missing(
    'a rule of an unknown kind',
    { world: chain(rbac(policy({ unheard_of: true })), TO_A), call: bytes },
    { world: chain(rbac(policy(ANY)), TO_A) },
  ),
  missing(
    'a rule without end',
    { world: chain(rbac(policy(deep(101))), TO_A), call: bytes },
    { world: chain(rbac(policy(deep(3))), TO_A) },
  ),
  missing(
    'a range that is none',
    { world: chain(rbac(policy({ direct_remote_ip: { address_prefix: '[redacted]', prefix_len: 8 } })), TO_A), call: bytes },
    { world: chain(rbac(policy({ direct_remote_ip: { address_prefix: '10.0.0.0', prefix_len: 8 } })), TO_A) },
  ),
  missing(
    'who calls',
    {
      world: chain(rbac(policy({ direct_remote_ip: { address_prefix: '10.0.0.0', prefix_len: 8 } })), TO_A),
      call: { ...bytes, connection: { source: undefined } },
    },
    { call: bytes },
  ),
  missing(
    'names of a client that are compared in a way of its own',
    {
      world: { ...chain(rbac(policy({ authenticated: { principal_name: CUSTOM } })), TO_A), chain: tls(validates({})) },
      call: { ...bytes, ...client },
    },
    { world: { ...chain(rbac(policy({ authenticated: {} })), TO_A), chain: tls(validates({})) } },
  ),
  missing(
    'filter state that is compared in a way of its own',
    { world: chain(noted('k', 'v'), rbac(policy({ filter_state: { key: 'k', string_match: CUSTOM } })), TO_A), call: bytes },
    { world: chain(noted('k', 'v'), rbac(policy({ filter_state: { key: 'k', string_match: { exact: 'v' } } })), TO_A) },
  ),
  missing('a TLS context that is cut', { world: { chain: tls(CUT) }, call: client }, { world: { chain: tls({}) } }),
  missing('DNS names of a client', { world: { chain: tls(accepts('DNS')) }, call: client }, { world: { chain: tls(accepts('URI')) } }),
  missing(
    'the hash of a certificate',
    { world: { chain: tls(validates({ verify_certificate_hash: ['ab'] })) }, call: client },
    { world: { chain: tls(validates({})) } },
  ),
  missing(
    'a transport socket of its own',
    { world: { chain: { transport_socket: { name: 'x', typed_config: any('envoy.extensions.transport_sockets.acme.v3.Acme') } } } },
    { world: {} },
  ),
  missing(
    'a transport socket inside another',
    { world: { chain: { transport_socket: { name: 'x', typed_config: any('envoy.extensions.transport_sockets.tap.v3.Tap') } } } },
    { world: {} },
  ),
  missing(
    'routes of Thrift',
    {
      world: chain(
        network('x', 'thrift_proxy.v3.ThriftProxy', {
          stat_prefix: 'x',
          route_config: {
            name: 'r',
            routes: [
              { match: { method_name: 'm' }, route: { cluster: 'a' } },
              { match: { method_name: 'n' }, route: { cluster: 'b' } },
            ],
          },
        }),
      ),
      call: bytes,
    },
    { world: chain(TO_A) },
  ),
  missing(
    'routes of a generic proxy',
    {
      world: chain(
        network('g', 'generic_proxy.v3.GenericProxy', {
          stat_prefix: 'g',
          filters: [network('router', 'generic_proxy.router.v3.Router')],
          generic_rds: { config_source: { ads: {} }, route_config_name: 'r' },
        }),
      ),
      call: bytes,
    },
    { world: chain(TO_A) },
  ),
  missing(
    'a filter of a generic proxy',
    {
      world: chain(
        network('g', 'generic_proxy.v3.GenericProxy', {
          stat_prefix: 'g',
          filters: [filter('x', 'envoy.filters.generic.acme.v3.Acme')],
          route_config: { name: 'r' },
        }),
      ),
      call: bytes,
    },
    { world: chain(TO_A) },
  ),
  missing(
    'the host of a request that is no HTTP',
    { world: chain(generic({ virtual_hosts: [{ name: 'v', hosts: ['x'], routes: toA }] })), call: bytes },
    { world: chain(generic({ routes: toA })) },
  ),
  missing(
    'the path of a request that is no HTTP',
    {
      world: chain(
        generic({
          routes: {
            matcher_tree: {
              input: filter('p', `${NETWORK}generic_proxy.matcher.v3.PathMatchInput`),
              exact_match_map: { map: { x: toA.on_no_match } },
            },
          },
        }),
      ),
      call: bytes,
    },
    { world: chain(generic({ routes: toA })) },
  ),
  missing(
    'where a plain connection goes',
    { world: chain(TO_A), call: { isTcp: true, connection: { destination: undefined } } },
    { call: bytes },
  ),
];
