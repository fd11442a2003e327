/** References of what is no name of Envoy's: in Istio's own YAML, in a ztunnel's dump, in texts, and the anchors of YAML. */
import type { ConfigNode } from '../schema/configNode';
import { findIstioReferences, type IstioReference } from './istio/istioReferences';
import { findOperatorReferences, type MentionedPlace } from './operatorReferences';
import { anchorPlacesAt, isOnAnchorAlone } from './place/aliasPlace';
import type { Place } from './place/place';
import { ztunnelPlaceAt, ztunnelPlacesOf } from './ztunnel/ztunnelPlaces';

export interface OtherReferences {
  /** In Istio's own YAML and in ztunnels' dumps. */
  readonly named: readonly IstioReference[];
  /** In texts: by operators, else by aliases. */
  readonly mentioned: readonly MentionedPlace[];
}

/** What is named under the cursor; where nothing but an anchor is, its aliases. */
export function findOtherReferences(place: Place, includeDefinition: boolean): OtherReferences {
  if (isOnAnchorAlone(place)) return { named: [], mentioned: anchorPlaces(place, includeDefinition) };
  const all = [...findIstioReferences(place, true), ...findZtunnelReferences(place)];
  const mentioned = findOperatorReferences(place, includeDefinition);
  return {
    named: all.filter(({ isDefinition }) => includeDefinition || !isDefinition),
    mentioned: all.length + mentioned.length > 0 ? mentioned : anchorPlaces(place, includeDefinition),
  };
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
function findZtunnelReferences(place: Place): { node: ConfigNode; isKey: boolean; isDefinition: boolean }[] {
  const own = ztunnelPlaceAt(place);
  return own ? ztunnelPlacesOf(place.snapshot, place.uri).filter(({ thing }) => thing.node.sameAs(own.thing.node)) : [];
}
