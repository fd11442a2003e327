/**
 * The tree of a JSON text after an edit, made from the tree before: only what stands between the untouched neighbours of the edit is read,
 * everything behind it is shifted. Whatever is not plainly right is left to a whole reading.
 */
import { findFirst } from '../../text/findFirst';
import { editLined, type LinedEdit } from '../../text/lineIndex';
import type { Text, TextEdit } from '../../text/text';
import { createCursor, Phase, type JsonCursor } from './jsonCursor';
import { readOn } from './parseJson';
import { spliceTree, tapeInside, type EditedTree } from '../tree/editedTree';
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../tree/syntaxTree';
import type { Tape } from '../tree/tape';

/** Undefined where the text must be read as a whole: broken, or the edit broke it, or touches its outermost brackets. */
export function editJson(tree: SyntaxTree, edit: LinedEdit): EditedTree | undefined {
  if (tree.language !== 'json' || tree.problems.length > 0 || tree.roots.length !== 1) return undefined;
  const stretch = findStretch(tree, edit);
  if (!stretch) return undefined;
  const shift = edit.inserted.length - (edit.end - edit.start);
  const lined = editLined(tree, edit);
  const tape = readStretch(tree, stretch, { text: lined.text, shift });
  if (!tape) return undefined;
  const { container, first, end } = stretch;
  return spliceTree(tree, lined, { container, first, end, shift, tape });
}

/** The members of a container that an edit touches, with the blanks around them. */
interface Stretch {
  readonly container: NodeId;
  /** Its members from `first` to `end` (exclusive) are read anew. */
  readonly first: NodeId;
  readonly end: NodeId;
  /** Offsets in the old text: after the member before (or the bracket), and where the member behind (or the bracket) begins. */
  readonly from: number;
  readonly to: number;
  readonly hasBefore: boolean;
  readonly hasBehind: boolean;
}

function findStretch(tree: SyntaxTree, edit: TextEdit): Stretch | undefined {
  const container = findContainer(tree, edit);
  if (container === NO_NODE) return undefined;
  const stop = tree.next(container);
  let before: NodeId = NO_NODE;
  let behind: NodeId = NO_NODE;
  for (let child = container + 1; child < stop; child = tree.next(child)) {
    // What touches the edit may grow together with it.
    if (tree.end(child) < edit.start) before = child;
    else if (tree.memberStart(child) > edit.end) {
      behind = child;
      break;
    }
  }
  return {
    container,
    first: before === NO_NODE ? container + 1 : tree.next(before),
    end: behind === NO_NODE ? stop : behind,
    from: before === NO_NODE ? tree.start(container) + 1 : tree.end(before),
    to: behind === NO_NODE ? tree.end(container) - 1 : tree.memberStart(behind),
    hasBefore: before !== NO_NODE,
    hasBehind: behind !== NO_NODE,
  };
}

/** The innermost container that has the whole edit between its brackets. */
function findContainer(tree: SyntaxTree, { start, end }: TextEdit): NodeId {
  const { starts, size } = tree.columns;
  let node: NodeId = findFirst(size, (each) => (starts[each] ?? 0) >= start) - 1;
  while (node !== NO_NODE && !(tree.isContainer(node) && tree.start(node) < start && end < tree.end(node))) node = tree.parent(node);
  return node;
}

/** The nodes of the stretch, below one that stands for the container; undefined where something is not as it should be. */
function readStretch(tree: SyntaxTree, stretch: Stretch, { text, shift }: { text: Text; shift: number }): Tape | undefined {
  const isObject = tree.kind(stretch.container) === NodeKind.object;
  const to = stretch.to + shift;
  const cursor = openStretch(tree, stretch, text);
  const { tape } = cursor;
  cursor.window.limit = to;
  while (cursor.at < to && cursor.current !== NO_NODE && tape.problems.length === 0) readOn(cursor);
  const isEmpty = cursor.phase === (isObject ? Phase.firstKey : Phase.firstItem);
  const isBeforeMember = cursor.phase === (isObject ? Phase.key : Phase.item);
  const isSound = stretch.hasBehind ? isBeforeMember || isEmpty : cursor.phase === Phase.after || isEmpty;
  // A comment may say that something is left out: then the container is another one.
  const isWhole = tape.kinds[0] === tree.columns.kinds[stretch.container];
  return isSound && isWhole && cursor.current === 0 && cursor.at === to && tape.problems.length === 0 ? tape : undefined;
}

function openStretch(tree: SyntaxTree, { container, from, hasBefore }: Stretch, text: Text): JsonCursor {
  const cursor = createCursor(tapeInside(tree, container, text));
  const isObject = tree.kind(container) === NodeKind.object;
  cursor.at = cursor.lastEnd = from;
  cursor.current = 0;
  cursor.phase = hasBefore ? Phase.after : isObject ? Phase.firstKey : Phase.firstItem;
  if (isObject) cursor.openObjects = 1;
  else cursor.openArrays = 1;
  return cursor;
}
