/** References of what is no name of Envoy's: in Istio's own YAML, in a ztunnel's dump, in texts, and the anchors of YAML. */
import type { ConfigNode } from '../schema/configNode';
import { findIstioReferences, type IstioReference } from './istio/istioReferences';
import { findOperatorReferences, type MentionedPlace } from './operatorReferences';
import { anchorPlacesAt, isOnAnchorAlone } from './place/aliasPlace';
import type { Place } from './place/place';
import { ztunnelPlaceAt, ztunnelPlacesOf } from './ztunnel/ztunnelPlaces';

/** What Istio's own YAML or a ztunnel's dump names under the cursor. */
export function findNamedElsewhere(place: Place, includeDefinition: boolean): IstioReference[] {
  if (isOnAnchorAlone(place)) return [];
  return [...findIstioReferences(place, includeDefinition), ...findZtunnelReferences(place, includeDefinition)];
}

/** What an operator mentions there; where nothing but an anchor is named, its aliases. */
export function findMentioned(place: Place, includeDefinition: boolean): MentionedPlace[] {
  const isNamed = !isOnAnchorAlone(place) && findNamedElsewhere(place, true).length > 0;
  const mentioned = isOnAnchorAlone(place) ? [] : findOperatorReferences(place, includeDefinition);
  return isNamed || mentioned.length > 0 ? mentioned : anchorPlaces(place, includeDefinition);
}

/** The aliases of the anchor that the cursor is on, or names; before them the anchor, if wanted. */
function anchorPlaces(place: Place, includeDefinition: boolean): MentionedPlace[] {
  const found = anchorPlacesAt(place);
  if (!found) return [];
  const { tree, anchor, aliases } = found;
  return [
    ...(includeDefinition ? [{ tree, span: anchor, isDefinition: true }] : []),
    ...aliases.map((span) => ({ tree, span, isDefinition: false })),
  ];
}

/** Where a ztunnel's dump names the workload, service or policy under the cursor. */
function findZtunnelReferences(place: Place, includeDefinition: boolean): { node: ConfigNode; isKey: boolean; isDefinition: boolean }[] {
  const own = ztunnelPlaceAt(place);
  if (!own) return [];
  return ztunnelPlacesOf(place.snapshot, place.uri).filter(
    ({ thing, isDefinition }) => thing.node.sameAs(own.thing.node) && (includeDefinition || !isDefinition),
  );
}
