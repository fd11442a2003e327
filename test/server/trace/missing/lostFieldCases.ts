/** Fields that a file has lost, or keeps back, whose defaults would decide otherwise. */
import { any, cluster, CUT, filter, manager, missing, REST, ROUTE, type Fields, type MissingCase, type World } from './missingCase';

const toB = { routes: [{ ...ROUTE, route: { cluster: 'b' } }] };
const b = (fields: Fields): World => ({ ...toB, clusters: [cluster('b', fields)] });
const host = { endpoint: { address: { socket_address: { address: '10.50.0.2', port_value: 80 } } } };
const assigned = (policy: unknown): Fields => ({ load_assignment: { cluster_name: 'b', endpoints: [{ lb_endpoints: [host] }], policy } });

/** An aggregate of a cluster that no file has, and of `a`; beside it other clusters. */
function aggregate(...others: unknown[]): World {
  const config = any('envoy.extensions.clusters.aggregate.v3.ClusterConfig', { clusters: ['gone', 'a'] });
  const all = { name: 'b', lb_policy: 'CLUSTER_PROVIDED', cluster_type: { name: 'envoy.clusters.aggregate', typed_config: config } };
  return { ...toB, clusters: [all, ...(others as Fields[])] };
}

/** Scopes by the header `x-scope`. */
function scoped(builder: unknown, scopes: unknown): World {
  const configuration = { name: 'rc', virtual_hosts: [{ name: 'v', domains: ['*'], routes: [ROUTE] }] };
  const scope = { name: 's', key: { fragments: [{ string_key: 'one' }] }, route_configuration: configuration };
  const list = { scoped_route_configurations: [scope, ...(scopes as unknown[])] };
  return {
    manager: { route_config: null, scoped_routes: { name: 'n', scope_key_builder: builder, scoped_route_configurations_list: list } },
  };
}
const BY_HEADER = { fragments: [{ header_value_extractor: { name: 'x-scope', index: 0 } }] };
const inScope = (name: string): { headers: Record<string, string> } => ({ headers: { 'x-scope': name } });

const ROUTED_ANEW = filter('l', 'lua.v3.Lua', {
  default_source_code: { inline_string: 'function envoy_on_request(h) h:clearRouteCache() end' },
});

/** What a route adds decides at the next look: a Lua script has the route chosen again. */
const adding = (fields: Fields): World => ({
  http: [filter('m', 'header_mutation.v3.HeaderMutation', { mutations: fields }), ROUTED_ANEW],
  routes: [{ match: { prefix: '/', headers: [{ name: 'y', string_match: { exact: '1' } }] }, route: { cluster: 'a' } }, ROUTE],
});

const KEPT = '[redacted]';
const EDS: Fields = { type: 'EDS', load_assignment: null };
const weighted = (...clusters: unknown[]): World => ({ routes: [{ ...ROUTE, route: { weighted_clusters: { clusters } } }] });
const allows = (permission: Fields): World => ({
  http: [filter('r', 'rbac.v3.RBAC', { rules: { policies: { p: { permissions: [permission], principals: [{ any: true }] } } } })],
});
const perRoute = (configs: unknown): World => ({
  http: [filter('f', 'fault.v3.HTTPFault')],
  virtualHost: { typed_per_filter_config: configs },
});
const INSPECTOR = filter('t', 'envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector');
const bySni = (listener_filters: unknown[]): World => ({
  listener: { listener_filters },
  network: [
    filter('s', 'envoy.extensions.filters.network.sni_cluster.v3.SniCluster'),
    filter('t', 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', { stat_prefix: 't', cluster: 'b' }),
  ],
});
const mapped = (mapper: unknown): World => ({
  manager: { local_reply_config: { mappers: [mapper] } },
  routes: [{ match: { prefix: '/' }, direct_response: { status: 503 } }],
});

/** Metadata that nobody writes. */
const unwritten = (namespace: string): Fields => ({ filter: namespace, path: [{ key: 'k' }], value: { present_match: true } });
/** A service without a host is asked only where metadata says so. */
const askedBy = (namespace: string): World => ({
  http: [
    filter('x', 'ext_authz.v3.ExtAuthz', {
      grpc_service: { envoy_grpc: { cluster_name: 'dead' } },
      filter_enabled_metadata: unwritten(namespace),
    }),
  ],
  clusters: [{ name: 'dead', load_assignment: { cluster_name: 'dead' } }],
});

const matching = (matcher: Fields): World => ({ virtualHost: { routes: null, matcher } });
const matched = (match: Fields): World => ({ routes: [{ ...ROUTE, match }] });

/** A chain for 10.0.0.0/16 takes its connections from that for 10.0.0.0/8, and then wants another server name. */
const shadowing = (range: unknown): World => ({
  listener: { listener_filters: [INSPECTOR] },
  chains: [
    { name: 'near', filter_chain_match: { prefix_ranges: [range], server_names: ['x.test'] }, filters: [manager({})] },
    { name: 'far', filter_chain_match: { prefix_ranges: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] }, filters: [manager({})] },
  ],
});
const BY_NAME = { isTcp: true, connection: { transport: 'tls', sni: 'a.test' } } as const;

