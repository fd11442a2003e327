/** What a dump keeps back: Envoy writes sensitive texts so, and people who pass a dump on do the same with others. */
import { FLAG_INCOMPLETE } from '../syntax/tree/syntaxTree';
import { memoizeByNode, type ConfigNode } from './configNode';
import { KEPT_BACK_SPELLINGS } from './keptBackText';

export { KEPT_BACK } from './keptBackText';

/** Somewhere in the message a text is kept back, or the file has lost something. */
export const keepsBack: (node: ConfigNode) => boolean = memoizeByNode(({ tree, id }) => {
  const end = tree.next(id);
  for (let at = id; at < end; at++)
    if (tree.hasFlag(at, FLAG_INCOMPLETE) || KEPT_BACK_SPELLINGS.some((spelling) => tree.isString(at, spelling))) return true;
  return false;
});

/** The first of these fields of which the file has lost a part, or which it keeps back; one that is absent may be lost where the message is cut. */
export function lostField(node: ConfigNode, fields: readonly string[]): string | undefined {
  return fields.find((name) => {
    const field = node.get(name);
    return field ? keepsBack(field) : node.isIncomplete;
  });
}
