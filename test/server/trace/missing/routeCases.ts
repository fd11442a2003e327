/** Route configurations, routes and what they do. */
import { any, call, CUT, filter, missing, ROUTE, world, type Fields, type MissingCase, type World, REST, LOST } from './missingCase';

const route = (fields: Fields): World => ({ routes: [{ ...ROUTE, ...fields }] });
const action = (fields: Fields): World => route({ route: { cluster: 'a', ...fields } });
const match = (fields: Fields): World => ({ routes: [{ match: { prefix: '/', ...fields }, route: { cluster: 'a' } }, ROUTE] });
const only = (fields: Fields): World => ({ routes: [{ match: fields, route: { cluster: 'a' } }] });
const rds = (fields: Fields = {}): World => ({
  manager: { route_config: null, rds: { route_config_name: 'rc', config_source: { path_config_source: { path: '/x/rds.json' } } } },
  ...fields,
});
const RESOURCE = { '@type': 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration', name: 'rc' };
const vhosts = [{ name: 'v', domains: ['*'], routes: [ROUTE] }];
const scoped = (source: Fields): World => ({
  manager: {
    route_config: null,
    scoped_routes: {
      name: 's',
      scope_key_builder: { fragments: [{ header_value_extractor: { name: 'x-scope', index: 0 } }] },
      rds_config_source: { ads: {} },
      ...source,
    },
  },
});
const plugin = (typed_config: Fields): World =>
  action({ cluster: null, inline_cluster_specifier_plugin: { extension: { name: 'p', typed_config } } });
const weights = (clusters: unknown): World => action({ cluster: null, weighted_clusters: { clusters } });

const unknownHeader = filter('m', 'lua.v3.Lua', {
  default_source_code: { inline_string: "function envoy_on_request(h) h:headers():add('x-client', os.time()) end" },
});

const DELIVERED = rds({ files: { 'rds.json': { resources: [{ ...RESOURCE, virtual_hosts: vhosts }] } } });
const inRoutes = call({
  connection: { destination: undefined, source: undefined },
  request: { start: { at: { uri: '/w/rds.json', pointer: '/resources/0/virtual_hosts/0' } } },
});
const { '/w/envoy.json': using = '', ...alone } = world(DELIVERED);

export const routeCases: readonly MissingCase[] = [
  {
    name: 'the listener before routes that stand alone',
    without: { files: alone, request: inRoutes },
    plus: { files: { ...alone, '/w/envoy.json': using }, request: inRoutes },
    becomes: 'upstream',
  },
  missing('routes of RDS', { world: rds() }, { world: DELIVERED }),
  missing('the name of the routes', { world: { manager: { route_config: null, rds: CUT } } }, { world: {} }),
  missing(
    'routes whose names are kept back',
    { world: rds({ files: { 'rds.json': { resources: [{ ...RESOURCE, name: '[redacted]', virtual_hosts: vhosts }] } } }) },
    { world: DELIVERED },
  ),
  missing(
    'scopes that come by discovery',
    { world: scoped({ scoped_rds: { scoped_rds_config_source: { ads: {} } } }), call: { headers: { 'x-scope': 'k' } } },
    {
      world: scoped({
        scoped_route_configurations_list: {
          scoped_route_configurations: [
            { name: 'k', key: { fragments: [{ string_key: 'k' }] }, route_configuration: { name: 'rc', virtual_hosts: vhosts } },
          ],
        },
      }),
    },
  ),
  missing('the connection manager without its routes', { world: { manager: { route_config: null, ...lost() } } }, { world: {} }),
  missing('virtual hosts that are cut', { world: { routeConfiguration: { virtual_hosts: [REST] } } }, { world: {} }),
  missing('domains that are kept back', { world: { virtualHost: { domains: ['[redacted]'] } } }, { world: {} }),
  missing(
    'virtual hosts on demand',
    {
      world: {
        http: [filter('d', 'on_demand.v3.OnDemand')],
        routeConfiguration: { virtual_hosts: [], vhds: { config_source: { ads: {} } } },
      },
    },
    { world: {} },
  ),
  missing('routes that are cut', { world: { routes: [REST] } }, { world: {} }),
  missing('a path that is kept back', { world: only({ path: '[redacted]' }) }, { world: only({ path: '/' }) }),
  missing(
    'a path of a matcher of its own',
    { world: only({ path_match_policy: { name: 'p', typed_config: any('envoy.path.match.acme.v3.Acme') } }) },
    { world: only({ path: '/' }) },
  ),
  missing('a match that is cut', { world: { routes: [{ match: CUT, route: { cluster: 'a' } }] } }, { world: {} }),
  missing('conditions that are cut', { world: only({ prefix: '/', ...lost() }) }, { world: only({ prefix: '/' }) }),
  missing(
    'a header matcher that is cut',
    { world: match({ headers: [{ name: 'x', ...lost() }] }), call: { headers: { x: '1' } } },
    { world: match({ headers: [{ name: 'x' }] }) },
  ),
  missing(
    'a header matcher of its own',
    {
      world: match({
        headers: [
          { name: 'x', string_match: { custom: { name: 'c', typed_config: any('envoy.extensions.string_matcher.acme.v3.Acme') } } },
        ],
      }),
      call: { headers: { x: '1' } },
    },
    { world: match({ headers: [{ name: 'x', string_match: { exact: '1' } }] }) },
  ),
  missing('a route without its action', { world: { routes: [{ match: { prefix: '/' }, ...lost() }] } }, { world: {} }),
  missing('an action without its cluster', { world: { routes: [{ match: { prefix: '/' }, route: CUT }] } }, { world: {} }),
  missing('weights that are cut', { world: weights(REST) }, { world: weights([{ name: 'a', weight: 1 }]) }),
  missing(
    'a cluster that a plugin chooses',
    { world: plugin(any('envoy.extensions.router.cluster_specifiers.acme.v3.Acme')) },
    { world: action({}) },
  ),
  missing(
    'a cluster that a script chooses',
    { world: plugin(any('envoy.extensions.router.cluster_specifiers.lua.v3.LuaConfig', { source_code: { filename: '/x.lua' } })) },
    {
      world: plugin(
        any('envoy.extensions.router.cluster_specifiers.lua.v3.LuaConfig', {
          source_code: { inline_string: "function envoy_on_route(h) return 'a' end" },
        }),
      ),
    },
  ),
  missing(
    'a cluster of a header that is not known',
    {
      world: {
        routeConfiguration: { request_headers_to_add: [] },
        http: [unknownHeader],
        ...action({ cluster: null, cluster_header: 'x-client' }),
      },
    },
    { world: action({ cluster: null, cluster_header: 'x-client' }), call: { headers: { 'x-client': 'a' } } },
  ),
  missing(
    'a host that is kept back',
    { world: action({ host_rewrite_literal: '[redacted]' }) },
    { world: action({ host_rewrite_literal: 'x' }) },
  ),
  missing('a prefix that is kept back', { world: action({ prefix_rewrite: '[redacted]' }) }, { world: action({ prefix_rewrite: '/x' }) }),
  missing(
    'a path that a rewriter of its own makes',
    { world: action({ path_rewrite_policy: { name: 'r', typed_config: any('envoy.path.rewrite.acme.v3.Acme') } }) },
    { world: action({}) },
  ),
  missing(
    'a path of a format that only runs',
    { world: action({ path_rewrite: '/%START_TIME%' }) },
    { world: action({ path_rewrite: '/%REQ(x)%' }), call: { headers: { x: '1' } } },
  ),
  missing(
    'a redirect of a format that only runs',
    { world: { routes: [{ match: { prefix: '/' }, redirect: { path_rewrite: '/%START_TIME%' } }] } },
    { world: { routes: [{ match: { prefix: '/' }, redirect: { path_redirect: '/x' } }] } },
    'redirect',
  ),
  missing(
    'upgrades that are cut',
    { world: { manager: { upgrade_configs: [CUT] } }, call: { headers: { connection: 'upgrade', upgrade: 'websocket' } } },
    { world: { manager: { upgrade_configs: [{ upgrade_type: 'websocket' }] } } },
  ),
];

/** A member that makes its object one that has lost something. */
function lost(): Fields {
  return { [LOST]: CUT };
}
