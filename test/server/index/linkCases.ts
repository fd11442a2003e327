/** The least configurations that have names of each kind; `linkStatus.test.ts` says what becomes of them. */
import type { ReferenceKind } from '../../../server/src/schema/references/referenceSite';

const NETWORK = 'envoy.extensions.filters.network';
const HTTP = 'envoy.extensions.filters.http';
const ADS = { ads: {}, resource_api_version: 'V3' };
const any = (type: string, fields: object = {}) => ({ '@type': `type.googleapis.com/${type}`, ...fields });
const extension = (type: string, fields: object = {}) => ({ name: type, typed_config: any(type, fields) });
const listenerOf = (fields: object, clusters: object[] = [], rest: object = {}) => ({
  static_resources: { listeners: [{ name: 'l', ...fields }], clusters },
  ...rest,
});
const filters = (networkFilters: object[], clusters: object[] = [], rest: object = {}) =>
  listenerOf({ filter_chains: [{ filters: networkFilters }] }, clusters, rest);
const managerOf = (fields: object) => extension(`${NETWORK}.http_connection_manager.v3.HttpConnectionManager`, fields);
const manager = (fields: object, clusters: object[] = [], rest: object = {}) => filters([managerOf(fields)], clusters, rest);
const routes = (virtualHost: object, http: object[] = [], more: object = {}) =>
  manager({ route_config: { name: 'r', virtual_hosts: [{ name: 'v', domains: ['*'], ...virtualHost }], ...more }, http_filters: http });
