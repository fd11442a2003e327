/** Fields that name resources other than clusters, and the fields that define those names. */
import { definition, site, type ReferenceSite } from './referenceSite';

const route = 'envoy.config.route.v3';
const core = 'envoy.config.core.v3';
const listener = 'envoy.config.listener.v3';
const clusterConfig = 'envoy.config.cluster.v3';
const bootstrap = 'envoy.config.bootstrap.v3';
const admin = 'envoy.admin.v3';
const network = 'envoy.extensions.filters.network';
const manager = `${network}.http_connection_manager.v3`;
const http = 'envoy.extensions.filters.http';
const tls = 'envoy.extensions.transport_sockets.tls';
const composite = `${http}.composite.v3`;
const jwt = `${http}.jwt_authn.v3`;

const inManager = { scope: 'http_connection_manager' } as const;
const inJwt = { scope: 'jwt_authentication' } as const;

const routeSites: readonly ReferenceSite[] = [
  definition(`${route}.RouteConfiguration.name`, 'route_configuration'),
  site(`${manager}.Rds.route_config_name`, 'route_configuration', { delivery: ['config_source'] }),
  site(`${route}.ScopedRouteConfiguration.route_configuration_name`, 'route_configuration', { external: 'xds' }),
  site(`${manager}.ScopedRoutes.name`, 'scoped_routes', { delivery: ['scoped_rds', 'scoped_rds_config_source'] }),
  definition(`${admin}.ScopedRoutesConfigDump.InlineScopedRouteConfigs.name`, 'scoped_routes'),
  definition(`${admin}.ScopedRoutesConfigDump.DynamicScopedRouteConfigs.name`, 'scoped_routes'),
  site(`${route}.RouteConfiguration.vhds`, 'virtual_host', {
    place: 'sibling',
    path: ['name'],
    delivery: ['vhds', 'config_source'],
    external: 'xds',
  }),
  definition(`${route}.VirtualHost.name`, 'virtual_host', { scope: 'route_configuration' }),
  definition(`${route}.VirtualCluster.name`, 'virtual_cluster', { scope: 'route_configuration' }),
  definition(`${route}.Route.name`, 'route', { scope: 'route_configuration' }),
  site('envoy.extensions.internal_redirect.allow_listed_routes.v3.AllowListedRoutesConfig.allowed_route_names', 'route', {
    scope: 'route_configuration',
  }),
  definition(`${route}.ClusterSpecifierPlugin.extension`, 'cluster_specifier_plugin', { path: ['name'], scope: 'route_configuration' }),
  site(`${route}.RouteAction.cluster_specifier_plugin`, 'cluster_specifier_plugin', { scope: 'route_configuration' }),
  site(`${network}.thrift_proxy.v3.Trds.route_config_name`, 'thrift_route_configuration', { delivery: ['config_source'] }),
  definition(`${network}.thrift_proxy.v3.RouteConfiguration.name`, 'thrift_route_configuration'),
  site(`${network}.dubbo_proxy.v3.Drds.route_config_name`, 'dubbo_route_configuration', { delivery: ['config_source'] }),
  definition(`${network}.dubbo_proxy.v3.MultipleRouteConfiguration.name`, 'dubbo_route_configuration'),
  site(`${network}.generic_proxy.v3.GenericRds.route_config_name`, 'generic_route_configuration', { delivery: ['config_source'] }),
  definition(`${network}.generic_proxy.v3.RouteConfiguration.name`, 'generic_route_configuration'),
];

