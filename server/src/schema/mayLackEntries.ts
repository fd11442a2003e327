/** Did the file lose something of a list? Then what is absent proves nothing. */
import type { ConfigNode } from './configNode';

/** True where the list under `field`, or the message around it, is marked as incomplete (`[...]`, `{...}`, cut off). */
export function mayLackEntries(node: ConfigNode, field: string): boolean {
  const list = node.get(field);
  return list ? list.isIncomplete : node.isIncomplete;
}
