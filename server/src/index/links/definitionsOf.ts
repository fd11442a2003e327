/** The places that define what a name inside of resources means: filters, providers, keys of metadata. */
import { takesTraffic } from '../../model/resources/resource';
import { ConfigNode } from '../../schema/configNode';
import type { ReferenceKind } from '../../schema/references/referenceSite';
import { NO_NODE } from '../../syntax/tree/syntaxTree';
import { messageOfName, type NamedPlace } from '../names/documentNames';
import { endpointResourcesOf } from './endpointMetadata';
import type { ProxyScope } from '../proxyScope';
import { getOrMake } from '../../text/getOrMake';
import { memoizeByObject } from '../../text/memoizeByObject';
import type { Snapshot } from '../snapshot';

/**
 * Names that are defined inside resources: those around the place, else those of the same resource, else those of the proxy. What another
 * listener, connection manager or route configuration defines is never meant.
 */
export function definitionsOf(snapshot: Snapshot, proxy: ProxyScope, place: NamedPlace): ConfigNode[] {
  if (place.kind === 'endpoint_metadata') return endpointMetadataOf(snapshot, proxy, place);
  const names = snapshot.namesOf(proxy);
  if (!names.defines(place.kind)) return [];
  const near = firstOf(names.nearestDefinitions(place), (each) => isSameNamespace(place, each));
  if (near.length > 0) return near.map(namedMessage);
  const { scope } = place.site;
  const isInManager = scope === 'http_connection_manager';
  if (scope === 'listener' || scope === 'cluster' || (place.scopeNode !== NO_NODE && !isInManager)) return [];
  const inManagers = isInManager ? names.definitionsInManagers(place) : [];
  if (inManagers.length > 0) return possibleTargets(inManagers, place.qualifier, false);
  // Clusters have HTTP filters, too, and ECDS brings some: those lie in no manager.
  const isFree = isInManager && names.knowsManagers(place);
  return possibleTargets(names.definitions(place.kind, place.name), place.qualifier, isFree);
}

/** Of one name many may be defined, and many may refer to them: those share what they mean. */
function possibleTargets(definitions: readonly NamedPlace[], qualifier: string | undefined, isFree: boolean): ConfigNode[] {
  const isPossible = ({ resource, scopeNode, qualifier: other }: NamedPlace) =>
    takesTraffic(resource) && other === qualifier && (!isFree || scopeNode === NO_NODE);
  const key = `${isFree ? 'free' : 'any'} ${qualifier ?? ''}`;
  return getOrMake(targetsOfDefinitions(definitions), key, () => firstOf(definitions, isPossible).map(namedMessage));
}

const targetsOfDefinitions = memoizeByObject((_definitions: readonly NamedPlace[]) => new Map<string, ConfigNode[]>());

/** A header may be set in every route and asked for in every route: nobody looks at all of these. */
const MANY = 100;

function firstOf(all: readonly NamedPlace[], isWanted: (each: NamedPlace) => boolean): NamedPlace[] {
  const found: NamedPlace[] = [];
  for (const each of all) {
    if (found.length === MANY && NEVER_MISSING.has(each.kind)) break;
    if (isWanted(each)) found.push(each);
  }
  return found;
}

/** Keys of metadata mean the same in one namespace only; other names have none. */
export function isSameNamespace(a: NamedPlace, b: NamedPlace): boolean {
  return a.qualifier === b.qualifier;
}

/** Keys of metadata of the endpoints that the place chooses among. */
function endpointMetadataOf(snapshot: Snapshot, proxy: ProxyScope, place: NamedPlace): ConfigNode[] {
  const names = snapshot.namesOf(proxy);
  return endpointResourcesOf(proxy, place).flatMap((holder) =>
    names
      .definitionsIn(holder, place.kind, place.name)
      .filter((each) => isSameNamespace(place, each))
      .map(namedMessage),
  );
}

/** Nobody has to set them. */
export const NEVER_MISSING: ReadonlySet<ReferenceKind> = new Set([
  'runtime',
  'header',
  'metadata',
  'metadata_namespace',
  'filter_state',
  'endpoint_metadata',
]);

/** The message whose name stands at the place. */
export function namedMessage({ resource, node, isKey }: NamedPlace): ConfigNode {
  const { tree } = resource.node;
  return new ConfigNode(tree, messageOfName(tree, node, isKey));
}
