/** Tells by its members which message an object without `@type` is. */
import type { ConfigNode } from '../../schema/configNode';

interface Sign {
  readonly message: string;
  readonly any?: readonly string[];
  readonly all?: readonly string[];
  readonly not?: readonly string[];
  /** What the fields must say besides, where they are common words. */
  readonly where?: (node: ConfigNode) => boolean;
}

/** What `/server_info` answers: whose Envoy it is, and of which version. */
export const SERVER_INFO = 'envoy.admin.v3.ServerInfo';

/** Each message with the fields that give it away: any one of `any`, or all of `all`. The first that fits wins. */
const SIGNS: readonly Sign[] = [
  { message: 'envoy.admin.v3.ConfigDump', all: ['configs'], where: hasSections },
  { message: 'envoy.service.status.v3.ClientStatusResponse', all: ['config'], where: hasClients },
  { message: 'envoy.service.status.v3.ClientConfig', any: ['generic_xds_configs'] },
  { message: 'envoy.admin.v3.Clusters', any: ['cluster_statuses'] },
  { message: 'envoy.admin.v3.Listeners', any: ['listener_statuses'] },
  { message: SERVER_INFO, all: ['version', 'state', 'command_line_options'] },
  { message: 'envoy.admin.v3.ListenersConfigDump', any: ['static_listeners', 'dynamic_listeners'] },
  { message: 'envoy.admin.v3.ClustersConfigDump', any: ['static_clusters', 'dynamic_active_clusters', 'dynamic_warming_clusters'] },
  { message: 'envoy.admin.v3.RoutesConfigDump', any: ['static_route_configs', 'dynamic_route_configs'] },
  { message: 'envoy.admin.v3.ScopedRoutesConfigDump', any: ['inline_scoped_route_configs', 'dynamic_scoped_route_configs'] },
  { message: 'envoy.admin.v3.EndpointsConfigDump', any: ['static_endpoint_configs', 'dynamic_endpoint_configs'] },
  { message: 'envoy.admin.v3.SecretsConfigDump', any: ['static_secrets', 'dynamic_active_secrets', 'dynamic_warming_secrets'] },
  { message: 'envoy.admin.v3.EcdsConfigDump', any: ['ecds_filters'] },
  { message: 'envoy.admin.v3.BootstrapConfigDump', all: ['bootstrap'], where: hasBootstrap },
  {
    message: 'envoy.config.bootstrap.v3.Bootstrap',
    any: [
      'static_resources',
      'dynamic_resources',
      'layered_runtime',
      'overload_manager',
      'stats_config',
      'stats_flush_interval',
      'stats_flush_on_admin',
      'default_config_source',
      'bootstrap_extensions',
    ],
  },
  { message: 'envoy.config.bootstrap.v3.Bootstrap', all: ['admin', 'node'] },
  // A logger has that name, too (/logging).
  {
    message: 'envoy.config.bootstrap.v3.Bootstrap',
    all: ['stats_sinks'],
    where: (node) => node.get('stats_sinks')?.asString() === undefined,
  },
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
  {
    message: 'envoy.config.endpoint.v3.ClusterLoadAssignment',
    all: ['endpoints'],
    not: ['connect_timeout', 'lb_policy'],
    where: hasLocalities,
  },
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
    where: (node) => isEntryOf(node, 'cluster'),
  },
  {
    message: 'envoy.admin.v3.ListenersConfigDump.DynamicListenerState',
    all: ['listener'],
    where: (node) => node.get('listener')?.isObject === true,
  },
  { message: 'envoy.config.route.v3.VirtualHost', all: ['domains'], where: (node) => node.list('domains').every(isText) },
  { message: 'envoy.config.route.v3.Route', all: ['match'] },
  { message: 'envoy.config.route.v3.ScopedRouteConfiguration', any: ['route_configuration_name'] },
  {
    message: 'envoy.extensions.transport_sockets.tls.v3.Secret',
    any: ['tls_certificate', 'validation_context', 'session_ticket_keys', 'generic_secret'],
  },
  { message: 'envoy.config.cluster.v3.Cluster', all: ['name', 'type'], where: isDiscoveryType },
  { message: 'envoy.config.listener.v3.FilterChain', any: ['filter_chain_match', 'filters'] },
  { message: 'envoy.config.endpoint.v3.ClusterLoadAssignment', all: ['cluster_name'], where: isOneOfUnservedClusters },
  {
    message: 'envoy.config.core.v3.Metadata',
    all: ['filter_metadata'],
    where: (node) => node.entries().length === 1 && hasNamespaces(node),
  },
  {
    message: 'envoy.config.listener.v3.Listener',
    all: ['name', 'address'],
    not: ['health_status', 'stats'],
    // JSON-LD has both, with types of its own.
    where: (node) => node.get('address')?.isObject === true && node.get('address')?.entry('@type') === undefined,
  },
];

