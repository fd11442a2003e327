/** Whether an object that names no type is what its members make one think: most of its keys must be fields. */
import type { ConfigNode } from '../../schema/configNode';
import { findFieldOfKey, messageType } from '../../schema/table/messageType';

/** `message`: the full name that was guessed. */
export function isPlausible(node: ConfigNode, message: string): boolean {
  const type = messageType(message);
  if (!type) return false;
  const keys = node.entries();
  return keys.filter(([key]) => findFieldOfKey(type, key) === undefined).length * 2 <= keys.length;
}
