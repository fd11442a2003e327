/** What a load balancer picks from. */
import type { ConfigNode } from '../../../schema/configNode';
import type { ClusterHosts } from '../discovery/assignmentHosts';
import type { Host } from '../discovery/host';
import type { LoadBalancing } from './loadBalancing';
import { priorityLoads, type PriorityLoads } from './priorityLoad';

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
}

/** The host of an address as Envoy writes it, whatever its health, and its priority; undefined where there is none. */
export function hostAt({ priorities }: HostPool, address: string): { host: Host; priority: number } | undefined {
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
