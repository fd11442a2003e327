/** Find All References from Istio's and the Gateway API's own YAML: uses in resources, and what the dumps made of the thing. */
import type { ConfigNode } from '../../schema/configNode';
import { configNodeAt, nameNodeOf, type Place } from '../place/place';
import { dumpedThings, istioPlaceAt, placesOfThing, type IstioPlace } from './istioPlaces';
import { placesMadeOf } from './madeOf';

export interface IstioReference {
  readonly node: ConfigNode;
  /** The name is the node's key. */
  readonly isKey: boolean;
  readonly isDefinition: boolean;
}

/** By document, in its order; [] where the place names nothing. */
export function findIstioReferences(place: Place, includeDefinition: boolean): IstioReference[] {
  const { snapshot } = place;
  const own = istioPlaceUnder(place);
  if (!own) return [];
  const named = placesOfThing(snapshot, own.naming)
    .filter(({ naming }) => includeDefinition || naming.role !== 'definition')
    .map(({ node, naming }) => ({ node, isKey: false, isDefinition: naming.role === 'definition' }));
  const made = isOwnName(own)
    ? placesMadeOf(snapshot, own.resource)
    : dumpedThings(snapshot, own.naming).map(({ node }) => ({ node: nameNodeOf(node) ?? node, isKey: false }));
  return inOrder([...named, ...made.map(({ node, isKey }) => ({ node, isKey, isDefinition: false }))]);
}

/** The name under the cursor. */
export function istioPlaceUnder(place: Place): IstioPlace | undefined {
  const facts = place.snapshot.documents.get(place.uri);
  const node = facts && configNodeAt(place);
  return node && istioPlaceAt(facts, node.id);
}

/** The Kubernetes resource on whose `metadata.name`, `kind` or `apiVersion` the place is. */
export function istioResourceAt(place: Place): ConfigNode | undefined {
  const node = configNodeAt(place);
  const key = node?.key;
  const resource = key === 'name' ? node?.parent?.parent : key === 'kind' || key === 'apiVersion' ? node?.parent : undefined;
  return resource?.has('apiVersion') && resource.has('kind') ? resource : undefined;
}

/** The place is its resource's `metadata.name`. */
function isOwnName({ node, resource }: IstioPlace): boolean {
  return resource.path('metadata', 'name')?.sameAs(node) === true;
}

function inOrder(references: readonly IstioReference[]): IstioReference[] {
  const once = new Map(references.map((each) => [`${each.node.tree.uri}\n${each.node.id}`, each]));
  return [...once.values()].sort((a, b) =>
    a.node.tree === b.node.tree ? a.node.id - b.node.id : a.node.tree.uri < b.node.tree.uri ? -1 : 1,
  );
}
