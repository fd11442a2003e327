/** The hosts that a cluster has, from the best source that the files offer: the dump's endpoints, EDS, /clusters, or the cluster itself. */
import { endpointsNameOf, type ProxyScope } from '../../../index/proxyScope';
import { formatAddress, readAddress } from '../../../model/address';
import type { ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK, lostField } from '../../../schema/keptBack';
import { isFileOpen, mayLack } from '../../lostResources';
import { say, type Sentence } from '../../record/sentence';
import { assignmentTable, readAssignment, type ClusterHosts } from './assignmentHosts';
import { statusHosts } from './clusterStatus';
import { discoveryOf } from './discoveryOf';
import { coarseHealth, type Host } from './host';
import { assignmentByContent } from './unnamedAssignments';
import { getOrMake } from '../../../text/getOrMake';
import { memoizeByObject } from '../../../text/memoizeByObject';

export type HostsAnswer =
  | ClusterHosts
  | { readonly kind: 'unknown'; readonly missing: Sentence }
  | { readonly kind: 'rejected'; readonly because: Sentence; readonly at: ConfigNode };

/** Looked up once per proxy and cluster. */
export function clusterHostsOf(proxy: ProxyScope, cluster: ConfigNode): HostsAnswer {
  return getOrMake(answersOf(proxy), cluster.string('name'), () => findHosts(proxy, cluster));
}

const answersOf = memoizeByObject((_proxy: ProxyScope) => new Map<string, HostsAnswer>());

/** All hosts of a cluster, where the files are sure of them: by its own list or by what EDS gave. */
export function listedHostsOf(proxy: ProxyScope, cluster: ConfigNode): ClusterHosts | undefined {
  const { kind } = discoveryOf(cluster);
  const hosts = kind === 'static' || kind === 'eds' ? clusterHostsOf(proxy, cluster) : undefined;
  return hosts?.kind === 'hosts' && !hosts.isIncomplete ? hosts : undefined;
}

function findHosts(proxy: ProxyScope, cluster: ConfigNode): HostsAnswer {
  const name = endpointsNameOf(cluster);
  const kind = discoveryOf(cluster).kind;
  const eds = cluster.get('eds_cluster_config');
  if (kind === 'eds' && eds && lostField(eds, ['service_name']))
    return {
      kind: 'unknown',
      missing: say`under which name EDS lists the endpoints of ${cluster.string('name')}: the file leaves out service_name`,
    };
  const listed = proxy.byName.load_assignment.get(name);
  const status = proxy.byName.cluster_status.get(cluster.string('name'));
  if (listed && (kind === 'eds' || proxy.kind === 'dump')) {
    const hosts = readAssignment(listed.node, say`load assignment ${name}`, proxy.kind === 'dump');
    return hosts.isLive ? withDraining(hosts, drainingHosts(cluster, status?.node)) : hosts;
  }
  if (status) return statusHosts(status.node);
  const unnamed = assignmentByContent(proxy, cluster);
  if (unnamed) return readAssignment(unnamed, say`the load assignment with the cluster's own hosts`, true);
  if (kind === 'eds') return edsAbsent(proxy, cluster, name);
  return isResolved(proxy, kind) && mayLack(proxy, 'load_assignment') ? endpointsLost(name) : inlineHosts(cluster, kind);
}

/** A dump with endpoints tells what DNS has answered: addresses, or none. */
function isResolved({ kind, hasEndpoints }: ProxyScope, discovery: string): boolean {
  return kind === 'dump' && hasEndpoints && (discovery === 'strict_dns' || discovery === 'logical_dns');
}

function endpointsLost(name: string): HostsAnswer {
  return { kind: 'unknown', missing: say`the endpoints of ${name}: the file leaves endpoints, or the names of their clusters, out` };
}

/** A dump calls a draining host UNHEALTHY (Envoy: Host::coarseHealth), and only such a host does not count for the health of its priority. */
function withDraining(answer: ClusterHosts, draining: ReadonlySet<string>): ClusterHosts {
  if (draining.size === 0) return answer;
  const priorities = answer.priorities.map((hosts) =>
    hosts.map((host): Host => {
      const health = host.state === 'unhealthy' && draining.has(host.text) ? 'DRAINING' : host.health;
      return health === host.health ? host : { ...host, health, ...coarseHealth(health) };
    }),
  );
  return { ...answer, priorities };
}

