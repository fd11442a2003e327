/** Hover of a filter's name: where in the order it stands, and what sets it otherwise for single routes. */
import type { ConfigNode } from '../../schema/configNode';
import { code, count } from '../markdown';
import type { Place } from '../place';
import { placesOfName } from '../references';

const LISTS = /^(?:http_?filters|listener_?filters|filters|upstream_?http_?filters)$/i;

/** [] where the name is not that of an item of a list of filters. */
export function describeFilterPlace(place: Place, node: ConfigNode): string[] {
  const filter = node.tree.key(node.id) === 'name' ? node.parent : undefined;
  const list = filter?.parent;
  if (!filter || !list?.isArray || !LISTS.test(list.tree.key(list.id) ?? '')) return [];
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
