/** Values that a file has shortened (`{...}`, `[...]`) or keeps back, in places where they decide. */
import { any, cluster, CUT, filter, manager, missing, REST, ROUTE, type Fields, type MissingCase, type World } from './missingCase';

const KEPT = '[redacted]';
const match = (fields: Fields): World => ({ routes: [{ match: { prefix: '/', ...fields }, route: { cluster: 'a' } }, ROUTE] });
const action = (fields: Fields): World => ({ routes: [{ ...ROUTE, route: { cluster: 'a', ...fields } }] });
const answered = (fields: Fields): World => ({ routes: [{ match: { prefix: '/' }, ...fields }] });
const toB = { routes: [{ ...ROUTE, route: { cluster: 'b' } }] };
const b = (fields: Fields): World => ({ ...toB, clusters: [cluster('b', fields)] });
const RAW = { name: 'raw', typed_config: any('envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer') };

/** A policy that denies whom its one principal fits. */
const denies = (principal: unknown, fields: Fields = {}): World => ({
  http: [
    filter('s', 'set_filter_state.v3.Config', {
      on_request_headers: [
        { object_key: 'k', factory_key: 'envoy.string', format_string: { text_format_source: { inline_string: '10.1.1.1' } } },
      ],
    }),
    filter('r', 'rbac.v3.RBAC', {
      rules: { action: 'DENY', policies: { p: { permissions: [{ any: true }], principals: [principal], ...fields } } },
    }),
  ],
});
const elsewhere = { address_prefix: '10.2.0.0', prefix_len: 16 };
const state = (fields: Fields): Fields => ({ filter_state: { key: 'k', ...fields } });
const equal = (value: unknown): Fields => ({
  condition: {
    call_expr: { function: '_==_', args: [{ const_expr: { string_value: 'a' } }, { const_expr: { string_value: value } }] },
  },
});

/** A cluster with a subset for each version: asked for one, with a host of another or the same. */
function subsets(asked: string, own: string): World {
  const lb = (version: string): Fields => ({ filter_metadata: { 'envoy.lb': { version } } });
  const address = { socket_address: { address: '10.50.0.3', port_value: 80 } };
  const host = { endpoint: { address }, metadata: lb(own) };
  const fields = { lb_subset_config: { subset_selectors: [{ keys: ['version'] }] } };
  return {
    routes: [{ ...ROUTE, route: { cluster: 'b', metadata_match: lb(asked) } }],
    clusters: [cluster('b', { ...fields, load_assignment: { cluster_name: 'b', endpoints: [{ lb_endpoints: [host] }] } })],
  };
}

/** A virtual host whose matcher always takes one action. */
const acting = (typed: unknown): World => ({
  virtualHost: { routes: null, matcher: { on_no_match: { action: { name: 'route', typed_config: typed } } } },
});

/** A virtual host whose matcher goes by the client's address. */
function ranged(prefix: string): World {
  const action = { name: 'a', typed_config: any('envoy.config.rbac.v3.Action', { name: 'p', action: 'ALLOW' }) };
  const matcher = any('xds.type.matcher.v3.IPMatcher', {
    range_matchers: [{ ranges: [{ address_prefix: prefix, prefix_len: 32 }], on_match: { action } }],
  });
  const input = filter('i', 'envoy.extensions.matching.common_inputs.network.v3.SourceIPInput');
  const tree = { input, custom_match: { name: 'ip', typed_config: matcher } };
  return { http: [filter('r', 'rbac.v3.RBAC', { matcher: { matcher_tree: tree } })] };
}

/** A policy matcher that always takes one action. */
const deciding = (word: string): World => ({
  http: [
    filter('r', 'rbac.v3.RBAC', {
      matcher: { on_no_match: { action: { name: 'a', typed_config: any('envoy.config.rbac.v3.Action', { name: 'p', action: word }) } } },
    }),
  ],
});