/** The message that an object is by its members; undefined where nothing gives it away. */
export function guessMessage(node: ConfigNode): string | undefined {
  if (!node.isObject) return undefined;
  return SIGNS.find(
    (sign) =>
      (sign.any === undefined || sign.any.some((field) => node.has(field))) &&
      (sign.all === undefined || sign.all.every((field) => node.has(field))) &&
      (sign.not === undefined || !sign.not.some((field) => node.has(field))) &&
      (sign.where === undefined || sign.where(node)),
  )?.message;
}

/** Many things have a name and a type: `Cluster.DiscoveryType` has these. */
function isDiscoveryType(node: ConfigNode): boolean {
  return /^(?:STATIC|STRICT_DNS|LOGICAL_DNS|EDS|ORIGINAL_DST)$/.test(node.string('type'));
}

/** Sections or resources; some are enough, since a dump may be cut. */
function hasSections(node: ConfigNode): boolean {
  const sections = node.list('configs').slice(0, SAMPLE);
  return sections.length === 0
    ? node.entries().length === 1
    : sections.some((section) => section.entry('@type') !== undefined || guessMessage(section) !== undefined);
}

const SAMPLE = 20;

/** An entry of a dump tells more than the resource, or the resource tells what it is. */
function isEntryOf(node: ConfigNode, field: string): boolean {
  const resource = node.get(field);
  if (resource?.isObject !== true) return false;
  return resource.entry('@type') !== undefined || guessMessage(resource) !== undefined || ENTRY_FIELDS.some((name) => node.has(name));
}

const ENTRY_FIELDS = ['version_info', 'last_updated', 'client_status', 'error_state'];

/** What xDS clients have (CSDS). */
function hasClients(node: ConfigNode): boolean {
  return node.list('config').some((client) => client.has('generic_xds_configs') || client.has('xds_config'));
}

function hasBootstrap(node: ConfigNode): boolean {
  const bootstrap = node.get('bootstrap');
  return bootstrap?.isObject === true && (node.has('last_updated') || bootstrap.has('node') || guessMessage(bootstrap) !== undefined);
}

/** `endpoints` is a common word: a list of LocalityLbEndpoints under it is not. */
function hasLocalities(node: ConfigNode): boolean {
  const localities = node.list('endpoints').slice(0, SAMPLE);
  if (node.has('cluster_name')) return true;
  return localities.some((each) =>
    ['lb_endpoints', 'locality', 'load_balancing_weight', 'leds_cluster_locality_config'].some((name) => each.has(name)),
  );
}

function isText(node: ConfigNode): boolean {
  return node.asString() !== undefined;
}

/** A list of clusters whose endpoints are gone: nothing else has just a `cluster_name`, again and again. */
function isOneOfUnservedClusters(node: ConfigNode): boolean {
  const list = node.parent;
  return (
    list?.isArray === true &&
    list.parent === undefined &&
    list.items().every((each) => each.has('cluster_name') && each.entries().length === 1)
  );
}

/** By the names of filters; filters themselves have a field of that name for something else. */
function hasNamespaces(node: ConfigNode): boolean {
  return node.map('filter_metadata').every(([, namespace]) => namespace.isObject);
}
