/** What a dump keeps back: Envoy writes sensitive texts so, and people who pass a dump on do the same with others. */
import { FLAG_INCOMPLETE } from '../syntax/syntaxTree';
import { memoizeByNode, type ConfigNode } from './configNode';

/** The text that stands for one that is kept back (Envoy: source/common/protobuf/utility.cc redact). */
export const KEPT_BACK = '[redacted]';

/** Somewhere in the message a text is kept back, or the file has lost something. */
export const keepsBack: (node: ConfigNode) => boolean = memoizeByNode(({ tree, id }) => {
  const end = tree.next(id);
  for (let at = id; at < end; at++) if (tree.hasFlag(at, FLAG_INCOMPLETE) || tree.isString(at, KEPT_BACK)) return true;
  return false;
});
