/** What a load balancer picks from. */
import type { ConfigNode } from '../../../schema/configNode';
import { keepsBack, lostField } from '../../../schema/keptBack';
import type { Hop } from '../../hop';
import { say, type Sentence } from '../../record/sentence';
import type { ClusterHosts } from '../discovery/assignmentHosts';
import type { Host } from '../discovery/host';
import { balancingOf, BALANCING_FIELDS, type LoadBalancing } from './loadBalancing';
import { priorityLoads, type PriorityLoads, type PriorityShare } from './priorityLoad';

/** The hosts of a cluster, or of one subset of it. */
export interface HostPool {
  readonly cluster: ConfigNode;
  readonly hosts: ClusterHosts;
  readonly priorities: readonly (readonly Host[])[];
  readonly balancing: LoadBalancing;
  /** A subset whose localities weigh as many parts of their weight as it has of their hosts: all hosts, by priority. */
  readonly originals?: readonly (readonly Host[])[];
  /** Active health checks run whose results are not in the files. */
  readonly healthIsUnknown: boolean;
  /** An aggregate cluster has chosen the priority already; undefined: the load decides (AggregateLoadBalancerContext::determinePriorityLoad). */
  readonly share?: PriorityShare;
}

export function poolOf(hop: Hop, cluster: ConfigNode, hosts: ClusterHosts): HostPool {
  const healthIsUnknown = !hosts.isLive && cluster.list('health_checks').length > 0;
  return { cluster, hosts, priorities: hosts.priorities, balancing: balancingOf(hop, cluster), healthIsUnknown };
}

/** What decides among hosts, where the file has lost it: its defaults prove nothing then. */
export function whatBalancingLacks(cluster: ConfigNode, { node }: ClusterHosts): Sentence | undefined {
  const policy = node.get('policy');
  const field = lostField(cluster, BALANCING_FIELDS) ?? (policy && keepsBack(policy) ? 'policy' : undefined);
  return field === undefined ? undefined : say`how cluster ${cluster.string('name')} balances: the file leaves out a part of ${field}`;
}

/** Whether no host is ever chosen: none is healthy or degraded, and no panic brings the others in. */
export function hasNoUsableHost({ cluster, hosts, priorities, balancing, healthIsUnknown }: HostPool): boolean {
  if (healthIsUnknown || hosts.isIncomplete || balancing.isUnknown || whatBalancingLacks(cluster, hosts)) return false;
  const panics = balancing.panicThreshold > 0 && !balancing.failOnPanic;
  return !panics && priorities.flat().every(({ state }) => state === 'unhealthy');
}

/** The host of an address as Envoy writes it, whatever its health, and its priority; undefined where there is none. */
export function hostAt({ priorities }: Pick<HostPool, 'priorities'>, address: string): { host: Host; priority: number } | undefined {
  for (const [priority, hosts] of priorities.entries()) {
    const host = hosts.find(({ text }) => text === address);
    if (host) return { host, priority };
  }
  return undefined;
}

/** How much of the load each priority gets. */
export function loadsOf({ hosts, priorities, balancing }: HostPool): PriorityLoads {
  const states = priorities.map((each) => ({
    hosts: each,
    overprovisioning: hosts.overprovisioning,
    weighted: hosts.weightedPriorityHealth,
  }));
  return priorityLoads(states, balancing.panicThreshold);
}
