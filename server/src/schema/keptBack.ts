/** What a dump keeps back: Envoy writes sensitive texts so, and people who pass a dump on do the same with others. */
import { memoizeByNode, type ConfigNode } from './configNode';

/** The text that stands for one that is kept back (Envoy: source/common/protobuf/utility.cc redact). */
export const KEPT_BACK = '[redacted]';

/** Somewhere in the message a text is kept back, or the file has lost something. */
export const keepsBack: (node: ConfigNode) => boolean = memoizeByNode((node) => {
  if (node.isObject) return node.isIncomplete || node.entries().some(([, child]) => keepsBack(child));
  if (node.isArray) return node.isIncomplete || node.items().some(keepsBack);
  return node.asString() === KEPT_BACK;
});