const endpointSites: readonly ReferenceSite[] = [
  definition('envoy.config.endpoint.v3.ClusterLoadAssignment.cluster_name', 'endpoints'),
  site(`${clusterConfig}.Cluster.EdsClusterConfig.service_name`, 'endpoints', { delivery: ['eds_config'] }),
  site(`${clusterConfig}.Cluster.eds_cluster_config`, 'endpoints', {
    place: 'sibling',
    path: ['name'],
    unless: 'service_name',
    delivery: ['eds_cluster_config', 'eds_config'],
  }),
  site('envoy.config.endpoint.v3.LedsClusterLocalityConfig.leds_collection_name', 'collection', {
    delivery: ['leds_config'],
    external: 'xds',
  }),
  site('envoy.config.endpoint.v3.LbEndpoint.endpoint_name', 'endpoint_name', { scope: 'load_assignment' }),
  definition('envoy.config.endpoint.v3.ClusterLoadAssignment.named_endpoints', 'endpoint_name', { place: 'key', scope: 'load_assignment' }),
  site(`${core}.EnvoyInternalAddress.server_listener_name`, 'internal_listener'),
  definition(`${listener}.Listener.name`, 'listener'),
  definition(`${clusterConfig}.Cluster.TransportSocketMatch.name`, 'transport_socket_match', { scope: 'cluster' }),
  site('envoy.extensions.matching.common_inputs.transport_socket.v3.TransportSocketNameAction.name', 'transport_socket_match', {
    scope: 'cluster',
  }),
  site('envoy.extensions.common.dynamic_forward_proxy.v3.DnsCacheConfig.name', 'dns_cache', { role: 'shared' }),
  site(`${core}.AlternateProtocolsCacheOptions.name`, 'alternate_protocols_cache', { role: 'shared' }),
  site(`${network}.local_ratelimit.v3.LocalRateLimit.share_key`, 'token_bucket', { role: 'shared' }),
];

const filterSites: readonly ReferenceSite[] = [
  definition(`${listener}.FilterChain.name`, 'filter_chain', { scope: 'listener' }),
  site(`${listener}.Listener.FcdsConfig.name`, 'filter_chain_collection', { delivery: ['config_source'], external: 'xds' }),
  definition(`${manager}.HttpFilter.name`, 'http_filter', inManager),
  ...['RouteConfiguration', 'VirtualHost', 'Route', 'WeightedCluster.ClusterWeight'].map((message) =>
    site(`${route}.${message}.typed_per_filter_config`, 'http_filter', { place: 'key', ...inManager }),
  ),
  ...['VirtualHost', 'Route', 'WeightedCluster.ClusterWeight'].map((message) =>
    site(`${route}.${message}.per_filter_config`, 'http_filter', { place: 'key', ...inManager }),
  ),
  ...[
    `${manager}.HttpFilter`,
    `${listener}.Filter`,
    `${listener}.ListenerFilter`,
    'envoy.extensions.filters.udp.udp_proxy.v3.UdpProxyConfig.SessionFilter',
    `${clusterConfig}.Filter`,
    `${composite}.DynamicConfig`,
  ].map((message) =>
    site(`${message}.config_discovery`, 'extension_config', {
      place: 'sibling',
      path: ['name'],
      delivery: ['config_discovery', 'config_source'],
    }),
  ),
  definition(`${admin}.EcdsConfigDump.EcdsFilterConfig.ecds_filter`, 'extension_config', { path: ['name'] }),
  definition(`${composite}.Composite.named_filter_chains`, 'named_filter_chain', { place: 'key', ...inManager }),
  site(`${composite}.ExecuteFilterAction.filter_chain_name`, 'named_filter_chain', inManager),
  definition(`${jwt}.JwtAuthentication.providers`, 'jwt_provider', { place: 'key', ...inJwt }),
  site(`${jwt}.JwtRequirement.provider_name`, 'jwt_provider', inJwt),
  site(`${jwt}.ProviderWithAudiences.provider_name`, 'jwt_provider', inJwt),
  definition(`${jwt}.JwtAuthentication.requirement_map`, 'jwt_requirement', { place: 'key', ...inManager }),
  site(`${jwt}.RequirementRule.requirement_name`, 'jwt_requirement', inManager),
  site(`${jwt}.PerRouteConfig.requirement_name`, 'jwt_requirement', inManager),
  definition(`${http}.lua.v3.Lua.source_codes`, 'lua_source', { place: 'key', ...inManager }),
  site(`${http}.lua.v3.LuaPerRoute.name`, 'lua_source', inManager),
  definition(`${http}.api_key_auth.v3.Credential.client`, 'api_key_client', inManager),
  site(`${http}.api_key_auth.v3.ApiKeyAuthPerRoute.allowed_clients`, 'api_key_client', inManager),
  definition(`${network}.generic_proxy.v3.GenericProxy.filters`, 'generic_filter', { path: ['name'], scope: 'generic_proxy' }),
  site(`${network}.generic_proxy.action.v3.RouteAction.per_filter_config`, 'generic_filter', { place: 'key', scope: 'generic_proxy' }),
  site(`${route}.RateLimit.stage`, 'rate_limit_stage', inManager),
  definition(`${http}.ratelimit.v3.RateLimit.stage`, 'rate_limit_stage', inManager),
  definition(`${http}.local_ratelimit.v3.LocalRateLimit.stage`, 'rate_limit_stage', inManager),
];