/** Clusters in groups by priority; before them the metadata `n` is written. */
function grouped(fields: Fields): World {
  const typed_config = any('envoy.extensions.router.cluster_specifiers.priority_group.v3.PriorityGroupClusterSpecifier', fields);
  return {
    http: [filter('s', 'set_metadata.v3.Config', { metadata: [{ metadata_namespace: 'n', value: { group: 1 } }] }), ROUTED_ANEW],
    routes: [{ ...ROUTE, route: { inline_cluster_specifier_plugin: { extension: { name: 'p', typed_config } } } }],
  };
}
const GROUP = { clusters: [{ name: 'a', weight: 1 }] };

/** Hosts of one version, asked for by a route. */
function subset(metadata_match: unknown): World {
  const metadata = { filter_metadata: { 'envoy.lb': { v: '1' } } };
  const fields = {
    lb_subset_config: { subset_selectors: [{ keys: ['v'] }] },
    load_assignment: { cluster_name: 'b', endpoints: [{ lb_endpoints: [{ ...host, metadata }] }] },
  };
  return { ...b(fields), routes: [{ ...ROUTE, route: { cluster: 'b', metadata_match } }] };
}

export const lostFieldCases: readonly MissingCase[] = [
  ...['lb_subset_config', 'common_lb_config', 'load_balancing_policy'].map((field) =>
    missing(`${field} that is cut`, { world: b({ [field]: CUT }) }, { world: b({ [field]: {} }) }),
  ),
  missing('a policy of balancing that is kept back', { world: b({ lb_policy: '<redacted>' }) }, { world: b({ lb_policy: 'RANDOM' }) }),
  missing('policies of an assignment that are cut', { world: b(assigned(CUT)) }, { world: b(assigned({})) }),
  missing('a member that may be among lost clusters', { world: aggregate(REST) }, { world: aggregate() }),
  missing('what a scope goes by', { world: scoped(CUT, []), call: inScope('one') }, { world: scoped(BY_HEADER, []), call: inScope('one') }),
  missing(
    'scopes that are cut',
    { world: scoped(BY_HEADER, [REST]), call: inScope('two') },
    { world: scoped(BY_HEADER, []), call: inScope('two') },
    'no_route',
  ),
  missing(
    'a namespace of metadata that is kept back',
    { world: allows({ metadata: unwritten(KEPT) }) },
    { world: allows({ metadata: unwritten('n') }) },
    'denied',
  ),
  missing('whether a dead service is asked', { world: askedBy(KEPT) }, { world: askedBy('n') }),
  missing('headers that are lost', { world: adding({ request_mutations: [REST] }) }, { world: adding({ request_mutations: [] }) }),
  missing(
    'a header whose name is kept back',
    { world: adding({ request_mutations: [{ append: { header: { key: 'REDACTED', value: '1' } } }] }) },
    { world: adding({ request_mutations: [{ append: { header: { key: 'y', value: '1' } } }] }) },
  ),
  missing(
    'a limit that is cut',
    { world: b({ circuit_breakers: { thresholds: [CUT] } }) },
    { world: b({ circuit_breakers: { thresholds: [{ max_requests: 0 }] } }) },
    'no_endpoint',
  ),
  missing(
    'the name of endpoints that is kept back',
    { world: b({ ...EDS, eds_cluster_config: { eds_config: { ads: {} }, service_name: KEPT } }) },
    { world: b({}) },
  ),
  missing('a weight that is cut', { world: weighted({ name: 'b' }, CUT) }, { world: weighted({ name: 'a', weight: 1 }) }),
  missing(
    'a cluster that the header tells',
    { world: { routes: [{ ...ROUTE, route: { cluster_header: KEPT } }] }, call: { headers: { to: 'a' } } },
    { world: { routes: [{ ...ROUTE, route: { cluster_header: 'to' } }] }, call: { headers: { to: 'a' } } },
  ),
  missing('criteria of a subset that are cut', { world: subset(CUT) }, { world: subset({ filter_metadata: { 'envoy.lb': { v: '1' } } }) }),
  missing(
    'https that may be wanted',
    { world: { virtualHost: { require_tls: KEPT } } },
    { world: { virtualHost: { require_tls: 'NONE' } } },
  ),
  missing(
    'a scope whose key is cut',
    { world: scoped(BY_HEADER, [{ name: 't', key: { fragments: [CUT] }, route_configuration_name: 'x' }]), call: inScope('') },
    { world: scoped(BY_HEADER, []), call: inScope('') },
    'no_route',
  ),
  missing(
    'how a header is added',
    { world: adding({ request_mutations: [{ append: { header: { key: 'y', value: '1' }, append_action: KEPT } }] }) },
    { world: adding({ request_mutations: [{ append: { header: { key: 'y', value: '1' } } }] }) },
  ),
  missing(
    'whom the virtual host wants to come by https',
    {
      world: {
        manager: { use_remote_address: true, internal_address_config: { cidr_ranges: [{ address_prefix: KEPT, prefix_len: 8 }] } },
        virtualHost: { require_tls: 'EXTERNAL_ONLY' },
      },
    },
    {
      world: {
        manager: { use_remote_address: true, internal_address_config: { cidr_ranges: [{ address_prefix: '10.0.0.0', prefix_len: 8 }] } },
        virtualHost: { require_tls: 'EXTERNAL_ONLY' },
      },
    },
  ),
  missing(
    'the header that tells the host',
    { world: { routeConfiguration: { vhost_header: KEPT } } },
    { world: { routeConfiguration: { vhost_header: 'x-host' } }, call: { headers: { 'x-host': 'a.test' } } },
  ),
  missing('a port that is kept back', { world: allows({ destination_port: KEPT }) }, { world: allows({ destination_port: 80 }) }),
  missing(
    'a range of ports that is kept back',
    { world: allows({ destination_port_range: { start: KEPT, end: 90 } }) },
    { world: allows({ destination_port_range: { start: 80, end: 90 } }) },
  ),
  missing(
    'configurations of filters that are cut',
    { world: perRoute(CUT) },
    { world: perRoute({ f: any('fault.v3.HTTPFault', { abort: { http_status: 418, percentage: { numerator: 100 } } }) }) },
    'local_reply',
  ),
  missing(
    'a server name behind lost listener filters',
    { world: bySni([REST]), call: { isTcp: true, connection: { transport: 'tls', sni: 'a' } } },
    { world: bySni([INSPECTOR]), call: { isTcp: true, connection: { transport: 'tls', sni: 'a' } } },
  ),
  missing(
    'what becomes of an answer',
    { world: mapped({ filter: CUT, status_code: 404 }) },
    { world: mapped({ filter: { not_health_check_filter: {} }, status_code: 404 }) },
    'direct_response',
  ),
  missing(
    'a chain that keeps connections from another',
    { world: shadowing(CUT), call: BY_NAME },
    { world: shadowing({ address_prefix: '10.0.0.0', prefix_len: 16 }), call: BY_NAME },
    'no_filter_chain',
  ),
  missing(
    'a list of a matcher that is cut',
    { world: matching({ matcher_list: CUT }) },
    { world: matching({ on_no_match: { action: { name: 'route', typed_config: any('envoy.config.route.v3.Route', ROUTE) } } }) },
  ),
  missing(
    'addresses of a listener that are cut',
    { world: { listener: { additional_addresses: [REST] } }, call: { connection: { destination: '10.0.0.1:81' } } },
    {
      world: { listener: { additional_addresses: [{ address: { socket_address: { address: '0.0.0.0', port_value: 81 } } }] } },
      call: { connection: { destination: '10.0.0.1:81' } },
    },
  ),
  missing('an expression that is cut', { world: matched({ safe_regex: CUT }) }, { world: matched({ safe_regex: { regex: '/' } }) }),
  missing(
    'a header that must not be there, kept back',
    { world: matched({ prefix: '/', headers: [{ name: KEPT, invert_match: true }] }) },
    { world: matched({ prefix: '/', headers: [{ name: 'x', present_match: true, invert_match: true }] }) },
  ),
  missing(
    'a range of numbers that is cut',
    { world: matched({ prefix: '/', headers: [{ name: 'x', range_match: CUT, invert_match: true }] }), call: { headers: { x: '5' } } },
    {
      world: matched({ prefix: '/', headers: [{ name: 'x', range_match: { start: '7', end: '9' }, invert_match: true }] }),
      call: { headers: { x: '5' } },
    },
  ),
  missing(
    'groups of clusters that are cut',
    { world: grouped({ priority_groups: [REST] }) },
    { world: grouped({ priority_groups: [GROUP] }) },
  ),
  missing(
    'which group metadata names',
    { world: grouped({ priority_groups: [GROUP], override_metadata_namespace: 'n' }) },
    { world: grouped({ priority_groups: [GROUP], override_metadata_namespace: 'other' }) },
  ),
  missing(
    'mappers that are cut',
    { world: mapped(REST) },
    { world: mapped({ filter: { not_health_check_filter: {} } }) },
    'direct_response',
  ),
];
