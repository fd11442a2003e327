/** Find All References and document highlights: every use of a name in its proxy, and its definition. */
import { DocumentHighlightKind, type DocumentHighlight, type Location } from 'vscode-languageserver-types';
import { proxiesOf, type Snapshot } from '../index/buildSnapshot';
import type { NamedPlace } from '../index/collectNames';
import { keyOfName, keyOfResource } from '../index/istioResources';
import { isSameScope } from '../index/resolveName';
import type { ConfigNode } from '../schema/configNode';
import type { ReferenceKind } from '../schema/referenceSite';
import { configNodeAt, namedPlaceAt, namesIn, rangeOfName, type Place } from './place';

/** In the order of the documents. `includeDefinition`: the places that define the name, too. */
export function findReferences(place: Place, includeDefinition: boolean): Location[] {
  return placesOfName(place, includeDefinition).map((each) => ({ uri: each.resource.node.tree.uri, range: rangeOfName(each) }));
}

/** The same name in this document: definitions as writes, uses as reads. */
export function findHighlights(place: Place): DocumentHighlight[] {
  return placesOfName(place, true)
    .filter((each) => each.resource.node.tree.uri === place.uri)
    .map((each) => ({
      range: rangeOfName(each),
      kind: each.site.role === 'definition' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
}

/** Kinds under which one thing is named: a cluster's name also names its endpoints, a listener's name serves internal addresses. */
const FAMILIES: readonly (readonly ReferenceKind[])[] = [
  ['cluster', 'endpoints'],
  ['listener', 'internal_listener'],
];

/** All places of the name under the cursor that mean the same thing, in document order. */
export function placesOfName(place: Place, includeDefinition: boolean): NamedPlace[] {
  const name = namedPlaceAt(place);
  if (!name) return placesMadeOf(place);
  const kinds = FAMILIES.find((family) => family.includes(name.kind)) ?? [name.kind];
  if (SCOPES_OF_RESOURCES.has(name.site.scope)) return placesInScope(place.snapshot, name, includeDefinition);
  const found: NamedPlace[] = [];
  for (const proxy of proxiesOf(place.snapshot, place.uri)) {
    if (!proxy.parts.has(name.part)) continue;
    const names = place.snapshot.namesOf(proxy);
    for (const kind of kinds) {
      if (includeDefinition) for (const each of names.definitions(kind, name.name)) found.push(each);
      for (const each of names.uses(kind, name.name)) found.push(each);
    }
  }
  return oncePerPlace(inOrder(found));
}

/** Names inside a listener or a cluster mean nothing in another one. */
const SCOPES_OF_RESOURCES: ReadonlySet<NamedPlace['site']['scope']> = new Set(['listener', 'cluster', 'load_assignment']);

function placesInScope(snapshot: Snapshot, name: NamedPlace, includeDefinition: boolean): NamedPlace[] {
  const isWanted = ({ role }: NamedPlace['site']) => includeDefinition || (role !== 'definition' && role !== 'set');
  return oncePerPlace(
    namesIn(snapshot, name.resource.node).filter(
      (each) => each.kind === name.kind && each.name === name.name && isSameScope(each, name) && isWanted(each.site),
    ),
  );
}

/** Sorted, unless it is so already: tables of names keep the order of their document, and names of SDS clusters have tens of thousands of places. */
function inOrder(places: NamedPlace[]): NamedPlace[] {
  for (let at = 1; at < places.length; at++) {
    const [before, here] = [places[at - 1], places[at]];
    if (before && here && byPlace(before, here) > 0) return places.sort(byPlace);
  }
  return places;
}

/** One token may both define and refer (a load assignment's `cluster_name`): the definition stands for both. `places` are in order. */
function oncePerPlace(places: readonly NamedPlace[]): NamedPlace[] {
  const found: NamedPlace[] = [];
  for (const each of places) {
    const before = found.at(-1);
    if (!before || before.node !== each.node || before.resource.node.tree !== each.resource.node.tree) found.push(each);
    else if (before.site.role !== 'definition' && each.site.role === 'definition') found[found.length - 1] = each;
  }
  return found;
}

/** What an Istio resource became: every place of the dumps that names it, asked for on its `metadata.name`. */
function placesMadeOf(place: Place): NamedPlace[] {
  const resource = istioResourceAt(place);
  return resource ? placesMadeBy(place.snapshot, resource) : [];
}

/** The Istio resource on whose `metadata.name` the place is. */
export function istioResourceAt(place: Place): ConfigNode | undefined {
  const node = configNodeAt(place);
  const resource = node?.parent?.parent;
  return node && resource && node.tree.key(node.id) === 'name' && resource.has('apiVersion') ? resource : undefined;
}

/** Every place of the dumps that names the Istio resource. */
export function placesMadeBy(snapshot: Snapshot, resource: ConfigNode): NamedPlace[] {
  const key = keyOfResource(resource);
  const all = [...snapshot.documents.values()].flatMap(({ names }) => names);
  return all.filter(({ kind, name }) => kind === 'istio_config' && keyOfName(name) === key).sort(byPlace);
}

function byPlace(a: NamedPlace, b: NamedPlace): number {
  const first = a.resource.node.tree;
  const second = b.resource.node.tree;
  return first === second ? a.node - b.node : first.uri < second.uri ? -1 : 1;
}
