/** Find All References and document highlights: every use of a name in its proxy, and its definition. */
import { DocumentHighlightKind, type DocumentHighlight, type Location, type Range } from 'vscode-languageserver-types';
import { proxiesOf } from '../index/buildSnapshot';
import type { NamedPlace } from '../index/names/documentNames';
import { isSameNamespace } from '../index/links/definitionsOf';
import { isReference } from '../index/links/links';
import { isSameScope } from '../index/links/resolveName';
import { connectedPlaces, isLocalName } from './place/connectedPlaces';
import { endpointMetadataPlaces } from './place/endpointMetadataPlaces';
import type { ConfigNode } from '../schema/configNode';
import type { ReferenceKind } from '../schema/references/referenceSite';
import type { SyntaxTree } from '../syntax/tree/syntaxTree';
import type { IstioReference } from './istio/istioReferences';
import { placesElsewhere } from './istio/namedInYaml';
import { mentionsOf, type MentionedPlace } from './operatorReferences';
import { findOtherReferences } from './otherReferences';
import { isOnAnchorAlone } from './place/aliasPlace';
import { namedPlaceAt, namesIn, rangeOfSpan, type Place } from './place/place';
import { addToGroup } from '../text/addToGroup';
import { slices } from '../text/slices';
import type { Snapshot } from '../index/snapshot';

/** In the order of the documents. `includeDefinition`: the places that define the name, too. */
export function findReferences(place: Place, includeDefinition: boolean): Location[] {
  const locations: Location[] = [];
  for (const chunk of findReferencesInChunks(place, includeDefinition, Infinity)) for (const each of chunk) locations.push(each);
  return locations;
}

/** The same, so many at a time: a name of an SDS cluster has tens of thousands of places, and an editor shows the first at once. */
export function* findReferencesInChunks(place: Place, includeDefinition: boolean, size: number): Generator<Location[]> {
  const name = isOnAnchorAlone(place) ? undefined : namedPlaceAt(place);
  if (!name) {
    const { named, mentioned } = findOtherReferences(place, includeDefinition);
    yield* inChunks(named, size);
    yield* slices(mentioned.map(locationOf), size);
    return;
  }
  for (const { tree, places } of placesByDocument(place, includeDefinition))
    for (let start = 0; start < places.length; start += size)
      yield (size < places.length ? places.slice(start, start + size) : places).map((each) => ({
        uri: tree.uri,
        range: rangeIn(tree, each),
      }));
  yield* inChunks(
    placesElsewhere(place.snapshot, name, kindsOf(name)).filter(({ isDefinition }) => includeDefinition || !isDefinition),
    size,
  );
  yield* slices(mentionsOf(place, name).map(locationOf), size);
}

function inChunks(places: readonly IstioReference[], size: number): Generator<Location[]> {
  return slices(
    places.map((each) => ({ uri: each.node.tree.uri, range: rangeOfPlace(each) })),
    size,
  );
}

function locationOf({ tree, span }: MentionedPlace): Location {
  return { uri: tree.uri, range: rangeOfSpan(tree, span) };
}

/** The same name in this document: definitions as writes, uses as reads. */
export function findHighlights(place: Place): DocumentHighlight[] {
  const name = isOnAnchorAlone(place) ? undefined : namedPlaceAt(place);
  if (!name) {
    const { named, mentioned } = findOtherReferences(place, true);
    return [...named.flatMap((each) => highlightOf(place, each)), ...highlightsOfMentions(place, mentioned)];
  }
  // What a patch names belongs to no proxy.
  if (name.part.kind === 'istio') return placesElsewhere(place.snapshot, name, kindsOf(name)).flatMap((each) => highlightOf(place, each));
  const own = placesByDocument(place, true).flatMap(({ tree, places }) =>
    tree.uri !== place.uri
      ? []
      : places.map((each) => ({
          range: rangeIn(tree, each),
          kind: isReference(each) ? DocumentHighlightKind.Read : DocumentHighlightKind.Write,
        })),
  );
  return [...own, ...highlightsOfMentions(place, mentionsOf(place, name))];
}

