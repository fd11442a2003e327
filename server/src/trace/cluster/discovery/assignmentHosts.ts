/** The hosts that an `endpoint.v3.ClusterLoadAssignment` lists. */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { keepsBack, KEPT_BACK } from '../../../schema/keptBack';
import type { Sentence } from '../../record/sentence';
import { hostsOfPriority, readHost, readLocality, type Host } from './host';

export interface ClusterHosts {
  readonly kind: 'hosts';
  /** By priority; a gap is an empty list. */
  readonly priorities: readonly (readonly Host[])[];
  /** `policy.overprovisioning_factor` in percent. */
  readonly overprovisioning: number;
  readonly weightedPriorityHealth: boolean;
  /** The first of `policy.drop_overloads`. */
  readonly dropOverload: ConfigNode | undefined;
  /** Where the hosts are written. */
  readonly node: ConfigNode;
  readonly source: Sentence;
  /** The file left hosts out (`{...}`): there may be others. */
  readonly isIncomplete: boolean;
  /** Health comes from a running proxy, not from a configuration. */
  readonly isLive: boolean;
}

/** What a load assignment says by itself. */
type AssignmentTable = Omit<ClusterHosts, 'source' | 'isLive'>;

/** The hosts of a load assignment. `isLive`: its health comes from a running proxy. */
export function readAssignment(node: ConfigNode, source: Sentence, isLive: boolean): ClusterHosts {
  return { ...assignmentTable(node), source, isLive };
}

/** `endpoint.v3.ClusterLoadAssignment`, read once. */
export const assignmentTable: (node: ConfigNode) => AssignmentTable = memoizeByNode((node) => {
  const priorities: Host[][] = [[]];
  let isIncomplete = node.isIncomplete || (node.get('endpoints')?.isIncomplete ?? false);
  for (const group of node.list('endpoints')) {
    const hosts = hostsOfPriority(priorities, group.number('priority'));
    const locality = readLocality(group);
    isIncomplete ||= group.isIncomplete || group.has('leds_cluster_locality_config') || (group.get('lb_endpoints')?.isIncomplete ?? false);
    for (const endpoint of group.list('lb_endpoints')) {
      const host = readHost(endpoint, locality);
      isIncomplete ||= endpoint.string('health_status') === KEPT_BACK;
      if (host && !(host.address.kind === 'dns' && host.address.host === '')) hosts.push(host);
      else isIncomplete ||= endpoint.has('endpoint_name') || keepsBack(endpoint);
    }
  }
  const policy = node.get('policy');
  return {
    kind: 'hosts',
    priorities,
    overprovisioning: policy?.number('overprovisioning_factor') ?? 140,
    weightedPriorityHealth: policy?.bool('weighted_priority_health') === true,
    dropOverload: policy?.list('drop_overloads')[0],
    node,
    isIncomplete,
  };
});
