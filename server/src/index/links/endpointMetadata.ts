/** Metadata of endpoints counts for the clusters whose endpoints these are: that of others is never meant. */
import { clusterNamesOf } from '../../model/clusterNames';
import type { Resource } from '../../model/resources/resource';
import { ConfigNode } from '../../schema/configNode';
import type { ReferenceSite } from '../../schema/references/referenceSite';
import type { NamedPlace } from '../names/documentNames';
import { endpointsNameOf, type ProxyScope } from '../proxyScope';

/** The resources in which the endpoints stand that a place speaks of: its cluster, or those beside it in a route, and their load assignments. */
export function endpointResourcesOf(proxy: ProxyScope, { resource, node }: NamedPlace): readonly Resource[] {
  const clusters = resource.kind === 'cluster' ? [resource] : clustersOfMatch(proxy, new ConfigNode(resource.node.tree, node));
  const holders = clusters.flatMap((cluster) => {
    const assignment = proxy.byName.load_assignment.get(endpointsNameOf(cluster.node, cluster.name));
    return assignment ? [cluster, assignment] : [cluster];
  });
  return [...new Set(holders)];
}

/** `metadata_match` stands beside the cluster, its name, or the clusters with weights (Envoy: source/common/router/config_impl.cc). */
function clustersOfMatch({ byName }: ProxyScope, value: ConfigNode): readonly Resource[] {
  const owner = value.parent?.parent?.parent?.parent;
  if (!owner) return [];
  const names = clusterNamesOf(owner);
  return (names.length > 0 ? names : [owner.string('name')]).flatMap((name) => byName.cluster.get(name) ?? []);
}

/** The target of such a reference stands for messages inside of it. */
export function isInsideResource({ kind }: ReferenceSite): boolean {
  return kind === 'endpoint_metadata';
}