function highlightsOfMentions({ uri }: Place, places: readonly MentionedPlace[]): DocumentHighlight[] {
  return places
    .filter(({ tree }) => tree.uri === uri)
    .map(({ tree, span, isDefinition }) => ({
      range: rangeOfSpan(tree, span),
      kind: isDefinition ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
}

function highlightOf({ uri }: Place, each: IstioReference): DocumentHighlight[] {
  if (each.node.tree.uri !== uri) return [];
  return [{ range: rangeOfPlace(each), kind: each.isDefinition ? DocumentHighlightKind.Write : DocumentHighlightKind.Read }];
}

function rangeOfPlace({ node, isKey }: { readonly node: ConfigNode; readonly isKey: boolean }): Range {
  return rangeIn(node.tree, { node: node.id, isKey });
}

function rangeIn(tree: SyntaxTree, { node, isKey }: Pick<NamedPlace, 'node' | 'isKey'>): Range {
  return rangeOfSpan(tree, (isKey ? tree.keySpan(node) : undefined) ?? tree.span(node));
}

/** Kinds under which one thing is named: a cluster's name also names its endpoints, a listener's name serves internal addresses. */
const FAMILIES: readonly (readonly ReferenceKind[])[] = [
  ['cluster', 'endpoints'],
  ['listener', 'internal_listener'],
];

function kindsOf({ kind }: NamedPlace): readonly ReferenceKind[] {
  return FAMILIES.find((family) => family.includes(kind)) ?? [kind];
}

/** All places of the name under the cursor that mean the same thing, in document order. */
export function placesOfName(place: Place, includeDefinition: boolean): NamedPlace[] {
  return placesByDocument(place, includeDefinition).flatMap(({ places }) => places);
}

interface PlacesInDocument {
  readonly tree: SyntaxTree;
  /** In the document's order, each node once. */
  readonly places: readonly NamedPlace[];
}

function placesByDocument(place: Place, includeDefinition: boolean): PlacesInDocument[] {
  const name = namedPlaceAt(place);
  const found: PlacesByTree = new Map();
  if (!name) return [];
  if (SCOPES_OF_RESOURCES.has(name.site.scope)) addPlaces(found, placesInScope(place.snapshot, name, includeDefinition));
  else addPlacesInProxies(found, place, name, includeDefinition);
  return [...found]
    .map(([tree, places]) => ({ tree, places: oncePerPlace(inOrder(places)) }))
    .sort((a, b) => (a.tree.uri < b.tree.uri ? -1 : 1));
}

type PlacesByTree = Map<SyntaxTree, NamedPlace[]>;

/** `only`: the document in which all places are; a name may have tens of thousands, and none is asked for its own. */
function addPlaces(found: PlacesByTree, places: readonly NamedPlace[], only?: SyntaxTree): void {
  if (!only) for (const place of places) addToGroup(found, place.resource.node.tree, place);
  else if (places.length > 0) found.set(only, [...(found.get(only) ?? []), ...places]);
}

/** Tables of names keep the order of their document: there is something to sort only where several tables meet. */
function inOrder(places: NamedPlace[]): NamedPlace[] {
  const isSorted = places.every(({ node }, at) => at === 0 || (places[at - 1]?.node ?? 0) <= node);
  return isSorted ? places : places.sort((a, b) => a.node - b.node);
}

/** One token may both define and refer (a load assignment's `cluster_name`): the definition stands for both. `places` are in order. */
function oncePerPlace(places: readonly NamedPlace[]): NamedPlace[] {
  const found: NamedPlace[] = [];
  for (const each of places) {
    const before = found.at(-1);
    if (before?.node !== each.node) found.push(each);
    else if (before.site.role !== 'definition' && each.site.role === 'definition') found[found.length - 1] = each;
  }
  return found;
}

function addPlacesInProxies(found: PlacesByTree, { snapshot, uri }: Place, name: NamedPlace, includeDefinition: boolean): void {
  const kinds = kindsOf(name);
  for (const proxy of proxiesOf(snapshot, uri)) {
    if (!proxy.parts.has(name.part)) continue;
    const near = name.kind === 'endpoint_metadata' ? endpointMetadataPlaces : isLocalName(name) ? connectedPlaces : undefined;
    if (near) {
      const isWanted = ({ site }: NamedPlace) => includeDefinition || (site.role !== 'definition' && site.role !== 'set');
      addPlaces(found, near(snapshot, proxy, name).filter(isWanted));
      continue;
    }
    const names = snapshot.namesOf(proxy);
    const isSame = (each: NamedPlace) => isSameNamespace(name, each);
    const inNamespace = (places: readonly NamedPlace[]) => (name.qualifier === undefined ? places : places.filter(isSame));
    const only = proxy.uris.length === 1 ? name.resource.node.tree : undefined;
    for (const kind of kinds) {
      if (includeDefinition) addPlaces(found, inNamespace(names.definitions(kind, name.name)), only);
      addPlaces(found, inNamespace(names.uses(kind, name.name)), only);
    }
  }
}

/** Names inside a listener or a cluster mean nothing in another one. */
const SCOPES_OF_RESOURCES: ReadonlySet<NamedPlace['site']['scope']> = new Set(['listener', 'cluster', 'load_assignment']);

function placesInScope(snapshot: Snapshot, name: NamedPlace, includeDefinition: boolean): NamedPlace[] {
  const isWanted = ({ role }: NamedPlace['site']) => includeDefinition || (role !== 'definition' && role !== 'set');
  return namesIn(snapshot, name.resource.node).filter(
    (each) => each.kind === name.kind && each.name === name.name && isSameScope(each, name) && isWanted(each.site),
  );
}
