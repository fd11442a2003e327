/** The contract's Location of a node: 1-based lines and UTF-16 columns. */
import type { Location } from '../../protocol/trace';
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import type { NodeId, SyntaxTree } from '../../syntax/tree/syntaxTree';
import type { Span } from '../../text/span';

/** A copy of its own for each caller; looked up once for each node, since traces pass the same ones again and again. */
export function locationOf(node: ConfigNode): Location {
  return { ...locationOnce(node) };
}

const locationOnce = memoizeByNode(({ tree, id }) => locationOfSpan(tree, id, tree.span(id)));

/** The place of a stretch that belongs to a node, such as its key. */
export function locationOfSpan(tree: SyntaxTree, id: NodeId, span: Span): Location {
  const start = tree.lines.lineColumnAt(span.start);
  const end = tree.lines.lineColumnAt(span.end);
  const document = tree.documentOf(id);
  return {
    uri: tree.uri,
    pointer: tree.pointer(id),
    ...(document > 0 && { document }),
    line: start.line + 1,
    column: start.column + 1,
    endLine: end.line + 1,
    endColumn: end.column + 1,
  };
}