function aggregate(clusters: unknown): World {
  const config = any('envoy.extensions.clusters.aggregate.v3.ClusterConfig', { clusters });
  const all = { name: 'b', lb_policy: 'CLUSTER_PROVIDED', cluster_type: { name: 'envoy.clusters.aggregate', typed_config: config } };
  return { ...toB, clusters: [all] };
}

/** Into an internal listener whose chain is chosen by the metadata that the host brings along. */
function passing(passthrough: unknown): World {
  const typed = any('envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport', {
    passthrough_metadata: passthrough,
    transport_socket: RAW,
  });
  const host = { endpoint: { address: { envoy_internal_address: { server_listener_name: 'in' } } } };
  const led = {
    name: 'b',
    transport_socket: { name: 'envoy.transport_sockets.internal_upstream', typed_config: typed },
    load_assignment: { cluster_name: 'b', endpoints: [{ lb_endpoints: [host] }] },
  };
  return { ...toB, clusters: [led], listeners: [{ name: 'in', internal_listener: {}, filter_chains: [{ filters: [manager({})] }] }] };
}

/** One chain for port 80, and another entry. */
const besideChain = (another: unknown): World => ({
  chains: [{ filter_chain_match: { destination_port: 80 }, filters: [manager({})] }, ...(another === undefined ? [] : [another as Fields])],
});

const namedChain = (name: string): World => {
  const named = any('google.protobuf.StringValue', { value: 'c' });
  return {
    chains: [{ name, filters: [manager({})] }],
    listener: { filter_chain_matcher: { on_no_match: { action: { name: 'c', typed_config: named } } } },
  };
};