const secretSites: readonly ReferenceSite[] = [
  definition(`${tls}.v3.Secret.name`, 'secret'),
  definition(`${admin}.SecretsConfigDump.StaticSecret.name`, 'secret'),
  definition(`${admin}.SecretsConfigDump.DynamicSecret.name`, 'secret'),
  site(`${tls}.v3.SdsSecretConfig.name`, 'secret', { delivery: ['sds_config'] }),
  site(`${tls}.cert_selectors.on_demand_secret.v3.Config.prefetch_secret_names`, 'secret', {
    delivery: ['config_source'],
    external: 'xds',
  }),
  site(`${tls}.cert_mappers.static_name.v3.StaticName.name`, 'secret', { external: 'xds' }),
  definition(`${bootstrap}.Bootstrap.certificate_provider_instances`, 'certificate_provider', { place: 'key' }),
  site(`${tls}.v3.CertificateProviderPluginInstance.instance_name`, 'certificate_provider'),
  site(`${tls}.v3.CommonTlsContext.CertificateProviderInstance.instance_name`, 'certificate_provider'),
];

const bootstrapSites: readonly ReferenceSite[] = [
  ...[
    `${bootstrap}.Bootstrap.DynamicResources.lds_resources_locator`,
    `${bootstrap}.Bootstrap.DynamicResources.cds_resources_locator`,
    `${manager}.ScopedRds.srds_resources_locator`,
    `${http}.on_demand.v3.OnDemandCds.resources_locator`,
    `${network}.tcp_proxy.v3.TcpProxy.OnDemand.resources_locator`,
  ].map((field) => site(field, 'collection', { external: 'xds' })),
  site('envoy.extensions.access_loggers.filters.process_ratelimit.v3.DynamicTokenBucket.resource_name', 'collection', {
    delivery: ['config_source'],
    external: 'xds',
  }),
  definition('xds.core.v3.Authority.name', 'authority'),
  definition('envoy.config.overload.v3.ResourceMonitor.name', 'resource_monitor'),
  site('envoy.config.overload.v3.Trigger.name', 'resource_monitor'),
  site(`${bootstrap}.RuntimeLayer.RtdsLayer.name`, 'runtime_layer', { delivery: ['rtds_config'], external: 'xds' }),
];

/** Istio names its generated policies `ns[<namespace>]-policy[<name>]-rule[<n>]`. */
const ISTIO_POLICY = /^(?:istio-ext-authz-)?ns\[[^\]]*\]-policy\[[^\]]*\]-rule\[\d+\]/;

const istioSites: readonly ReferenceSite[] = [
  site(`${core}.Metadata.filter_metadata`, 'istio_config', { path: ['istio', 'config'], scope: 'workspace', external: 'workspace' }),
  site('envoy.config.rbac.v3.RBAC.policies', 'istio_config', {
    place: 'key',
    scope: 'workspace',
    external: 'workspace',
    shape: ISTIO_POLICY,
  }),
];

export const resourceSites: readonly ReferenceSite[] = [
  ...routeSites,
  ...endpointSites,
  ...filterSites,
  ...secretSites,
  ...bootstrapSites,
  ...istioSites,
];
