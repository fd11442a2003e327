/** Renames one of two things of the same name. */
import type { ConfigNode } from '../../schema/configNode';
import { replaceText } from '../writing/textChanges';
import type { ProblemFix } from './rule';

/** The fix that gives a message another `name`; undefined where it has none. */
export function renameTo(item: ConfigNode, name: string): ProblemFix | undefined {
  const at = item.get('name');
  return at && { title: `Rename to "${name}"`, changes: replaceText(at, name) };
}

/** `name-2`, or the next number that no item has. */
export function freeName(name: string, items: readonly ConfigNode[]): string {
  const taken = new Set(items.map((item) => item.string('name')));
  let count = 2;
  while (taken.has(`${name}-${count}`)) count++;
  return `${name}-${count}`;
}
