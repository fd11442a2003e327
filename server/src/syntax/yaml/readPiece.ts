/**
 * Reads one member of a block collection with the library: the one around what our own reader does not understand. It stands between lines
 * that are like what is around it, so that the nodes and the errors are those of the whole text; where it reaches out, a larger piece is wanted.
 */
import { lineAfter, lineStartAt } from '../../text/lineEnds';
import type { Span } from '../../text/span';
import { FLAG_COPY, NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../tree/syntaxTree';
import { endWithFlows } from './flattenFlows';
import { endWithQuotes } from './joinQuotedLines';
import { isMissingQuote, isOpenEnd, type YamlError } from './yamlErrors';
import { behindSpaces, endOfDeeper, isDash, isMarker } from './yamlLine';

/** A text as the library reads it; the problems of the tree are those that it has beside the errors. */
export interface LibraryReading {
  readonly tree: SyntaxTree;
  readonly errors: readonly YamlError[];
}

/** A block collection that is open. */
export interface OpenBlock {
  readonly isList: boolean;
  readonly column: number;
  /** Where its first member begins, and the one that is being read. */
  readonly start: number;
  readonly memberStart: number;
}

/** What stands at a place of a text: the blocks that are open from the outermost on, and the line that cannot be read. */
export interface PiecePlace {
  readonly text: string;
  readonly blocks: readonly OpenBlock[];
  readonly line: number;
}

export interface Piece {
  readonly tree: SyntaxTree;
  readonly members: readonly NodeId[];
  readonly toOuter: (offset: number) => number;
  /** With the offsets of the text. */
  readonly errors: readonly YamlError[];
  /** Where the next line begins. */
  readonly end: number;
}

/** What all pieces of a text may have together, in characters: more is not worth it, the library reads the whole text at once. */
export interface PieceBudget {
  left: number;
}

/** A longer one is no piece any more. */
const MAX_LENGTH = 200_000;

/** To look for the end of what is not closed is so many times faster than to read it. */
const SEARCH_SPEED = 20;

/** The member of the last block that is being read; undefined where the library needs more around it. */
export function readPiece(place: PiecePlace, read: (text: string) => LibraryReading, budget: PieceBudget): Piece | undefined {
  const { text, blocks } = place;
  const last = blocks.at(-1);
  const start = lineStartAt(text, last?.memberStart ?? 0);
  for (let line = place.line; last;) {
    const limit = Math.min(text.length, start + MAX_LENGTH);
    const end = endOfDeeper(text, line, { column: last.column, takesItems: !last.isList, limit });
    const isLong = end - start >= MAX_LENGTH;
    budget.left -= (end - start) / (isLong ? SEARCH_SPEED : 1);
    const next = isLong || budget.left < 0 ? undefined : nextLine(place, end);
    if (!next) return undefined;
    const piece = { start, end, ...next };
    const reading = readBetween(place, piece, read);
    const needed = reading.errors.length > 0 ? neededEnd(text, piece, reading.errors) : end;
    if (needed <= end)
      return takePiece(place, piece, reading) ?? (reading.errors.some(isOpenEnd) ? readAlone(place, piece, read) : undefined);
    budget.left -= (needed - end) / SEARCH_SPEED;
    line = lineStartAt(text, needed - 1);
  }
  return undefined;
}

/** With offsets of the text. */
interface PieceReading extends LibraryReading {
  readonly shift: number;
}

function readBetween(place: PiecePlace, { start, end, lines }: PieceLines, read: (text: string) => LibraryReading): PieceReading {
  const head = headOf(place, start);
  const shift = start - head.length;
  const { tree, errors } = read(head + place.text.slice(start, end) + lines);
  const moved = errors.map(({ code, message, pos: [from, to] }) => ({ code, message, pos: [from + shift, to + shift] as const }));
  return { tree, errors: moved, shift };
}

/** What is not closed ends with the piece: the library would take the beginning of the next line for part of it. */
function readAlone(place: PiecePlace, piece: PieceLines, read: (text: string) => LibraryReading): Piece | undefined {
  const alone = { ...piece, lines: '', block: -1 };
  return takePiece(place, alone, readBetween(place, alone, read));
}

/** What goes before the piece: each block with the key or the dash that leads to it, or with a member before. */
function headOf({ text, blocks }: PiecePlace, line: number): string {
  let head = '';
  for (const { isList, column, start, memberStart } of blocks) {
    if (start >= line) break;
    const value = memberStart >= line ? valueBefore(text, line, { isList, column }) : '';
    head += `${' '.repeat(column)}${isList ? '-' : 'k:'}${value}\n`;
  }
  return head;
}

/** A value that ends as deep as the line before does: the library's reading of the next line depends on it. */
function valueBefore(text: string, line: number, { isList, column }: Pick<OpenBlock, 'isList' | 'column'>): string {
  const before = line === 0 ? 0 : lineStartAt(text, line - 1);
  const at = behindSpaces(text, before);
  if (at - before > column) return `\n${text.slice(before, at)}k`;
  return !isList && at - before === column && isDash(text, at) ? `\n${text.slice(before, at)}- k` : ' k';
}

interface NextLine {
  /** Remarks, and a line like the next one; with quotes, as the rest of a text may have them. */
  readonly lines: string;
  /** The block that it is a member of; -1: of none. */
  readonly block: number;
}

function nextLine({ text, blocks }: PiecePlace, end: number): NextLine | undefined {
  let line = end;
  let at = end;
  for (;;) {
    at = behindSpaces(text, at);
    if (at < text.length && !'#\r\n'.includes(text.charAt(at))) break;
    if (at >= text.length) return { lines: text.slice(end), block: -1 };
    line = at = lineAfter(text, at);
  }
  const remarks = text.slice(end, line);
  if (remarks.length > MAX_LENGTH) return undefined;
  const column = at - line;
  if (column === 0 && isMarker(text, at)) return { lines: `${remarks}---\n`, block: -1 };
  const isItem = isDash(text, at);
  const block = blocks.findLastIndex((each) => each.column === column && each.isList === isItem);
  return block < 0 ? undefined : { lines: `${remarks}${' '.repeat(column)}${isItem ? '- z' : 'z: z'} # "'.\n`, block };
}

/** Where flow style and quoted texts end that go on behind the piece: their indentation may be wrong, and yet they are closed. */
function neededEnd(text: string, piece: Span, errors: readonly YamlError[]): number {
  const quotes = errors.filter(isMissingQuote).map(({ pos }) => pos[0] - 1);
  return quotes.length > 0 ? Math.max(endWithFlows(text, piece), endWithQuotes(text, piece, quotes)) : endWithFlows(text, piece);
}

type PieceLines = Span & NextLine;

function takePiece(place: PiecePlace, lines: PieceLines, { tree, errors, shift }: PieceReading): Piece | undefined {
  const isInside = errors.every(({ pos: [at] }) => at >= lines.start && at <= lines.end);
  const members = isInside && tree.problems.length === 0 ? membersOf(place, { ...lines, shift }, tree) : undefined;
  return members && { tree, members, errors, toOuter: (offset) => offset + shift, end: lines.end };
}

interface PieceSpan extends PieceLines {
  readonly shift: number;
}

/** The nodes of the piece, where all that is around it is read as it stands there. */
function membersOf({ blocks }: PiecePlace, span: PieceSpan, tree: SyntaxTree): readonly NodeId[] | undefined {
  let node = tree.roots.length === 1 ? (tree.roots[0] ?? NO_NODE) : NO_NODE;
  for (const [index, block] of blocks.entries()) {
    if (node === NO_NODE || !isBlock(tree, node, block)) return undefined;
    const members = tree.children(node);
    if (span.block === index && tree.memberStart(members.pop() ?? NO_NODE) + span.shift < span.end) return undefined;
    if (block.start < span.start && block.memberStart >= span.start) members.shift();
    if (index === blocks.length - 1) return isPiece(tree, members, { ...span, start: block.memberStart }) ? members : undefined;
    node = members.length === 1 ? (members[0] ?? NO_NODE) : NO_NODE;
  }
  return undefined;
}

function isBlock(tree: SyntaxTree, node: NodeId, { isList, column }: OpenBlock): boolean {
  const start = tree.start(node);
  const isFlow = '{['.includes(tree.text.charAt(start));
  return !isFlow && tree.kind(node) === (isList ? NodeKind.array : NodeKind.object) && start - lineStartAt(tree.text, start) === column;
}

/** Aliases are not read here: what they name may stand anywhere. Nor a key that is not there: the library places it by what is before it. */
function isPiece(tree: SyntaxTree, members: readonly NodeId[], { start, end, shift }: PieceSpan): boolean {
  for (let node = 0; node < tree.size; node++) if (tree.hasFlag(node, FLAG_COPY)) return false;
  const first = tree.keySpan(members[0] ?? NO_NODE);
  if (first && first.start === first.end) return false;
  return members.length > 0 && members.every((node) => tree.memberStart(node) + shift >= start && tree.end(node) + shift <= end);
}
