/** How a cluster finds its endpoints: what each discovery type needs and refuses (source/extensions/clusters). */
import type { ConfigNode } from '../../../../schema/configNode';
import { clusterExtensionOf } from '../../../../trace/cluster/discovery/clusterExtension';
import { checkAddress } from '../../checkAddress';
import { BOOTSTRAP, CLUSTER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { backOffTimes } from '../../settingChecks';
import { clusterKindOf, isDnsExtension, type ClusterKind } from './clusterKind';
import { singleEndpoint } from './singleEndpoint';

type Check = (cluster: ConfigNode) => readonly (Problem | undefined)[];

export const clusterDiscovery = refusalRule('cluster-discovery', {
  [CLUSTER]: (cluster, { messages }) => {
    const kind = clusterKindOf(cluster);
    const stats = endpointStats(cluster, messages(BOOTSTRAP)[0]);
    if (kind === 'UNKNOWN') return [stats];
    return [stats, foreignEds(cluster, kind), hostnameHash(cluster, kind), ...overload(cluster), ...CHECKS[kind](cluster)];
  },
});

const CHECKS: Readonly<Record<Exclude<ClusterKind, 'UNKNOWN'>, Check>> = {
  STATIC: (cluster) => [...endpointsOf(cluster).flatMap(checkStaticEndpoint), leds(cluster)],
  STRICT_DNS: (cluster) => [...dnsServers(cluster), ...endpointsOf(cluster).map(resolverName)],
  LOGICAL_DNS: (cluster) => [
    singleEndpoint(cluster, 'A LOGICAL_DNS cluster must have'),
    ...dnsServers(cluster),
    ...endpointsOf(cluster).map(resolverName),
  ],
  EDS: (cluster) => [edsByExtension(cluster) ?? edsConfig(cluster)],
  ORIGINAL_DST: (cluster) => [noAssignment(cluster, 'An ORIGINAL_DST'), headerName(cluster)],
  CUSTOM: (cluster) => {
    if (clusterExtensionOf(cluster)?.name === 'reverse_connection') return [noAssignment(cluster, 'A reverse connection')];
    return isDnsExtension(cluster) ? endpointsOf(cluster).map(resolverName) : [];
  },
};

function endpointsOf(cluster: ConfigNode): ConfigNode[] {
  return (cluster.get('load_assignment')?.list('endpoints') ?? []).flatMap((locality) => locality.list('lb_endpoints'));
}

function foreignEds(cluster: ConfigNode, kind: ClusterKind): Problem | undefined {
  const eds = cluster.get('eds_cluster_config');
  return eds && kind !== 'EDS' ? errorAt(eds, '"eds_cluster_config" is set in a cluster that is not of type EDS.') : undefined;
}

/** upstream_impl.cc: endpoints are counted by themselves, or for reports of load. */
function endpointStats(cluster: ConfigNode, bootstrap: ConfigNode | undefined): Problem | undefined {
  const perEndpoint = cluster.path('track_cluster_stats', 'per_endpoint_stats');
  const report = bootstrap?.path('cluster_manager', 'load_stats_config');
  return report && perEndpoint?.asBoolean()
    ? errorAt(perEndpoint, '"per_endpoint_stats" and "load_stats_config" of the cluster manager exclude each other.', {
        related: [{ message: 'The other one', at: report }],
      })
    : undefined;
}

/** cluster_factory_impl.cc */
function hostnameHash(cluster: ConfigNode, kind: ClusterKind): Problem | undefined {
  const hash = cluster.path('common_lb_config', 'consistent_hashing_lb_config', 'use_hostname_for_hashing');
  const isRefused = kind !== 'STRICT_DNS' || cluster.has('cluster_type');
  return hash?.asBoolean() && isRefused && !cluster.isIncomplete
    ? errorAt(hash, 'Only a STRICT_DNS cluster can use the host name for consistent hashing.')
    : undefined;
}

/** eds.cc looks for the settings that cluster_factory_impl.cc refuses where `type` does not say EDS. */
function edsByExtension(cluster: ConfigNode): Problem | undefined {
  const custom = cluster.get('cluster_type');
  return custom && errorAt(custom, 'An EDS cluster cannot be made by "cluster_type": set "type" to EDS.');
}

/** How names are resolved: the servers are IP addresses, and the pauses make sense. */
function dnsServers(cluster: ConfigNode): (Problem | undefined)[] {
  const rate = cluster.get('dns_failure_refresh_rate');
  return [rate && backOffTimes(rate), ...cluster.list('dns_resolvers').map((address) => checkAddress(address))];
}

function edsConfig(cluster: ConfigNode): Problem | undefined {
  if (cluster.isIncomplete) return undefined;
  const eds = cluster.get('eds_cluster_config');
  if (!eds) return errorAt(cluster, 'An EDS cluster needs an "eds_cluster_config".');
  const source = eds.get('eds_config');
  const isEmpty = !eds.isIncomplete && (!source || (source.isObject && !source.isIncomplete && source.entries().length === 0));
  return isEmpty ? errorAt(eds, 'The EDS cluster names no source of its endpoints ("eds_config").') : undefined;
}

const NAMES_HINT = " Set the cluster's type to STRICT_DNS or LOGICAL_DNS for names.";

function checkStaticEndpoint(node: ConfigNode): (Problem | undefined)[] {
  if (node.isIncomplete || !node.isObject) return [];
  const endpoint = node.get('endpoint');
  if (endpoint?.isIncomplete) return [];
  const address = endpoint?.get('address');
  const more = endpoint?.list('additional_addresses') ?? [];
  return [
    address ? checkAddress(address, NAMES_HINT) : errorAt(endpoint ?? node, 'A STATIC cluster needs an address here.'),
    ...more.map((each) => (each.has('address') ? checkAddress(each.get('address'), NAMES_HINT) : errorAt(each, 'An address must be set.'))),
    ...[address, ...more.map((each) => each.get('address'))].map(namespace),
    healthPort(endpoint, address),
  ];
}

function namespace(address: ConfigNode | undefined): Problem | undefined {
  const path = address?.path('socket_address', 'network_namespace_filepath');
  return path?.asString() ? errorAt(path, 'An endpoint cannot name a network namespace.') : undefined;
}

function healthPort(endpoint: ConfigNode | undefined, address: ConfigNode | undefined): Problem | undefined {
  const port = endpoint?.path('health_check_config', 'port_value');
  return port && (port.asNumber() ?? 0) !== 0 && address && !address.has('socket_address')
    ? errorAt(port, 'Only an IP address can have another port for health checks.')
    : undefined;
}

function leds(cluster: ConfigNode): Problem | undefined {
  const config = (cluster.get('load_assignment')?.list('endpoints') ?? []).flatMap(
    (locality) => locality.get('leds_cluster_locality_config') ?? [],
  )[0];
  return config && errorAt(config, 'LEDS is only supported when EDS is used.');
}

function resolverName(node: ConfigNode): Problem | undefined {
  const name = node.path('endpoint', 'address', 'socket_address', 'resolver_name');
  return name?.asString() ? errorAt(name, 'A cluster that resolves names must not have a custom resolver name.') : undefined;
}

/** original_dst_cluster.cc, reverse_connection.cc */
function noAssignment(cluster: ConfigNode, whose: string): Problem | undefined {
  const assignment = cluster.get('load_assignment');
  return assignment && errorAt(assignment, `${whose} cluster must have no load assignment.`);
}

/** The extension has settings of its own, and leaves these. */
function headerName(cluster: ConfigNode): Problem | undefined {
  const config = cluster.has('cluster_type') ? undefined : cluster.get('original_dst_lb_config');
  return config && unusedHeader(config);
}

/** original_dst_cluster.cc: of the settings of an ORIGINAL_DST cluster, be they the cluster's or the extension's. */
export function unusedHeader(config: ConfigNode): Problem | undefined {
  const name = config.get('http_header_name');
  return name?.asString() && !config.bool('use_http_header')
    ? errorAt(name, '"http_header_name" is given and "use_http_header" is not true.')
    : undefined;
}

function overload(cluster: ConfigNode): (Problem | undefined)[] {
  const drops = cluster.path('load_assignment', 'policy')?.list('drop_overloads') ?? [];
  const second = drops[1];
  return [second && errorAt(second, `"drop_overloads" has ${drops.length} categories; Envoy only supports one.`), ...drops.map(checkRatio)];
}

function checkRatio(drop: ConfigNode): Problem | undefined {
  const percentage = drop.get('drop_percentage');
  const numerator = percentage?.number('numerator') ?? 0;
  const denominator = percentage?.enumName('denominator').toUpperCase() ?? '';
  const whole =
    denominator === 'MILLION' || denominator === '2' ? 1_000_000 : denominator === 'TEN_THOUSAND' || denominator === '1' ? 10_000 : 100;
  return percentage && numerator > whole
    ? errorAt(percentage, `"drop_overloads" drops ${numerator} of ${whole}: the valid range is 0 to 1.`)
    : undefined;
}