/** By what EDS has said: as `/clusters` tells it, or the cluster's own list. */
function drainingHosts(cluster: ConfigNode, status: ConfigNode | undefined): ReadonlySet<string> {
  const own = cluster.get('load_assignment');
  const lists = [status && statusHosts(status), own && assignmentTable(own)];
  const hosts = lists.flatMap((list) => list?.priorities.flat() ?? []);
  return new Set(hosts.filter(({ health }) => health === 'DRAINING').map(({ text }) => text));
}

/** Nothing with this name: an answer only where the files would have it. */
function edsAbsent(proxy: ProxyScope, cluster: ConfigNode, name: string): HostsAnswer {
  if (mayLack(proxy, 'load_assignment')) return endpointsLost(name);
  if (proxy.resources.some((resource) => resource.kind === 'load_assignment' && resource.name === ''))
    return {
      kind: 'unknown',
      missing: say`which load assignment is that of ${name}: those of this dump have no cluster_name; take a dump with a newer proxy`,
    };
  if (proxy.kind === 'dump' && proxy.hasEndpoints && !isWarming(proxy, cluster))
    return empty(cluster, say`the dump's endpoints have none for ${name}`);
  if (proxy.kind === 'dump')
    return { kind: 'unknown', missing: say`the endpoints of ${name}: this dump has none; take it with /config_dump?include_eds` };
  const path =
    cluster.path('eds_cluster_config', 'eds_config', 'path_config_source', 'path') ??
    cluster.path('eds_cluster_config', 'eds_config', 'path');
  const file = path?.asString();
  if (file !== undefined && isFileOpen(proxy, file)) return empty(cluster, say`the file ${file} has no load assignment named ${name}`);
  return {
    kind: 'unknown',
    missing: say`the endpoints of ${name}: they come by EDS, and no open file has them (add the EDS file, or a dump taken with ?include_eds)`,
  };
}

/** A warming cluster is not in the endpoints of a dump. */
function isWarming(proxy: ProxyScope, cluster: ConfigNode): boolean {
  return proxy.resources.some((resource) => resource.kind === 'cluster' && resource.state === 'warming' && resource.node.sameAs(cluster));
}

function empty(cluster: ConfigNode, source: Sentence): ClusterHosts {
  return {
    kind: 'hosts',
    priorities: [[]],
    overprovisioning: 140,
    weightedPriorityHealth: false,
    dropOverload: undefined,
    node: cluster,
    source,
    isIncomplete: false,
    isLive: true,
  };
}

/** `load_assignment` of the cluster, or `hosts` of old configurations. */
function inlineHosts(cluster: ConfigNode, kind: string): HostsAnswer {
  const assignment = cluster.get('load_assignment');
  if (assignment) {
    const hosts = readAssignment(assignment, say`the cluster's own load assignment`, false);
    const named =
      kind === 'static' ? hosts.priorities.flat().find(({ address }) => address.kind === 'dns' && address.host !== KEPT_BACK) : undefined;
    return named
      ? { kind: 'rejected', because: say`a STATIC cluster needs IP addresses, and ${named.text.slice(4)} is none`, at: named.node }
      : hosts;
  }
  const old = cluster.list('hosts');
  const incomplete = cluster.isIncomplete && old.length === 0;
  if (incomplete) return { kind: 'unknown', missing: say`the hosts of ${cluster.string('name')}: the file leaves part of the cluster out` };
  const hosts = old.flatMap((node) => hostOfAddress(node) ?? []);
  return {
    ...empty(cluster, old.length > 0 ? say`the cluster's own hosts` : say`the cluster has no hosts`),
    priorities: [hosts],
    isLive: false,
  };
}

function hostOfAddress(node: ConfigNode): Host | undefined {
  const address = readAddress(node);
  const locality = { name: '', weight: undefined, node, metadata: undefined };
  return (
    address && {
      address,
      text: formatAddress(address),
      node,
      hostname: '',
      weight: 1,
      health: undefined,
      state: 'healthy',
      isExcluded: false,
      locality,
      metadata: undefined,
    }
  );
}
