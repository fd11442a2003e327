/** Hosts, endpoints and clusters that the files do not have. */
import { any, call, cluster, CUT, dump, filter, missing, ROUTE, type Fields, type MissingCase, type World, REST } from './missingCase';
import { manager } from './missingCase';

const EDS: Fields = { type: 'EDS', eds_cluster_config: { eds_config: { ads: {} } } };
const toB: World['routes'] = [{ ...ROUTE, route: { cluster: 'b' } }];
const host = (fields: Fields = {}): Fields => ({
  endpoint: { address: { socket_address: { address: '10.50.0.2', port_value: 80 } } },
  ...fields,
});
const assigned = (...hosts: unknown[]): Fields => ({ load_assignment: { cluster_name: 'b', endpoints: [{ lb_endpoints: hosts }] } });
const b = (fields: Fields): World => ({ routes: toB, clusters: [{ name: 'b', ...fields }] });

function joined(kind: string, clusters: unknown, members: Fields[]): World {
  const config = any(`envoy.extensions.clusters.${kind}.v3.ClusterConfig`, { clusters });
  const all = { name: 'b', lb_policy: 'CLUSTER_PROVIDED', cluster_type: { name: `envoy.clusters.${kind}`, typed_config: config } };
  return { routes: toB, clusters: [all, ...members] };
}
const aggregate = (...members: Fields[]): World =>
  joined(
    'aggregate',
    members.map(({ name }) => name),
    members,
  );
const composite = (...members: Fields[]): World =>
  joined(
    'composite',
    members.map(({ name }) => ({ name })),
    members,
  );

const stateFilter = (key: string, value: string): Fields =>
  filter('s', 'set_filter_state.v3.Config', {
    on_request_headers: [{ object_key: key, format_string: { text_format_source: { inline_string: value } } }],
  });

const header = (name: string, value: string): Fields =>
  filter('h', 'header_mutation.v3.HeaderMutation', {
    mutations: { request_mutations: [{ append: { header: { key: name, value } } }] },
  });
const policy = (type: string, fields: Fields = {}): Fields => ({
  policies: [{ typed_extension_config: { name: 'p', typed_config: any(`envoy.extensions.load_balancing_policies.${type}`, fields) } }],
});
const TO = 'x-envoy-original-dst-host';
const OVERRIDING: Fields = {
  load_balancing_policy: policy('override_host.v3.OverrideHost', {
    override_host_sources: [{ header: 'x-host' }],
    fallback_policy: policy('round_robin.v3.RoundRobin'),
  }),
};

const FORWARD_PROXY = 'envoy.network.transport_socket.http_11_proxy.info';
const ORIGINAL_DST: Fields = { type: 'ORIGINAL_DST', lb_policy: 'CLUSTER_PROVIDED' };
const DYNAMIC: Fields = {
  lb_policy: 'CLUSTER_PROVIDED',
  cluster_type: {
    name: 'envoy.clusters.dynamic_forward_proxy',
    typed_config: any('envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig', { dns_cache_config: { name: 'c' } }),
  },
};

/** A dump with the clusters `a` of EDS and some endpoints. */
function dumped(
  endpoints: Fields | undefined,
  clusters: readonly unknown[] = [{ cluster: cluster('a', { load_assignment: null, ...EDS }) }],
): MissingCase['plus'] {
  const listener = {
    name: 'l',
    address: { socket_address: { address: '0.0.0.0', port_value: 80 } },
    filter_chains: [{ filters: [manager({})] }],
  };
  const files = dump({
    BootstrapConfigDump: { bootstrap: { node: { id: 'p' } } },
    ListenersConfigDump: { static_listeners: [{ listener }] },
    ClustersConfigDump: { static_clusters: clusters },
    ...(endpoints ? { EndpointsConfigDump: endpoints } : {}),
  });
  return { files, request: call() };
}

const endpointsOf = (name: unknown): Fields => ({
  static_endpoint_configs: [{ endpoint_config: { cluster_name: name, endpoints: [{ lb_endpoints: [host()] }] } }],
});

/** The trace begins at these endpoints. */
function atEndpoints(name: string): MissingCase['plus'] {
  const pointer = '/configs/3/static_endpoint_configs/0/endpoint_config/endpoints/0';
  return { ...dumped(endpointsOf(name)), request: call({ request: { start: { at: { uri: '/w/dump.json', pointer } } } }) };
}

