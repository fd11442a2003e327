/** The places that define what a name inside of resources means: filters, providers, keys of metadata. */
import { takesTraffic } from '../model/resource';
import { ConfigNode } from '../schema/configNode';
import type { ReferenceKind } from '../schema/referenceSite';
import { NO_NODE } from '../syntax/syntaxTree';
import type { Snapshot } from './buildSnapshot';
import { messageOfName, type NamedPlace } from './documentNames';
import { endpointsNameOf, type ProxyScope } from './proxyScope';

/**
 * Names that are defined inside resources: those around the place, else those of the same resource, else those of the proxy. What another
 * listener, connection manager or route configuration defines is never meant.
 */
export function definitionsOf(snapshot: Snapshot, proxy: ProxyScope, place: NamedPlace): ConfigNode[] {
  if (place.kind === 'endpoint_metadata') return endpointMetadataOf(snapshot, proxy, place);
  const names = snapshot.namesOf(proxy);
  if (!names.defines(place.kind)) return [];
  const limit = NEVER_MISSING.has(place.kind) ? MANY : Infinity;
  const near = firstOf(names.nearestDefinitions(place), (each) => isSameNamespace(place, each), limit);
  if (near.length > 0) return near.map(namedMessage);
  const { scope } = place.site;
  const isInManager = scope === 'http_connection_manager';
  if (scope === 'listener' || scope === 'cluster' || (place.scopeNode !== NO_NODE && !isInManager)) return [];
  const inManagers = isInManager ? names.definitionsInManagers(place) : [];
  const found = inManagers.length > 0 ? inManagers : names.definitions(place.kind, place.name);
  // Clusters have HTTP filters, too, and ECDS brings some: those lie in no manager.
  const isPossible = ({ scopeNode }: NamedPlace) =>
    inManagers.length > 0 || !isInManager || scopeNode === NO_NODE || !names.knowsManagers(place);
  const isMeant = (each: NamedPlace) => takesTraffic(each.resource) && isSameNamespace(place, each) && isPossible(each);
  return firstOf(found, isMeant, limit).map(namedMessage);
}

/** A header may be set in every route and asked for in every route: nobody looks at all of these. */
const MANY = 100;

function firstOf<Each>(all: readonly Each[], isWanted: (each: Each) => boolean, count: number): Each[] {
  const found: Each[] = [];
  for (const each of all) {
    if (found.length === count) break;
    if (isWanted(each)) found.push(each);
  }
  return found;
}

/** Keys of metadata mean the same in one namespace only; other names have none. */
export function isSameNamespace(a: NamedPlace, b: NamedPlace): boolean {
  return a.qualifier === b.qualifier;
}

/** Keys of metadata of the endpoints that the place chooses among: those of its cluster, or of the clusters beside it in a route. */
function endpointMetadataOf(snapshot: Snapshot, proxy: ProxyScope, place: NamedPlace): ConfigNode[] {
  const { resource, kind, name } = place;
  const names = snapshot.namesOf(proxy);
  const clusters =
    resource.kind === 'cluster' ? [resource] : clusterNamesBeside(place).flatMap((each) => proxy.byName.cluster.get(each) ?? []);
  const holders = new Set(
    clusters.flatMap((cluster) => [cluster, proxy.byName.load_assignment.get(endpointsNameOf(cluster.node, cluster.name)) ?? []]).flat(),
  );
  return [...holders].flatMap((holder) =>
    names
      .definitionsIn(holder, kind, name)
      .filter((each) => isSameNamespace(place, each))
      .map(namedMessage),
  );
}

/** Of a `metadata_match` in a route or a tcp_proxy. */
function clusterNamesBeside({ resource, node }: NamedPlace): string[] {
  const owner = new ConfigNode(resource.node.tree, node).parent?.parent?.parent?.parent;
  const weighted = owner?.get('weighted_clusters')?.list('clusters') ?? [];
  return [owner?.string('cluster') || owner?.string('name') || '', ...weighted.map((each) => each.string('name'))];
}

/** Nobody has to set them. */
export const NEVER_MISSING: ReadonlySet<ReferenceKind> = new Set([
  'runtime',
  'header',
  'metadata',
  'metadata_namespace',
  'endpoint_metadata',
]);

/** The message whose name stands at the place. */
export function namedMessage({ resource, node, isKey }: NamedPlace): ConfigNode {
  const { tree } = resource.node;
  return new ConfigNode(tree, messageOfName(tree, node, isKey));
}
