/** The contract's Location of a node: 1-based lines and UTF-16 columns. */
import type { Location } from '../../protocol/trace';
import type { ConfigNode } from '../../schema/configNode';

export function locationOf({ tree, id }: ConfigNode): Location {
  const start = tree.lines.lineColumnAt(tree.start(id));
  const end = tree.lines.lineColumnAt(tree.end(id));
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
