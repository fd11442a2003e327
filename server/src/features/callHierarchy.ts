/** Call hierarchy: who can reach this cluster or listener, and where it can go from there. */
import {
  SymbolKind,
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
} from 'vscode-languageserver-types';
import { proxiesOf } from '../index/buildSnapshot';
import type { NamedPlace } from '../index/names/documentNames';
import { resourceAt } from '../index/messagesAt';
import { isReference, resolveLink } from '../index/links/links';
import type { ProxyScope } from '../index/proxyScope';
import { loadAssignmentOf } from '../index/links/resolveName';
import type { Resource, ResourceKind } from '../model/resources/resource';
import type { ConfigNode } from '../schema/configNode';
import type { ReferenceKind } from '../schema/references/referenceSite';
import { configNodeAt, namedPlaceAt, namesIn, rangeOfName, rangeOfNode, selectionOf, type Place } from './place/place';
import { addToGroup } from '../text/addToGroup';
import { inWords } from '../text/inWords';
import type { Snapshot } from '../index/snapshot';

const NAMELESS = '(no name)';

const KINDS: Partial<Record<ResourceKind, SymbolKind>> = {
  listener: SymbolKind.Interface,
  route_configuration: SymbolKind.Module,
  cluster: SymbolKind.Class,
};

/** The resource that the name under the cursor refers to, else the one that the cursor is in. */
export function prepareCallHierarchy(place: Place): CallHierarchyItem[] {
  const name = namedPlaceAt(place);
  const targets = name && isReference(name) ? resolveLink(place.snapshot, name).targets : [];
  const items = targets.flatMap(({ node }) => itemOf(resourceOfNode(place.snapshot, node)));
  if (items.length > 0) return items;
  const node = configNodeAt(place);
  const facts = place.snapshot.documents.get(place.uri);
  return itemOf(node && facts && resourceAt(facts, node.id));
}

/** The resource that a message is; undefined for what only lies in one. */
function resourceOfNode(snapshot: Snapshot, { tree, id }: ConfigNode): Resource | undefined {
  const facts = snapshot.documents.get(tree.uri);
  const resource = facts && resourceAt(facts, id);
  return resource?.node.id === id ? resource : undefined;
}

function itemOf(resource: Resource | undefined): CallHierarchyItem[] {
  const kind = resource && KINDS[resource.kind];
  if (!resource || kind === undefined) return [];
  const { node, name } = resource;
  return [
    {
      name: name || NAMELESS,
      kind,
      detail: inWords(resource.kind),
      uri: node.tree.uri,
      range: rangeOfNode(node),
      selectionRange: selectionOf(node),
      data: { node: node.id },
    },
  ];
}

/** Kinds of names by which one comes to a resource. */
const WAYS_IN: Partial<Record<ResourceKind, readonly ReferenceKind[]>> = {
  listener: ['listener', 'internal_listener'],
  route_configuration: ['route_configuration'],
  cluster: ['cluster'],
};

/** What leads to the resource: references in its own proxies, each from the resource in which it stands. */
export function findIncomingCalls(snapshot: Snapshot, item: CallHierarchyItem): CallHierarchyIncomingCall[] {
  const found = resourceOf(snapshot, item);
  if (!found) return [];
  const { resource, proxy } = found;
  const uses = (WAYS_IN[resource.kind] ?? [])
    .flatMap((kind) => snapshot.namesOf(proxy).uses(kind, resource.name))
    .filter(({ site }) => !site.back);
  const byCaller = new Map<Resource, NamedPlace[]>();
  for (const use of uses) addToGroup(byCaller, callerOf(proxy, use.resource), use);
  return [...byCaller].flatMap(([caller, places]) => itemOf(caller).map((from) => ({ from, fromRanges: places.map(rangeOfName) })));
}

/** What the resource leads to, with the places that name it. */
export function findOutgoingCalls(snapshot: Snapshot, item: CallHierarchyItem): CallHierarchyOutgoingCall[] {
  const found = resourceOf(snapshot, item);
  if (!found) return [];
  const { resource, proxy } = found;
  const assignment = resource.kind === 'cluster' ? loadAssignmentOf(proxy, resource.node) : undefined;
  const ways: readonly ReferenceKind[] = ['cluster', 'route_configuration', 'internal_listener'];
  const waysOut = (place: NamedPlace) => isReference(place) && !place.site.back && ways.includes(place.kind);
  const places = namesIn(snapshot, resource.node).filter((place) => waysOut(place) && place.resource === resource);
  const inEndpoints = assignment ? namesIn(snapshot, assignment).filter(({ kind }) => kind === 'internal_listener') : [];
  const byTarget = new Map<Resource, NamedPlace[]>();
  for (const place of new Set([...places, ...inEndpoints]))
    for (const { node } of resolveLink(snapshot, place).targets) {
      const target = resourceOfNode(snapshot, node);
      if (target) addToGroup(byTarget, target, place);
    }
  return [...byTarget].flatMap(([target, from]) =>
    itemOf(target).map((to) => ({ to, fromRanges: from.filter((place) => place.resource.node.tree.uri === item.uri).map(rangeOfName) })),
  );
}

/** Endpoints are called by way of the cluster that has them. */
function callerOf(proxy: ProxyScope, resource: Resource): Resource {
  if (resource.kind !== 'load_assignment') return resource;
  return proxy.clustersOfEndpoints(resource.name).find(({ node }) => loadAssignmentOf(proxy, node)?.sameAs(resource.node)) ?? resource;
}

function resourceOf(snapshot: Snapshot, item: CallHierarchyItem): { resource: Resource; proxy: ProxyScope } | undefined {
  const data: unknown = item.data;
  const id = typeof data === 'object' && data !== null && 'node' in data ? data.node : undefined;
  const facts = snapshot.documents.get(item.uri);
  const resource = facts && typeof id === 'number' ? resourceAt(facts, id) : undefined;
  if (!resource || resource.node.id !== id || resource.name !== nameOfItem(item)) return undefined;
  const proxy = proxiesOf(snapshot, item.uri).find(({ resources }) => resources.includes(resource));
  return proxy && { resource, proxy };
}

/** An item that an editor has kept may be older than the text: its node counts only while it has the item's name. */
function nameOfItem({ name }: CallHierarchyItem): string {
  return name === NAMELESS ? '' : name;
}
