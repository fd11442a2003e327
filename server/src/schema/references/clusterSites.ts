/** Every field of the API that names a cluster. GrpcService, HttpUri and their like stand here once: whatever embeds them names through them. */
import { definition, site, type ReferenceSite } from './referenceSite';

const route = 'envoy.config.route.v3';
const network = 'envoy.extensions.filters.network';
const http = 'envoy.extensions.filters.http';
const clusters = 'envoy.extensions.clusters';
const specifiers = 'envoy.extensions.router.cluster_specifiers';

const cluster = (fullField: string): ReferenceSite => site(fullField, 'cluster');
const clusterHeader = (fullField: string): ReferenceSite => site(fullField, 'cluster', { dynamic: true });

export const clusterSites: readonly ReferenceSite[] = [
  definition('envoy.config.cluster.v3.Cluster.name', 'cluster'),
  ...[
    `${route}.RouteAction.cluster`,
    `${route}.WeightedCluster.ClusterWeight.name`,
    `${route}.RouteAction.RequestMirrorPolicy.cluster`,
    'envoy.config.core.v3.GrpcService.EnvoyGrpc.cluster_name',
    'envoy.config.core.v3.HttpUri.cluster',
    'envoy.config.core.v3.ApiConfigSource.cluster_names',
    'envoy.config.bootstrap.v3.ClusterManager.local_cluster_name',
    'envoy.config.metrics.v3.StatsdSink.tcp_cluster_name',
    'envoy.config.trace.v3.ZipkinConfig.collector_cluster',
    'envoy.config.trace.v3.DatadogConfig.collector_cluster',
    'envoy.config.trace.v3.LightstepConfig.collector_cluster',
    `${clusters}.aggregate.v3.ClusterConfig.clusters`,
    `${clusters}.composite.v3.ClusterConfig.ClusterEntry.name`,
    `${clusters}.mcp_multicluster.v3.ClusterConfig.McpCluster.cluster`,
    `${network}.tcp_proxy.v3.TcpProxy.cluster`,
    `${network}.tcp_proxy.v3.TcpProxy.WeightedCluster.ClusterWeight.name`,
    'envoy.extensions.filters.udp.udp_proxy.v3.UdpProxyConfig.cluster',
    'envoy.extensions.filters.udp.udp_proxy.v3.Route.cluster',
    `${network}.redis_proxy.v3.RedisProxy.cluster`,
    `${network}.redis_proxy.v3.RedisProxy.PrefixRoutes.catch_all_cluster`,
    `${network}.redis_proxy.v3.RedisProxy.PrefixRoutes.Route.cluster`,
    `${network}.redis_proxy.v3.RedisProxy.PrefixRoutes.Route.RequestMirrorPolicy.cluster`,
    `${network}.redis_proxy.v3.RedisProxy.PrefixRoutes.Route.ReadCommandPolicy.cluster`,
    `${network}.thrift_proxy.v3.RouteAction.cluster`,
    `${network}.thrift_proxy.v3.RouteAction.RequestMirrorPolicy.cluster`,
    `${network}.thrift_proxy.v3.WeightedCluster.ClusterWeight.name`,
    `${network}.dubbo_proxy.v3.RouteAction.cluster`,
    `${network}.generic_proxy.action.v3.RouteAction.cluster`,
    `${network}.rocketmq_proxy.v3.RouteAction.cluster`,
    `${network}.sip_proxy.v3alpha.RouteAction.cluster`,
    `${network}.meta_protocol_proxy.config.route.v1alpha.RouteAction.cluster`,
    `${network}.client_ssl_auth.v3.ClientSSLAuth.auth_api_cluster`,
    `${http}.squash.v3.Squash.cluster`,
    'envoy.config.filter.http.squash.v2.Squash.cluster',
    'envoy.config.filter.network.tcp_proxy.v2.TcpProxy.DeprecatedV1.TCPRoute.cluster',
    `${http}.gcp_authn.v3.GcpAuthnFilterConfig.cluster`,
    `${http}.mcp_router.v3.McpRouter.McpCluster.cluster`,
    `${http}.cache_v2.v3.CacheV2Config.override_upstream_cluster`,
    `${specifiers}.lua.v3.LuaConfig.default_cluster`,
    `${specifiers}.matcher.v3.ClusterAction.cluster`,
    `${specifiers}.priority_group.v3.ClusterWeight.cluster_name`,
    'envoy.extensions.router.cluster_specifier.golang.v3alpha.Config.default_cluster',
    'envoy.extensions.http.cluster_specifier.golang.v3alpha.Config.default_cluster',
    'envoy.extensions.access_loggers.fluentd.v3.FluentdAccessLogConfig.cluster',
    'envoy.extensions.tracers.fluentd.v3.FluentdConfig.cluster',
    'envoy.data.dns.v3.DnsTable.DnsEndpoint.cluster_name',
    'envoy.data.dns.v3.DnsTable.DnsServiceTarget.cluster_name',
  ].map(cluster),
  ...[
    `${route}.RouteAction.cluster_header`,
    `${route}.WeightedCluster.ClusterWeight.cluster_header`,
    `${route}.RouteAction.RequestMirrorPolicy.cluster_header`,
    `${network}.thrift_proxy.v3.RouteAction.cluster_header`,
  ].map(clusterHeader),
  site('envoy.config.endpoint.v3.ClusterLoadAssignment.cluster_name', 'cluster', { back: true }),
  site(`${clusters}.aggregate.v3.AggregateClusterResource.resource_name`, 'collection', { delivery: ['config_source'], external: 'xds' }),
  site(`${http}.fault.v3.HTTPFault.upstream_cluster`, 'cluster', { condition: true }),
  site(`${http}.health_check.v3.HealthCheck.cluster_min_healthy_percentages`, 'cluster', { place: 'key' }),
  site(`${network}.reverse_tunnel.v3.ReverseTunnel.required_cluster_name`, 'cluster', { external: 'peer' }),
  definition(`${network}.kafka_mesh.v3alpha.KafkaClusterDefinition.cluster_name`, 'kafka_cluster', { scope: 'kafka_mesh' }),
  site(`${network}.kafka_mesh.v3alpha.ForwardingRule.target_cluster`, 'kafka_cluster', { scope: 'kafka_mesh' }),
];
