/** Reads the member of a block collection around a line that our own reader cannot read: the least that the library can read by itself. */
import { graftMember } from '../tree/graftTree';
import { NO_NODE, NodeKind, type NodeId } from '../tree/syntaxTree';
import { isKind } from '../tree/tape';
import { endAt, keyStartAt, parentAt } from '../tree/treeColumns';
import { addErrors } from './readDocuments';
import { readPiece, type OpenBlock, type Piece } from './readPiece';
import { isSequence, type Scan } from './scanState';
import { markLosses } from './yamlErrors';
import { behindSpaces, isDash } from './yamlLine';

/** Keys with a sign of their own: what they are depends on lines far away. */
const EXPLICIT_KEY = /^[ \t-]*\?(?:\s|$)/m;

/** Goes on behind the member; false where only the whole text can tell (what a tab means), and then the tape is to be thrown away. */
export function readAround(scan: Scan, line: number): boolean {
  const { text, budget, library } = scan;
  scan.hasExplicitKeys ??= EXPLICIT_KEY.test(text);
  if (scan.hasExplicitKeys || text.charCodeAt(behindSpaces(text, line)) === 9) return false;
  const blocks = openBlocks(scan, line);
  for (; blocks.length > 0 && --scan.oddLeft >= 0; blocks.pop()) {
    const piece = readPiece({ text, blocks, line }, library.readPiece, budget);
    if (piece) return takePiece(scan, blocks, piece);
  }
  return false;
}

function openBlocks(scan: Scan, line: number): OpenBlock[] {
  const { tape, nodes, indents, memberStarts } = scan;
  return nodes.map((node, index) => {
    const isList = isSequence(scan, index);
    const column = indents[index] ?? 0;
    const memberStart = memberStarts[index] ?? 0;
    const block = { isList, column, start: tape.starts[node] ?? 0, memberStart };
    return index === nodes.length - 1 ? { ...block, memberStart: startOfMember(scan, block, line) } : block;
  });
}

/** The line may begin a member of the innermost block; then it may as well be the value that the one before ends without. */
function startOfMember({ text, tape, nodes }: Scan, { isList, column, memberStart }: OpenBlock, line: number): number {
  const at = behindSpaces(text, line);
  const start = at - line === column && isDash(text, at) === isList ? at : memberStart;
  let before = tape.size - 1;
  while (before >= 0 && (tape.starts[before] ?? 0) >= start) before--;
  if (!isKind(tape, before, NodeKind.null) || endAt(tape, before) !== tape.starts[before]) return start;
  const block = nodes.at(-1);
  while (before >= 0 && parentAt(tape, before) !== block) before = parentAt(tape, before);
  if (before < 0) return start;
  return isList ? text.lastIndexOf('-', (tape.starts[before] ?? 0) - 1) : keyStartAt(tape, before);
}

function takePiece(scan: Scan, blocks: readonly OpenBlock[], { tree, members, toOuter, errors, end }: Piece): true {
  const { tape, target } = scan;
  dropFrom(scan, blocks);
  const parent = scan.nodes.at(-1) ?? NO_NODE;
  for (const root of members) graftMember(target, { inner: tree, root, toOuter, flags: 0 }, parent);
  addErrors(tape, errors);
  markLosses(tape, 0, errors);
  scan.lastEnd = toOuter(tree.end(members.at(-1) ?? NO_NODE));
  scan.at = scan.pieceEnd = end;
  return true;
}

/** Takes back what has been written of the last block's member. */
function dropFrom(scan: Scan, blocks: readonly OpenBlock[]): void {
  const { tape, target, nodes, indents, memberStarts, pieces } = scan;
  nodes.length = indents.length = memberStarts.length = blocks.length;
  const start = blocks.at(-1)?.memberStart ?? 0;
  const block: NodeId = nodes.at(-1) ?? NO_NODE;
  while (tape.size - 1 > block && (tape.starts[tape.size - 1] ?? 0) >= start) target.values.delete(--tape.size);
  for (let last = pieces.at(-1); last && last.start >= start; last = pieces.at(-1)) {
    tape.problems.length = last.problems;
    pieces.pop();
  }
  pieces.push({ start, problems: tape.problems.length });
  scan.pending = 'none';
  scan.keyId = scan.keyStart = -1;
}
