/** A tree after an edit, made of the tree before and what was read anew. */
import type { LineIndex } from '../../text/lineIndex';
import type { Text } from '../../text/text';
import { spliceColumns, type Splice } from './spliceColumns';
import { NO_NODE, SyntaxTree, type NodeId } from './syntaxTree';
import { addNode, createTape, type Tape } from './tape';

/** A tree, and which nodes of the one before it have others in their place. */
export interface EditedTree {
  readonly tree: SyntaxTree;
  /** The container of what was edited; the same node in both trees. */
  readonly container: NodeId;
  /** Old nodes from `first` to `end` (exclusive) are gone; as many new ones as `added` stand there. */
  readonly first: NodeId;
  readonly end: NodeId;
  readonly added: number;
}

/** A tape for what is read anew in a container of the tree: its first node stands for that, its keys are the tree's. */
export function tapeInside({ columns, parts }: SyntaxTree, container: NodeId, text: Text): Tape {
  const tape: Tape = { ...createTape(''), text, keys: parts.keys };
  addNode(tape, { kind: columns.kinds[container] ?? 0, start: 0, end: 0, parent: NO_NODE, keyId: -1, keyStart: -1 });
  return tape;
}

/** The tree of the text after the edit, in which the tape stands for what the splice replaces. */
export function spliceTree(before: SyntaxTree, { text, lines }: { text: Text; lines: LineIndex }, splice: Splice): EditedTree {
  const { container, first, end, tape } = splice;
  const tree = new SyntaxTree({ ...before.parts, types: undefined, text, lines, columns: spliceColumns(before.columns, splice) });
  return { tree, container, first, end, added: tape.size - 1 };
}
