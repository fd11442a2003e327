/** A cluster that has no endpoint, or none that is healthy, as far as the files tell. */
import { endpointsNameAt, type ProxyScope } from '../../../../index/proxyScope';
import { loadAssignmentOf } from '../../../../index/links/resolveName';
import { indexesOfKind } from '../../../../model/resources/indexesByKind';
import { eachEndpoint, readHealth } from '../../../../model/loadAssignment';
import type { Resource } from '../../../../model/resources/resource';
import type { ResourceList } from '../../../../model/resources/resourceList';
import { ConfigNode } from '../../../../schema/configNode';
import { informationAt } from '../../problem';
import { isNoted, note, NOTE } from '../../../../model/resources/resourceNotes';
import type { DiagnosticRule, Problem, RuleContext } from '../../rule';
import { clusterKindOf } from './clusterKind';

export const clusterEndpoints: DiagnosticRule = {
  code: 'cluster-endpoints',
  applies: 'always',
  check: ({ facts, proxy }: RuleContext): Problem[] => {
    if (!proxy) return [];
    const lists = facts.parts.flatMap((part) => (proxy.parts.has(part) ? part.list : []));
    for (const list of lists) forgetChanged(list);
    const found: Problem[] = [];
    for (const list of lists)
      for (const index of indexesOfKind(list, 'cluster', 'inUse')) {
        if (proxy.parts.size === 1 && isNoted(list, index, NOTE.hasEndpoints)) continue;
        const resource = list.at(index);
        const problems = resource ? checkCluster(resource, proxy) : [];
        note(list, index, NOTE.hasEndpoints, problems.length === 0);
        found.push(...problems);
      }
    return found;
  },
};

/** Clusters whose endpoints have changed since they were looked at are to be looked at again; each of a name, not only the one in use. */
function forgetChanged(list: ResourceList): void {
  const gone = list.takeFormerNames().flatMap(({ kind, name }) => (kind === 'load_assignment' ? name : []));
  const changed = indexesOfKind(list, 'load_assignment', 'all').filter((index) => !isNoted(list, index, NOTE.isCounted));
  for (const index of changed) note(list, index, NOTE.isCounted);
  const names = new Set([...gone, ...changed.map((index) => list.head(index)?.name ?? '')]);
  if (names.size === 0) return;
  for (const index of indexesOfKind(list, 'cluster', 'inUse'))
    if (isNoted(list, index, NOTE.hasEndpoints) && names.has(endpointsNameAt(list, index))) note(list, index, NOTE.hasEndpoints, false);
}

function checkCluster({ node, name }: Resource, proxy: ProxyScope): Problem[] {
  return describe(node, name, { live: loadAssignmentOf(proxy, node, name), hasEndpoints: proxy.hasEndpoints });
}

function describe(
  cluster: ConfigNode,
  name: string,
  { live, hasEndpoints }: { live: ConfigNode | undefined; hasEndpoints: boolean },
): Problem[] {
  const kind = clusterKindOf(cluster);
  if (kind === 'CUSTOM' || kind === 'ORIGINAL_DST' || kind === 'UNKNOWN' || cluster.isIncomplete) return [];
  // Endpoints that come by EDS are only known where the files list them.
  if (kind === 'EDS' && (!live || !hasEndpoints)) return [];
  if (live?.isIncomplete || live?.get('endpoints')?.isIncomplete) return [];
  const { count, healthy } = live ? countHealthy(live) : { count: 0, healthy: 0 };
  const at = cluster.get('name') ?? cluster;
  if (count === 0) return isBlackHole(name) ? [] : [informationAt(at, `The cluster "${name}" has no endpoints.`)];
  return healthy > 0 ? [] : [informationAt(at, `None of the ${count} endpoint(s) of the cluster "${name}" is healthy.`)];
}

/** Degraded endpoints take traffic, too. */
function countHealthy(assignment: ConfigNode): { count: number; healthy: number } {
  let count = 0;
  let healthy = 0;
  eachEndpoint(assignment, (endpoint) => {
    count++;
    const health = readHealth(new ConfigNode(assignment.tree, endpoint));
    if (health === 'HEALTHY' || health === 'UNKNOWN' || health === 'DEGRADED') healthy++;
  });
  return { count, healthy };
}

/** Istio's clusters that are empty on purpose. */
function isBlackHole(name: string): boolean {
  return /^(?:BlackHoleCluster|block_all)$/.test(name);
}
