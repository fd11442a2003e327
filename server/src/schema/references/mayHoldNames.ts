/** Whether anything below a field can name something, by the schema: most of a dump need not be looked at to find its names. */
import { messageType } from '../table/messageType';
import { sitesOf } from './referenceSites';
import type { Field } from '../table/messageDescription';

const known = new Map<string, boolean>();

/** True for whatever may hold an `Any` or an extension's old, untyped `config`: what is in it shows only in the document. */
export function mayHoldNames(field: Field): boolean {
  if (field.message === undefined) return field.typedByName === true;
  if (field.typedByName || field.anyType !== undefined) return true;
  let holds = known.get(field.message);
  if (holds === undefined) known.set(field.message, (holds = messageHoldsNames(field.message)));
  return holds;
}

/** Each message below is looked at once, however often it is met. */
function messageHoldsNames(name: string): boolean {
  const seen = new Set([name]);
  for (const each of seen) {
    const type = messageType(each);
    // The schema ends here, so the document alone can tell.
    if (!type?.complete || type.wellKnown === 'any') return true;
    if (type.wellKnown !== undefined && type.wellKnown !== 'wrapper') continue;
    for (const field of type.fieldList) {
      if (field.typedByName || field.anyType !== undefined || sitesOf(type, field).length > 0) return true;
      if (field.message !== undefined) seen.add(field.message);
    }
  }
  return false;
}