/** A listener that must tell where the connection was to go. */
const restoring = (filters: unknown): World => ({
  network: [filter('t', 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', { stat_prefix: 't', cluster: 'b' })],
  listener: { listener_filters: filters, bind_to_port: true },
  clusters: [{ name: 'b', type: 'ORIGINAL_DST', lb_policy: 'CLUSTER_PROVIDED' }],
});
const ORIGINAL_DST = filter('o', 'envoy.extensions.filters.listener.original_dst.v3.OriginalDst');

export const cutCases: readonly MissingCase[] = [
  missing('query parameters that are cut', { world: match({ query_parameters: [REST] }) }, { world: {} }),
  missing('a query parameter that is kept back', { world: match({ query_parameters: [{ name: KEPT }] }) }, { world: {} }),
  missing('a cookie that is kept back', { world: match({ cookies: [{ name: KEPT }] }) }, { world: {} }),
  missing(
    'a redirect that is cut',
    { world: answered({ redirect: CUT }) },
    { world: answered({ redirect: { host_redirect: 'b.test' } }) },
    'redirect',
  ),
  missing(
    'an answer that is cut',
    { world: answered({ direct_response: CUT }) },
    { world: answered({ direct_response: { status: 404 } }) },
    'direct_response',
  ),
  missing(
    'a rewrite whose pattern is cut',
    { world: action({ regex_rewrite: { pattern: CUT, substitution: '/b' } }) },
    { world: action({ regex_rewrite: { pattern: { regex: '^/a' }, substitution: '/b' } }) },
  ),
  missing(
    'the tunnels of a route that are cut',
    {
      world: action({ upgrade_configs: [{ upgrade_type: 'CONNECT', connect_config: CUT }, CUT] }),
      call: { method: 'GET', headers: { connection: 'upgrade', upgrade: 'x' } },
    },
    { world: action({ upgrade_configs: [{ upgrade_type: 'x' }] }) },
  ),
  missing(
    'a set of principals that is cut',
    { world: denies({ and_ids: { ids: [REST] } }) },
    { world: denies({ and_ids: { ids: [{ source_ip: elsewhere }] } }) },
  ),
  missing('a principal that is cut', { world: denies({ authenticated: CUT }) }, { world: denies({ authenticated: {} }) }),
  missing(
    'a range that is kept back',
    { world: denies({ remote_ip: { address_prefix: '10.2.0.0', prefix_len: KEPT } }) },
    { world: denies({ remote_ip: elsewhere }) },
  ),
  missing(
    'which filter state',
    { world: denies({ filter_state: { key: KEPT, string_match: { exact: 'x' } } }) },
    { world: denies(state({ string_match: { exact: 'x' } })) },
  ),
  missing(
    'ranges of filter state that are cut',
    { world: denies(state({ address_match: { ranges: [REST] } })) },
    { world: denies(state({ address_match: { ranges: [elsewhere] } })) },
  ),
  missing(
    'a CEL expression that is kept back',
    { world: denies({ any: true }, equal(KEPT)) },
    { world: denies({ any: true }, equal('b')) },
  ),
  missing(
    'the percentage of a fault',
    { world: { http: [filter('f', 'fault.v3.HTTPFault', { abort: { http_status: 418, percentage: CUT } })] } },
    { world: { http: [filter('f', 'fault.v3.HTTPFault', { abort: { http_status: 418, percentage: { numerator: 100 } } })] } },
    'local_reply',
  ),
  missing(
    'a filter without its configuration',
    { world: { http: [{ name: 'envoy.filters.http.rbac', typed_config: CUT }] } },
    { world: { http: [filter('envoy.filters.http.rbac', 'rbac.v3.RBAC')] } },
  ),
  missing('a subset whose value is kept back', { world: subsets('v1', KEPT) }, { world: subsets('v1', 'v1') }),
  missing('a subset that is asked for, kept back', { world: subsets(KEPT, 'v1') }, { world: subsets('v1', 'v1') }),
  missing('an action that is cut', { world: acting(CUT) }, { world: acting(any('envoy.config.route.v3.Route', ROUTE)) }),
  missing('an action of a policy that is kept back', { world: deciding(KEPT) }, { world: deciding('ALLOW') }),
  missing('ranges of addresses that are kept back', { world: ranged(KEPT) }, { world: ranged('10.9.9.9') }),
  missing('members that are cut', { world: aggregate(['a', REST]) }, { world: aggregate(['a']) }),
  missing(
    'the transport socket of a chain',
    { world: { chain: { transport_socket: CUT } } },
    { world: { chain: { transport_socket: RAW } } },
  ),
  missing(
    'transport sockets that are cut',
    { world: b({ transport_socket_matches: [REST] }) },
    { world: b({ transport_socket_matches: [{ name: 'm', match: {}, transport_socket: RAW }] }) },
  ),
  missing(
    'an address that is kept back',
    {
      world: b({
        load_assignment: {
          endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: KEPT, port_value: 80 } } } }] }],
        },
      }),
    },
    { world: b({}) },
  ),
  missing('which metadata goes along', { world: passing([REST]) }, { world: passing([]) }),
  missing('which metadata goes along, kept back', { world: passing([{ kind: { host: {} }, name: KEPT }]) }, { world: passing([]) }),
  missing('a chain that is cut', { world: besideChain(CUT) }, { world: besideChain(undefined) }),
  missing('a chain whose name is kept back', { world: namedChain(KEPT) }, { world: namedChain('c') }),
  missing(
    'listener filters that are cut',
    {
      world: restoring([CUT]),
      call: { isTcp: true, connection: { destination: '10.7.7.7:99', capture: 'outbound' }, request: { start: { listener: 'l' } } },
    },
    { world: restoring([ORIGINAL_DST]) },
  ),
  missing(
    'clusters that are cut',
    {
      world: {
        ...toB,
        more: {
          static_resources: {
            listeners: [
              {
                name: 'l',
                address: { socket_address: { address: '0.0.0.0', port_value: 80 } },
                filter_chains: [{ filters: [manager({ ...toB })] }],
              },
            ],
            clusters: [REST],
          },
        },
      },
    },
    { world: b({}) },
  ),
];
