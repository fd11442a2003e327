/** Tells by its members which message an object without `@type` is. */
import type { ConfigNode } from '../schema/configNode';

/** Each message with the fields that give it away: any one of `any`, or all of `all`. The first that fits wins. */
const SIGNS: readonly { message: string; any?: readonly string[]; all?: readonly string[]; not?: readonly string[] }[] = [
  { message: 'envoy.admin.v3.ConfigDump', all: ['configs'] },
  { message: 'envoy.admin.v3.Clusters', any: ['cluster_statuses'] },
  { message: 'envoy.admin.v3.Listeners', any: ['listener_statuses'] },
  { message: 'envoy.admin.v3.ListenersConfigDump', any: ['static_listeners', 'dynamic_listeners'] },
  { message: 'envoy.admin.v3.ClustersConfigDump', any: ['static_clusters', 'dynamic_active_clusters', 'dynamic_warming_clusters'] },
  { message: 'envoy.admin.v3.RoutesConfigDump', any: ['static_route_configs', 'dynamic_route_configs'] },
  { message: 'envoy.admin.v3.ScopedRoutesConfigDump', any: ['inline_scoped_route_configs', 'dynamic_scoped_route_configs'] },
  { message: 'envoy.admin.v3.EndpointsConfigDump', any: ['static_endpoint_configs', 'dynamic_endpoint_configs'] },
  { message: 'envoy.admin.v3.SecretsConfigDump', any: ['static_secrets', 'dynamic_active_secrets', 'dynamic_warming_secrets'] },
  { message: 'envoy.admin.v3.EcdsConfigDump', any: ['ecds_filters'] },
  { message: 'envoy.admin.v3.BootstrapConfigDump', all: ['bootstrap'] },
  {
    message: 'envoy.config.bootstrap.v3.Bootstrap',
    any: ['static_resources', 'dynamic_resources', 'layered_runtime', 'overload_manager', 'stats_config', 'bootstrap_extensions'],
  },
  { message: 'envoy.config.bootstrap.v3.Bootstrap', all: ['admin', 'node'] },
  { message: 'ztunnel.ConfigDump', all: ['workloads', 'services'] },
  { message: 'envoy.admin.v3.ListenersConfigDump.DynamicListener', any: ['active_state', 'warming_state', 'draining_state'] },
  { message: 'envoy.admin.v3.EndpointsConfigDump.DynamicEndpointConfig', all: ['endpoint_config'] },
  { message: 'envoy.admin.v3.RoutesConfigDump.DynamicRouteConfig', all: ['route_config'], not: ['filters', 'http_filters', 'stat_prefix'] },
  { message: 'envoy.admin.v3.EcdsConfigDump.EcdsFilterConfig', all: ['ecds_filter'] },
  { message: 'envoy.config.route.v3.RouteConfiguration', any: ['virtual_hosts', 'internal_only_headers', 'vhds', 'validate_clusters'] },
  {
    message: 'envoy.config.listener.v3.Listener',
    any: [
      'filter_chains',
      'listener_filters',
      'default_filter_chain',
      'internal_listener',
      'api_listener',
      'use_original_dst',
      'bind_to_port',
    ],
  },
  { message: 'envoy.config.endpoint.v3.ClusterLoadAssignment', all: ['endpoints'], not: ['connect_timeout', 'lb_policy'] },
  { message: 'envoy.admin.v3.ClusterStatus', all: ['host_statuses'] },
  {
    message: 'envoy.config.cluster.v3.Cluster',
    any: [
      'connect_timeout',
      'lb_policy',
      'load_assignment',
      'eds_cluster_config',
      'cluster_type',
      'original_dst_lb_config',
      'lb_subset_config',
      'transport_socket_matches',
    ],
  },
  {
    message: 'envoy.admin.v3.ClustersConfigDump.DynamicCluster',
    all: ['cluster'],
    not: ['match', 'timeout', 'stat_prefix', 'weight', 'hostname', 'id'],
  },
  { message: 'envoy.admin.v3.ListenersConfigDump.DynamicListenerState', all: ['listener'] },
  { message: 'envoy.config.route.v3.VirtualHost', all: ['domains'] },
  { message: 'envoy.config.route.v3.Route', all: ['match'] },
  { message: 'envoy.config.route.v3.ScopedRouteConfiguration', any: ['route_configuration_name'] },
  {
    message: 'envoy.extensions.transport_sockets.tls.v3.Secret',
    any: ['tls_certificate', 'validation_context', 'session_ticket_keys', 'generic_secret'],
  },
  { message: 'envoy.config.cluster.v3.Cluster', all: ['name', 'type'], not: ['typed_config'] },
  { message: 'envoy.config.listener.v3.FilterChain', any: ['filter_chain_match', 'filters'] },
  { message: 'envoy.config.listener.v3.Listener', all: ['name', 'address'], not: ['health_status', 'stats'] },
];

/** The message that an object is by its members; undefined where nothing gives it away. */
export function guessMessage(node: ConfigNode): string | undefined {
  if (!node.isObject) return undefined;
  return SIGNS.find(
    (sign) =>
      (sign.any === undefined || sign.any.some((field) => node.has(field))) &&
      (sign.all === undefined || sign.all.every((field) => node.has(field))) &&
      (sign.not === undefined || !sign.not.some((field) => node.has(field))),
  )?.message;
}
