/** Did the file lose something of a list? Then what is absent proves nothing. */
import type { ConfigNode } from './configNode';
import { lostField } from './keptBack';

/**
 * True where the list under `field`, or the message around it, is marked as incomplete (`[...]`, `{...}`, cut off), or where an entry has lost
 * one of the `needed` fields.
 */
export function mayLackEntries(node: ConfigNode, field: string, needed: readonly string[] = []): boolean {
  const list = node.get(field);
  if (list ? list.isIncomplete : node.isIncomplete) return true;
  return needed.length > 0 && node.list(field).some((entry) => lostField(entry, needed) !== undefined);
}
