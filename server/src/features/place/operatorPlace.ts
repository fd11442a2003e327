/** The name that a command operator in a text mentions under the cursor, and the places that set what it names. */
import { proxiesOf } from '../../index/buildSnapshot';
import type { NamedPlace } from '../../index/names/documentNames';
import { takesTraffic } from '../../model/resources/resource';
import { mentionsOfText, type MentionedName, type OperatorMention } from './operatorMentions';
import { configNodeAt, type Place } from './place';

/** A header may be set in every route: nobody looks at all of these. */
const MANY = 100;

/**
 * What the operator under the cursor mentions; what stands right under the cursor comes first. Of two headers that is all: each is a thing
 * of its own; a namespace and its key are one.
 */
export function mentionsAt(place: Place): OperatorMention[] {
  const node = configNodeAt(place);
  if (!node || node.tree.isContainer(node.id)) return [];
  const holds = ({ start, end }: OperatorMention['span']) => start <= place.offset && place.offset <= end;
  const all = mentionsOfText(node.tree, node.id).filter(({ operator }) => holds(operator));
  const under = all.find(({ span }) => holds(span)) ?? all.findLast(({ span }) => span.start <= place.offset) ?? all[0];
  if (!under) return [];
  return under.kind === 'header' ? [under] : [under, ...all.filter((each) => each !== under)];
}

/** The places that set the header, the key of metadata or the object of filter state. */
export function settersOf({ snapshot, uri }: Place, { kind, name, qualifier }: MentionedName): NamedPlace[] {
  return proxiesOf(snapshot, uri)
    .flatMap((proxy) => snapshot.namesOf(proxy).definitions(kind, name))
    .filter((each) => takesTraffic(each.resource) && each.qualifier === qualifier)
    .slice(0, MANY);
}
