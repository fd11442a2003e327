/** Where in a message its name stands: what an editor selects after a jump to it, and the line that a hover tells. */
import { isReference } from '../../index/links/links';
import type { NamedPlace } from '../../index/names/documentNames';
import type { ConfigNode } from '../../schema/configNode';
import { definitionKindOf } from '../../schema/references/referenceSites';
import { nameNodeOf, namesIn } from './place';
import type { Snapshot } from '../../index/snapshot';

/**
 * The place in a message that gives it the name by which it is meant: the key of a map, a field that is not called `name`. Undefined where
 * the message has its name as messages have it, or none.
 */
export function definingPlaceIn(
  snapshot: Snapshot,
  { kind, name, qualifier }: Pick<NamedPlace, 'kind' | 'name' | 'qualifier'>,
  message: ConfigNode,
): NamedPlace | undefined {
  if (nameNodeOf(message)?.asString() === name) return undefined;
  const wanted = definitionKindOf(kind);
  const isName = (other: string) => (kind === 'header' ? other.toLowerCase() === name.toLowerCase() : other === name);
  return namesIn(snapshot, message).find(
    (each) => each.kind === wanted && !isReference(each) && isName(each.name) && each.qualifier === qualifier,
  );
}
