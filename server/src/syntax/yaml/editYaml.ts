/**
 * The tree of a YAML text after an edit inside a scalar that is a value, or an item, on one line of block style: that one is read, everything
 * behind it is shifted. Any other edit, and whatever is not plainly right, is left to a whole reading.
 */
import { editLined, type LinedEdit } from '../../text/lineIndex';
import { lineAfter } from '../../text/lineEnds';
import type { Text } from '../../text/text';
import { findFirst } from '../../text/findFirst';
import { spliceTree, tapeInside, type EditedTree } from '../tree/editedTree';
import { parseJson } from '../json/parseJson';
import { scanYaml } from './scanYaml';
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../tree/syntaxTree';
import { addNode, createTape } from '../tree/tape';
import { endAt } from '../tree/treeColumns';

/** Undefined where the text must be read as a whole. */
export function editYaml(tree: SyntaxTree, edit: LinedEdit): EditedTree | undefined {
  if (tree.language !== 'yaml' || !tree.parts.isMovable || tree.problems.length > 0 || /[\r\n]/.test(edit.inserted)) return undefined;
  const node = scalarAround(tree, edit);
  const container = node === NO_NODE ? NO_NODE : tree.parent(node);
  if (container === NO_NODE || isInFlow(tree, container) || tree.parts.keepsValue?.(node) === true) return undefined;
  const shift = edit.inserted.length - (edit.end - edit.start);
  const lined = editLined(tree, edit);
  const [before, after] = [tree.text, lined.text].map((text) => readValue(text, tree.start(node)));
  if (before?.end !== tree.end(node) || after?.end !== tree.end(node) + shift) return undefined;
  const tape = tapeInside(tree, container, lined.text);
  addNode(tape, { ...after, start: tree.start(node), parent: 0, keyId: tree.keyId(node), keyStart: tree.keyStart(node) });
  return spliceTree(tree, lined, { container, first: node, end: node + 1, shift, tape });
}

/** The scalar that has the whole edit inside, or at one of its ends. */
function scalarAround(tree: SyntaxTree, { start, end }: LinedEdit): NodeId {
  const { starts, size } = tree.columns;
  const node = findFirst(size, (each) => (starts[each] ?? 0) > start) - 1;
  const isAround = node !== NO_NODE && !tree.isContainer(node) && end <= tree.end(node) && tree.start(node) < tree.end(node);
  return isAround ? node : NO_NODE;
}

/** A container of flow style, or inside of one: it begins with its bracket, a block with its first key or dash. */
function isInFlow(tree: SyntaxTree, container: NodeId): boolean {
  for (let at = container; at !== NO_NODE; at = tree.parent(at)) if ('{['.includes(tree.text.charAt(tree.start(at)))) return true;
  return false;
}

interface LineValue {
  /** A NodeKind with flags. */
  readonly kind: number;
  /** In the text. */
  readonly end: number;
}

const BEFORE = 'k: ';

/** The scalar that begins at a place of a text and ends on its line, with nothing but a comment behind it. */
function readValue(text: Text, start: number): LineValue | undefined {
  const line = text.slice(start, lineAfter(text, start));
  // What a block scalar is, the lines behind it say; a ConfigMap is read in another way.
  if (line.startsWith('|') || line.includes('ConfigMap')) return undefined;
  let isOdd = false;
  const tape = createTape(BEFORE + line);
  const noteOdd = (): SyntaxTree => {
    isOdd = true;
    return parseJson('', '');
  };
  const library = { readValue: noteOdd, readPiece: () => ({ tree: noteOdd(), errors: [] }) };
  const isRead = scanYaml({ tape, values: new Map(), keyEnds: new Map() }, library);
  const isScalar = isRead && !isOdd && tape.size === 2 && tape.starts[1] === BEFORE.length && (tape.kinds[0] ?? 0) === NodeKind.object;
  return isScalar ? { kind: tape.kinds[1] ?? 0, end: start + endAt(tape, 1) - BEFORE.length } : undefined;
}