export const clusterCases: readonly MissingCase[] = [
  { name: 'whose the endpoints are where a trace begins', without: atEndpoints(''), plus: atEndpoints('a'), becomes: 'upstream' },
  { name: 'a dump without endpoints', without: dumped(undefined), plus: dumped(endpointsOf('a')), becomes: 'upstream' },
  { name: 'endpoints without their names', without: dumped(endpointsOf('')), plus: dumped(endpointsOf('a')), becomes: 'upstream' },
  {
    name: 'endpoints whose names are kept back',
    without: dumped(endpointsOf('[redacted]')),
    plus: dumped(endpointsOf('a')),
    becomes: 'upstream',
  },
  {
    name: 'what DNS has answered',
    without: dumped(endpointsOf('[redacted]'), [{ cluster: cluster('a', { type: 'STRICT_DNS' }) }]),
    plus: dumped(endpointsOf('a'), [{ cluster: cluster('a', { type: 'STRICT_DNS' }) }]),
    becomes: 'upstream',
  },
  {
    name: 'clusters that are cut',
    without: dumped(endpointsOf('a'), [{ cluster: cluster('other') }, REST]),
    plus: dumped(endpointsOf('a')),
    becomes: 'upstream',
  },
  missing('endpoints of EDS', { world: b(EDS) }, { world: b(assigned(host())) }),
  missing(
    'hosts of a cut cluster',
    { world: { routes: toB, clusters: [{ name: 'b', type: 'STATIC', load_assignment: CUT }] } },
    { world: b(assigned(host())) },
  ),
  missing('a cut list of hosts', { world: b(assigned(REST)) }, { world: b(assigned(host())) }),
  missing('hosts beside the one that is there', { world: b(assigned(host(), CUT)) }, { world: b(assigned(host())) }),
  missing('a member that a running Envoy finds', { world: aggregate({ name: 'm', ...DYNAMIC }) }, { world: aggregate(cluster('m')) }),
  missing(
    'a member whose hosts are cut',
    { world: aggregate({ name: 'm', load_assignment: { cluster_name: 'm', endpoints: [CUT] } }) },
    { world: aggregate(cluster('m')) },
  ),
  missing('a first member that a running Envoy finds', { world: composite({ name: 'm', ...DYNAMIC }) }, { world: composite(cluster('m')) }),
  missing(
    'a cluster of a type of its own',
    { world: b({ cluster_type: { name: 'acme', typed_config: any('envoy.extensions.clusters.acme.v3.Acme') } }) },
    { world: b(assigned(host())) },
  ),
  missing('a cluster whose name is kept back', { world: { routes: [{ ...ROUTE, route: { cluster: '[redacted]' } }] } }, { world: {} }),
  missing(
    'which host a dynamic forward proxy is told',
    { world: { ...b(DYNAMIC), http: [stateFilter('envoy.upstream.dynamic_host', '%DYNAMIC_METADATA(x:y)%%START_TIME%')] } },
    { world: b(DYNAMIC) },
  ),
  missing(
    'an original destination of filter state',
    { world: { ...b(ORIGINAL_DST), http: [stateFilter('envoy.network.transport_socket.original_dst_address', '%START_TIME%')] } },
    { world: { ...b(ORIGINAL_DST), http: [stateFilter('envoy.network.transport_socket.original_dst_address', '10.1.1.1:80')] } },
  ),
  missing(
    'how an original destination is found',
    {
      world: b({ ...ORIGINAL_DST, original_dst_lb_config: { use_http_header: true, http_header_name: '[redacted]' } }),
      call: { headers: { to: '10.1.1.1:80' } },
    },
    { world: b({ ...ORIGINAL_DST, original_dst_lb_config: { use_http_header: true, http_header_name: 'to' } }) },
  ),
  missing(
    'conditions of transport sockets that are kept back',
    { world: b({ ...assigned(host()), transport_socket_matches: [{ name: 'm', match: { a: '[redacted]' } }] }) },
    { world: b({ ...assigned(host()), transport_socket_matches: [{ name: 'm', match: { a: 'b' } }] }) },
  ),
  missing(
    'metadata of an endpoint that is cut',
    {
      world: b({ ...assigned(host({ metadata: { filter_metadata: CUT } })), transport_socket_matches: [{ name: 'm', match: { a: 'b' } }] }),
    },
    { world: b({ ...assigned(host()), transport_socket_matches: [{ name: 'm', match: { a: 'b' } }] }) },
  ),
  missing(
    'protocol options that are cut',
    { world: b({ ...assigned(host()), typed_extension_protocol_options: CUT }) },
    { world: b(assigned(host())) },
  ),
  missing(
    'an endpoint whose address is kept back',
    {
      world: b({
        type: 'STRICT_DNS',
        ...assigned({ endpoint: { address: { socket_address: { address: '[redacted]', port_value: 80 } } } }),
      }),
    },
    { world: b(assigned(host())) },
  ),
  missing(
    'what is passed on to an internal listener',
    {
      world: b({
        transport_socket: CUT,
        ...assigned({ endpoint: { address: { envoy_internal_address: { server_listener_name: 'l' } } } }),
      }),
    },
    { world: b(assigned(host())) },
  ),
  missing(
    'an internal listener whose name is kept back',
    { world: b(assigned({ endpoint: { address: { envoy_internal_address: { server_listener_name: '[redacted]' } } } })) },
    { world: b(assigned(host())) },
  ),
  missing(
    'a forward proxy that filter state names at run time',
    { world: { ...b(assigned(host())), http: [stateFilter(FORWARD_PROXY, 'a.test,%START_TIME%')] } },
    { world: { ...b(assigned(host())), http: [stateFilter(FORWARD_PROXY, 'a.test,10.1.1.1:80')] } },
  ),
  missing(
    'a forward proxy whose address is cut',
    { world: b(assigned(host({ metadata: { typed_filter_metadata: { 'envoy.http11_proxy_transport_socket.proxy_address': CUT } } }))) },
    { world: b(assigned(host())) },
  ),
  missing(
    'the host that a header names at run time',
    { world: { ...b({ ...assigned(host()), ...OVERRIDING }), http: [header('x-host', '%START_TIME%')] } },
    { world: { ...b({ ...assigned(host()), ...OVERRIDING }), http: [header('x-host', '10.50.0.2:80')] } },
  ),
  missing(
    'the destination that a header names at run time',
    { world: { ...b({ ...ORIGINAL_DST, original_dst_lb_config: { use_http_header: true } }), http: [header(TO, '%START_TIME%')] } },
    { world: { ...b({ ...ORIGINAL_DST, original_dst_lb_config: { use_http_header: true } }), http: [header(TO, '10.50.0.2:80')] } },
  ),
];
