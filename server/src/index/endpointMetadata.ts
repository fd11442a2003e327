/** Metadata of endpoints counts for the clusters whose endpoints these are: that of others is never meant. */
import type { Resource } from '../model/resource';
import { NO_NODE, type NodeId } from '../syntax/syntaxTree';
import { findFirst } from '../text/findFirst';
import { ConfigNode } from '../schema/configNode';
import { siteCount, siteOfNumber, type ReferenceSite } from '../schema/referenceSite';
import type { DocumentNames, NamedPlace } from './documentNames';
import type { NamedResources } from './namedResources';
import { endpointsNameOf, type ProxyScope } from './proxyScope';

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
  const weighted = owner?.get('weighted_clusters')?.list('clusters') ?? [];
  const names = [owner?.string('cluster') || owner?.string('name') || '', ...weighted.map((each) => each.string('name'))];
  return names.flatMap((name) => byName.cluster.get(name) ?? []);
}

/**
 * Finds, for what clusters ask of their endpoints, the load assignments that set it. Both stand in the same order as a rule: so the next
 * one is looked at first.
 */
export class EndpointMetadataSeeker {
  private readonly assignments: NamedResources;
  /** By the number of the site: 1 where names of this kind are set. */
  private readonly sets: Uint8Array;
  private readonly isRenamed: boolean;
  private next = 0;
  /** The first name behind the load assignment that was looked at last. */
  private behind = 0;

  constructor(
    proxy: ProxyScope,
    private readonly site: ReferenceSite,
  ) {
    this.isRenamed = proxy.hasRenamedEndpoints;
    this.assignments = proxy.byName.load_assignment;
    const isSetter = ({ kind, role, qualifier }: ReferenceSite) => kind === site.kind && role === 'set' && qualifier === site.qualifier;
    this.sets = Uint8Array.from({ length: siteCount() }, (_, number) => (isSetter(siteOfNumber(number)) ? 1 : 0));
  }

  /** `nobody` sets it; undefined where only a closer look can tell. */
  find(names: DocumentNames, index: number): Resource | 'nobody' | undefined {
    const cluster = names.resourceAt(index);
    if (cluster.kind !== 'cluster' || this.site.qualifier === undefined || this.isSetBeside(names, index)) return undefined;
    const assignment = this.assignmentOf(this.isRenamed ? endpointsNameOf(cluster.node, cluster.name) : cluster.name);
    if (!assignment) return 'nobody';
    if (assignment.node.tree !== names.tree) return undefined;
    return this.isSetInside(names, assignment.node.id, names.textAt(index)) ? assignment : 'nobody';
  }

  /** The cluster has endpoints of its own. */
  private isSetBeside({ columns: { sites, owners } }: DocumentNames, index: number): boolean {
    const isSet = (at: number) => this.sets[(sites[at] ?? 0) >> 1] === 1;
    const owner = owners[index];
    for (let at = index; owners[at] === owner; at--) if (isSet(at)) return true;
    for (let at = index; owners[at] === owner; at++) if (isSet(at)) return true;
    return false;
  }

  private assignmentOf(name: string): Resource | undefined {
    const { assignments } = this;
    const next = assignments.order[this.next] ?? -1;
    const place = assignments.nameAt(next) === name ? next : assignments.placeOf(name);
    if (place === undefined) return undefined;
    this.next = place === next ? this.next + 1 : findFirst(assignments.order.length, (at) => (assignments.order[at] ?? 0) > place);
    return assignments.at(place);
  }

  private isSetInside(names: DocumentNames, assignment: NodeId, name: string): boolean {
    const { nodes, sites, size } = names.columns;
    const end = names.tree.next(assignment);
    const isBehind = (nodes[this.behind - 1] ?? NO_NODE) < assignment && (nodes[this.behind] ?? end) >= assignment;
    let at = isBehind ? this.behind : names.firstAt(assignment);
    let isSet = false;
    for (; at < size && (nodes[at] ?? end) < end; at++) isSet ||= this.sets[(sites[at] ?? 0) >> 1] === 1 && names.isAt(at, name);
    this.behind = at;
    return isSet;
  }
}
