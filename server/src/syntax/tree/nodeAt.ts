/** Finds the node at an offset: the innermost value, or the value whose key is there. */
import { findFirst } from '../../text/findFirst';
import { NO_NODE, type NodeId, type SyntaxTree } from './syntaxTree';

export interface NodePlace {
  readonly node: NodeId;
  readonly part: 'key' | 'value';
}

/** The deepest node at an offset (both ends of a token count as inside); undefined outside of every document. */
export function nodeAt(tree: SyntaxTree, offset: number): NodePlace | undefined {
  let found: NodePlace | undefined;
  let node = lastStartingBefore(tree, tree.roots, offset);
  while (node !== NO_NODE) {
    const place = placeIn(tree, node, offset);
    if (!place) break;
    found = place;
    if (place.part === 'key') break;
    node = lastStartingBefore(tree, tree.children(node), offset);
  }
  return found;
}

/** The last of several siblings whose key (or value, without one) starts at or before the offset. */
function lastStartingBefore(tree: SyntaxTree, siblings: readonly NodeId[], offset: number): NodeId {
  const low = findFirst(siblings.length, (index) => tree.memberStart(siblings[index] ?? NO_NODE) > offset);
  const found = siblings[low - 1] ?? NO_NODE;
  const before = siblings[low - 2] ?? NO_NODE;
  const endsAtOffset = before !== NO_NODE && tree.memberStart(found) === offset && tree.end(before) === offset && !tree.isContainer(before);
  return endsAtOffset && tree.isContainer(found) ? before : found;
}

function placeIn(tree: SyntaxTree, node: NodeId, offset: number): NodePlace | undefined {
  if (tree.start(node) <= offset && offset <= tree.end(node)) return { node, part: 'value' };
  const key = tree.keySpan(node);
  return key && key.start <= offset && offset <= key.end ? { node, part: 'key' } : undefined;
}
