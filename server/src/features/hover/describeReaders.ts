/** Who reads a value that a configuration sets under a name: a header, metadata, an object of filter state, a runtime key. */
import type { NamedPlace } from '../../index/names/documentNames';
import { placesOfName } from '../operatorReferences';
import { MENTIONED_KINDS } from '../place/operatorMentions';
import type { Place } from '../place/place';
import { code, firstOf } from '../writing/markdown';
import { linkToPlace, MAX_LINKS, titleOfKind } from './describeDefinition';

/** Example: ``**Header** `x-user`, read in [line 44](envoy.yaml#L44)``. Undefined where the name sets nothing, or nobody reads it. */
export function describeReaders(place: Place, name: NamedPlace): string | undefined {
  const { site, kind } = name;
  if (site.role !== 'set' || !(MENTIONED_KINDS.has(kind) || kind === 'runtime')) return undefined;
  const links = new Set(placesOfName(place, name, false).map(({ tree, span }) => linkToPlace(tree, span.start, place.uri)));
  return links.size === 0 ? undefined : `**${titleOfKind(kind)}** ${code(name.name)}, read in ${firstOf([...links], MAX_LINKS)}`;
}