const route = (action: object, fields: object = {}) => ({ match: { prefix: '/' }, route: action, ...fields });
const cluster = (fields: object, rest: object = {}) => ({ static_resources: { clusters: [{ name: 'c', ...fields }] }, ...rest });
const dump = (sections: Record<string, object>) => ({
  configs: Object.entries(sections).map(([name, fields]) => any(`envoy.admin.v3.${name}ConfigDump`, fields)),
});
const tcp = (name: string) => extension(`${NETWORK}.tcp_proxy.v3.TcpProxy`, { stat_prefix: 't', cluster: name });
const rdsOf = (name: string) => managerOf({ rds: { route_config_name: name, config_source: ADS } });
const dumped = (...networkFilters: object[]) => ({
  static_listeners: [{ listener: any('envoy.config.listener.v3.Listener', { name: 'l', filter_chains: [{ filters: networkFilters }] }) }],
});
const internal = (name: string) => ({ endpoint: { address: { envoy_internal_address: { server_listener_name: name } } } });
const endpoints = (...lb: object[]) => ({ load_assignment: { cluster_name: 'c', endpoints: [{ lb_endpoints: lb }] } });
const sds = (name: string, source?: object) => ({ name, ...(source && { sds_config: source }) });
const tls = (common: object) => ({
  transport_socket: extension('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', { common_tls_context: common }),
});
const eds = (name: string) => ({
  cluster: any('envoy.config.cluster.v3.Cluster', { name, type: 'EDS', eds_cluster_config: { eds_config: ADS } }),
});
const discovered = (name: string) => ({
  name,
  config_discovery: { config_source: ADS, type_urls: ['type.googleapis.com/google.protobuf.Empty'] },
});
const actions = (...all: object[]) => ({ matcher_list: { matchers: all.map((action) => ({ predicate: {}, on_match: { action } })) } });
const named = (type: string, fields: object) => ({ name: 'a', typed_config: any(type, fields) });
/** In each, names that begin with `there` are found, `gone` missing, `far` brought from outside; of `open` the files cannot tell. */
export const CASES: readonly (readonly [kind: ReferenceKind, what: string, config: object])[] = [
  ['cluster', 'in a bootstrap', filters([tcp('there'), tcp('gone')], [{ name: 'there' }])],
  [
    'cluster',
    'where CDS brings others',
    filters([tcp('there'), tcp('far')], [{ name: 'there' }], { dynamic_resources: { cds_config: ADS } }),
  ],
  ['cluster', 'by a header', routes({ routes: [route({ cluster_header: 'open' })] })],
  ['cluster', 'of the other side', filters([extension(`${NETWORK}.reverse_tunnel.v3.ReverseTunnel`, { required_cluster_name: 'far' })])],
  ['route_configuration', 'in a bootstrap', filters([rdsOf('far')])],
  [
    'route_configuration',
    'in a dump',
    dump({
      Listeners: dumped(rdsOf('there'), rdsOf('gone')),
      Routes: { dynamic_route_configs: [{ route_config: any('envoy.config.route.v3.RouteConfiguration', { name: 'there' }) }] },
    }),
  ],
  [
    'scoped_routes',
    'in a dump',
    dump({
      Listeners: dumped(
        managerOf({ scoped_routes: { name: 'there', scoped_rds: { scoped_rds_config_source: ADS } } }),
        managerOf({ scoped_routes: { name: 'gone', scoped_rds: { scoped_rds_config_source: ADS } } }),
      ),
      ScopedRoutes: {
        dynamic_scoped_route_configs: [
          {
            name: 'there',
            scoped_route_configs: [any('envoy.config.route.v3.ScopedRouteConfiguration', { name: 's', route_configuration_name: 'r' })],
          },
        ],
      },
    }),
  ],
  [
    'scoped_routes',
    'beside their name',
    manager({ scoped_routes: { name: 'there', scoped_route_configurations_list: { scoped_route_configurations: [{ name: 's' }] } } }),
  ],
  ['scoped_routes', 'in a bootstrap', manager({ scoped_routes: { name: 'far', scoped_rds: { scoped_rds_config_source: ADS } } })],
  ['virtual_host', 'by VHDS', manager({ route_config: { name: 'far', vhds: { config_source: ADS } } })],
  [
    'route',
    'of internal redirects',
    routes({
      routes: [
        route(
          {
            cluster: 'c',
            internal_redirect_policy: {
              predicates: [
                named('envoy.extensions.internal_redirect.allow_listed_routes.v3.AllowListedRoutesConfig', {
                  allowed_route_names: ['there', 'gone'],
                }),
              ],
            },
          },
          { name: 'there' },
        ),
      ],
    }),
  ],
  [
    'cluster_specifier_plugin',
    'of a route',
    routes({ routes: [route({ cluster_specifier_plugin: 'there' }), route({ cluster_specifier_plugin: 'gone' })] }, [], {
      cluster_specifier_plugins: [{ extension: { name: 'there' } }],
    }),
  ],
  [
    'thrift_route_configuration',
    'in a bootstrap',
    filters([extension(`${NETWORK}.thrift_proxy.v3.ThriftProxy`, { trds: { route_config_name: 'far', config_source: ADS } })]),
  ],
  [
    'dubbo_route_configuration',
    'in a bootstrap',
    filters([extension(`${NETWORK}.dubbo_proxy.v3.DubboProxy`, { drds: { route_config_name: 'far', config_source: ADS } })]),
  ],
  [
    'generic_route_configuration',
    'in a bootstrap',
    filters([extension(`${NETWORK}.generic_proxy.v3.GenericProxy`, { generic_rds: { route_config_name: 'far', config_source: ADS } })]),
  ],
  ['endpoints', 'in a bootstrap', cluster({ type: 'EDS', eds_cluster_config: { service_name: 'far', eds_config: ADS } })],
  [
    'endpoints',
    'in a dump',
    dump({
      Clusters: { static_clusters: [eds('there'), eds('gone')] },
      Endpoints: {
        static_endpoint_configs: [{ endpoint_config: any('envoy.config.endpoint.v3.ClusterLoadAssignment', { cluster_name: 'there' }) }],
      },
    }),
  ],
  ['endpoints', 'in a dump without endpoints', dump({ Clusters: { static_clusters: [eds('far')] } })],
  [
    'collection',
    'by LEDS',
    cluster({
      load_assignment: {
        cluster_name: 'c',
        endpoints: [{ leds_cluster_locality_config: { leds_config: ADS, leds_collection_name: 'far' } }],
      },
    }),
  ],
  [
    'endpoint_name',
    'of a load assignment',
    cluster({
      load_assignment: {
        cluster_name: 'c',
        endpoints: [{ lb_endpoints: [{ endpoint_name: 'there' }, { endpoint_name: 'gone' }] }],
        named_endpoints: { there: {} },
      },
    }),
  ],
  [
    'internal_listener',
    'in a bootstrap',
    listenerOf({ name: 'there', internal_listener: {} }, [{ name: 'c', ...endpoints(internal('there'), internal('gone')) }]),
  ],
  ['internal_listener', 'where LDS brings others', cluster(endpoints(internal('far')), { dynamic_resources: { lds_config: ADS } })],
  [
    'transport_socket_match',
    'of a cluster',
    cluster({
      transport_socket_matches: [{ name: 'there' }],
      transport_socket_matcher: actions(
        named('envoy.extensions.matching.common_inputs.transport_socket.v3.TransportSocketNameAction', { name: 'there' }),
        named('envoy.extensions.matching.common_inputs.transport_socket.v3.TransportSocketNameAction', { name: 'gone' }),
      ),
    }),
  ],
  [
    'dns_cache',
    'that several share',
    cluster({
      cluster_type: extension('envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig', { dns_cache_config: { name: 'open' } }),
    }),
  ],
  [
    'filter_chain',
    'of a matcher',
    listenerOf({
      filter_chains: [{ name: 'there', filters: [] }],
      filter_chain_matcher: actions(
        named('google.protobuf.StringValue', { value: 'there' }),
        named('google.protobuf.StringValue', { value: 'gone' }),
      ),
    }),
  ],
  ['filter_chain_collection', 'by FCDS', listenerOf({ fcds_config: { name: 'far', config_source: ADS } })],
  [
    'http_filter',
    'by the keys of a route',
    routes({ typed_per_filter_config: { there: any(`${HTTP}.fault.v3.HTTPFault`), gone: any(`${HTTP}.fault.v3.HTTPFault`) } }, [
      { name: 'there', typed_config: any(`${HTTP}.fault.v3.HTTPFault`) },
    ]),
  ],
  ['extension_config', 'in a bootstrap', manager({ http_filters: [discovered('far')] })],
  [
    'extension_config',
    'in a dump',
    dump({
      Listeners: dumped(managerOf({ http_filters: [discovered('there'), discovered('gone')] })),
      Ecds: { ecds_filters: [{ ecds_filter: any('envoy.config.core.v3.TypedExtensionConfig', { name: 'there' }) }] },
    }),
  ],
  [
    'named_filter_chain',
    'of a composite filter',
    manager({
      http_filters: [
        extension(`${HTTP}.composite.v3.Composite`, { named_filter_chains: { there: {} } }),
        {
          name: 'm',
          typed_config: any('envoy.extensions.common.matching.v3.ExtensionWithMatcher', {
            xds_matcher: actions(
              named(`${HTTP}.composite.v3.ExecuteFilterAction`, { filter_chain_name: 'there' }),
              named(`${HTTP}.composite.v3.ExecuteFilterAction`, { filter_chain_name: 'gone' }),
            ),
          }),
        },
      ],
    }),
  ],
  [
    'jwt_provider',
    'in its rules',
    manager({
      http_filters: [
        extension(`${HTTP}.jwt_authn.v3.JwtAuthentication`, {
          providers: { there: {} },
          rules: [{ requires: { provider_name: 'there' } }, { requires: { provider_and_audiences: { provider_name: 'gone' } } }],
        }),
      ],
    }),
  ],
  [
    'jwt_requirement',
    'in its rules',
    manager({
      http_filters: [
        extension(`${HTTP}.jwt_authn.v3.JwtAuthentication`, {
          requirement_map: { there: {} },
          rules: [{ requirement_name: 'there' }, { requirement_name: 'gone' }],
        }),
      ],
    }),
  ],
  [
    'lua_source',
    'in settings of a route',
    routes(
      {
        typed_per_filter_config: {
          lua: any(`${HTTP}.lua.v3.LuaPerRoute`, { name: 'there' }),
          other: any(`${HTTP}.lua.v3.LuaPerRoute`, { name: 'gone' }),
        },
      },
      [{ name: 'lua', typed_config: any(`${HTTP}.lua.v3.Lua`, { source_codes: { there: {} } }) }],
    ),
  ],
  [
    'api_key_client',
    'in settings of a route',
    routes({ typed_per_filter_config: { k: any(`${HTTP}.api_key_auth.v3.ApiKeyAuthPerRoute`, { allowed_clients: ['there', 'gone'] }) } }, [
      { name: 'k', typed_config: any(`${HTTP}.api_key_auth.v3.ApiKeyAuth`, { credentials: [{ key: 'x', client: 'there' }] }) },
    ]),
  ],
  [
    'rate_limit_stage',
    'of a rate limit',
    routes(
      {
        rate_limits: [
          { stage: 1, actions: [] },
          { stage: 2, actions: [] },
        ],
      },
      [extension(`${HTTP}.ratelimit.v3.RateLimit`, { stage: 1 })],
    ),
  ],
  [
    'secret',
    'in a bootstrap',
    {
      static_resources: {
        secrets: [{ name: 'there' }],
        clusters: [{ name: 'c', ...tls({ tls_certificate_sds_secret_configs: [sds('there'), sds('gone'), sds('far', ADS)] }) }],
      },
    },
  ],
  [
    'secret',
    'in a dump',
    dump({
      Clusters: {
        static_clusters: [
          {
            cluster: any('envoy.config.cluster.v3.Cluster', {
              name: 'c',
              ...tls({ tls_certificate_sds_secret_configs: [sds('there', ADS), sds('far', ADS)] }),
            }),
          },
        ],
      },
      Secrets: {
        dynamic_active_secrets: [{ name: 'there', secret: any('envoy.extensions.transport_sockets.tls.v3.Secret', { name: 'there' }) }],
      },
    }),
  ],
  [
    'certificate_provider',
    'of TLS',
    cluster(
      tls({
        tls_certificate_provider_instance: { instance_name: 'there' },
        validation_context: { ca_certificate_provider_instance: { instance_name: 'gone' } },
      }),
      { certificate_provider_instances: { there: {} } },
    ),
  ],
  [
    'resource_monitor',
    'of a trigger',
    {
      static_resources: {},
      overload_manager: {
        resource_monitors: [{ name: 'there' }],
        actions: [{ name: 'a', triggers: [{ name: 'there' }, { name: 'gone' }] }],
      },
    },
  ],
  [
    'runtime_layer',
    'by RTDS',
    { static_resources: {}, layered_runtime: { layers: [{ name: 'x', rtds_layer: { name: 'far', rtds_config: ADS } }] } },
  ],
  [
    'kafka_cluster',
    'of a Kafka mesh',
    filters([
      extension(`${NETWORK}.kafka_mesh.v3alpha.KafkaMesh`, {
        upstream_clusters: [{ cluster_name: 'there' }],
        forwarding_rules: [{ target_cluster: 'there' }, { target_cluster: 'gone' }],
      }),
    ]),
  ],
  [
    'generic_filter',
    'of a generic proxy',
    filters([
      extension(`${NETWORK}.generic_proxy.v3.GenericProxy`, {
        filters: [{ name: 'there' }],
        route_config: {
          name: 'g',
          virtual_hosts: [
            {
              name: 'v',
              hosts: ['*'],
              routes: actions(
                named(`${NETWORK}.generic_proxy.action.v3.RouteAction`, { cluster: 'c', per_filter_config: { there: {}, gone: {} } }),
              ),
            },
          ],
        },
      }),
    ]),
  ],
  [
    'istio_config',
    'of a route',
    routes({
      routes: [
        route(
          { cluster: 'c' },
          { metadata: { filter_metadata: { istio: { config: '/apis/networking.istio.io/v1/namespaces/n/virtual-service/far' } } } },
        ),
      ],
    }),
  ],
];
