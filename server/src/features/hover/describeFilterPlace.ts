/** Hover of a filter's name: where in the order it stands, and what sets it otherwise for single routes. */
import type { ConfigNode } from '../../schema/configNode';
import { code, count } from '../writing/markdown';
import type { Place } from '../place/place';
import { placesOfName } from '../references';

const LISTS = ['http_filters', 'listener_filters', 'filters', 'upstream_http_filters'];

/** [] where the name is not that of an item of a list of filters. */
export function describeFilterPlace(place: Place, node: ConfigNode): string[] {
  const filter = node.key === 'name' ? node.parent : undefined;
  const list = filter?.parent;
  if (!filter || !list?.isArray || !list.isField(...LISTS)) return [];
  const items = list.items();
  const index = items.findIndex((each) => each.sameAs(filter));
  const nameAt = (at: number) => items[at]?.string('name') ?? '';
  const neighbours = [
    nameAt(index - 1) === '' ? '' : `after ${code(nameAt(index - 1))}`,
    nameAt(index + 1) === '' ? '' : `before ${code(nameAt(index + 1))}`,
  ].filter(Boolean);
  const position = items.length === 1 ? 'The only filter.' : `Filter ${index + 1} of ${items.length}: ${neighbours.join(', ')}.`;
  const overrides = placesOfName(place, false).length;
  return [position, ...(overrides > 0 ? [`Routes set it otherwise in ${count(overrides, 'place')}.`] : [])];
}
