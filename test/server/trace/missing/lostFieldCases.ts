/** Fields that a file has lost, or keeps back, whose defaults would decide otherwise. */
import { any, cluster, CUT, filter, missing, REST, ROUTE, type Fields, type MissingCase, type World } from './missingCase';

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

/** What a route adds decides at the next look: a Lua script has the route chosen again. */
const adding = (fields: Fields): World => ({
  http: [
    filter('m', 'header_mutation.v3.HeaderMutation', { mutations: fields }),
    filter('l', 'lua.v3.Lua', { default_source_code: { inline_string: 'function envoy_on_request(h) h:clearRouteCache() end' } }),
  ],
  routes: [{ match: { prefix: '/', headers: [{ name: 'y', string_match: { exact: '1' } }] }, route: { cluster: 'a' } }, ROUTE],
});

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
  missing('headers that are lost', { world: adding({ request_mutations: [REST] }) }, { world: adding({ request_mutations: [] }) }),
  missing(
    'a header whose name is kept back',
    { world: adding({ request_mutations: [{ append: { header: { key: 'REDACTED', value: '1' } } }] }) },
    { world: adding({ request_mutations: [{ append: { header: { key: 'y', value: '1' } } }] }) },
  ),
];
