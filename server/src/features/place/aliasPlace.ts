/** A YAML alias (`*name`) under the cursor, and the anchor that it names. */
import { aliasAround, findAnchor } from '../../syntax/yaml/findAnchor';
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import type { Span } from '../../text/span';
import { configNodeAt, type Place } from './place';

export interface AliasPlace {
  readonly tree: SyntaxTree;
  readonly node: NodeId;
  readonly anchor: Span;
}

/** Undefined where no alias stands, or where nothing before it has its name. */
export function aliasAt(place: Place): AliasPlace | undefined {
  const found = configNodeAt(place);
  const node = found ? aliasAround(found.tree, found.id) : NO_NODE;
  if (!found || node === NO_NODE || place.offset < found.tree.start(node)) return undefined;
  const anchor = findAnchor(found.tree, node);
  return anchor && { tree: found.tree, node, anchor };
}

/** Whether an alias stands for one scalar. One of a merge key brings members, whose keys stand where it stands. */
export function isScalarAlias(tree: SyntaxTree, node: NodeId): boolean {
  return !tree.isContainer(node) && aliasAround(tree, node) === node && tree.keySpan(node)?.start !== tree.start(node);
}
