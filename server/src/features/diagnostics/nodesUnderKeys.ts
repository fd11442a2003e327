/** Finds values by their keys alone, wherever they stand. */
import type { NodeId, SyntaxTree } from '../../syntax/tree/syntaxTree';

/** The nodes whose key is one of these, in document order; one look at each node, none where the document has no such key. */
export function nodesUnderKeys(tree: SyntaxTree, keys: readonly string[]): NodeId[] {
  return keyFinder(tree, keys)(0, tree.size);
}

/** The same in stretches of a document: the nodes from one to another (exclusive). */
export function keyFinder(tree: SyntaxTree, keys: readonly string[]): (from: NodeId, to: NodeId) => NodeId[] {
  const ids = keys.map((key) => tree.idOfKey(key)).filter((id) => id >= 0);
  if (ids.length === 0) return () => [];
  const isWanted = new Uint8Array(tree.keyNames.length);
  for (const id of ids) isWanted[id] = 1;
  const { keyIds } = tree.columns;
  return (from, to) => {
    const found: NodeId[] = [];
    for (let node = from; node < to; node++) if (isWanted[keyIds[node] ?? -1] === 1) found.push(node);
    return found;
  };
}
