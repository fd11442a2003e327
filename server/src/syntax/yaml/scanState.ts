/** How far our own reader of YAML is: the containers that are open, and what waits for a value. */
import type { ValueTape } from '../tree/graftTree';
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../tree/syntaxTree';
import { addNode, closeNode, isKind, type Tape } from '../tree/tape';
import type { LibraryReading, PieceBudget } from './readPiece';

export interface Scan {
  readonly text: string;
  readonly target: ValueTape;
  readonly tape: Tape;
  at: number;
  /** Open containers from the outermost on: their nodes and the columns of their members. */
  readonly nodes: NodeId[];
  readonly indents: number[];
  /** What waits for a value that begins on a later line. */
  pending: 'none' | 'item' | 'property' | 'document';
  keyId: number;
  keyStart: number;
  /** Where an empty value would stand. */
  emptyAt: number;
  /** Where the last value ends, and the containers that end with it. */
  lastEnd: number;
  /** Where the member of each begins that is being read: its key or dash. */
  readonly memberStarts: number[];
  /** Where the last piece ends that the library read with all that belongs to it. */
  pieceEnd: number;
  /** Where each of them begins, and how many problems there were before it. */
  readonly pieces: { readonly start: number; readonly problems: number }[];
  readonly library: YamlLibrary;
  oddLeft: number;
  readonly budget: PieceBudget;
  /** Absent: not yet asked. */
  hasExplicitKeys?: boolean;
}

/** The library, which reads what our own reader does not understand. */
export interface YamlLibrary {
  /** A text that is YAML by itself. */
  readonly readValue: (text: string) => SyntaxTree;
  readonly readPiece: (text: string) => LibraryReading;
}

/** Writes the value that is waited for. */
export function addScalar(scan: Scan, kind: number, span: { start: number; end: number }): boolean {
  const parent = scan.nodes[scan.nodes.length - 1] ?? NO_NODE;
  addNode(scan.tape, { kind, ...span, parent, keyId: scan.keyId, keyStart: scan.keyStart });
  scan.keyId = scan.keyStart = -1;
  scan.pending = 'none';
  scan.lastEnd = span.end;
  return true;
}

/** Opens a container as the value that is waited for; false when none is, or when it is not indented as it must be. */
export function openContainer(scan: Scan, kind: NodeKind, { start, column }: { start: number; column: number }): boolean {
  const top = scan.nodes.length - 1;
  const parent = top < 0 ? NO_NODE : (scan.nodes[top] ?? NO_NODE);
  const least = (scan.indents[top] ?? -1) + (scan.pending === 'property' && kind === NodeKind.array ? 0 : 1);
  if (scan.pending === 'none' || column < least) return false;
  const node = addNode(scan.tape, { kind, start, end: start, parent, keyId: scan.keyId, keyStart: scan.keyStart });
  scan.nodes.push(node);
  scan.indents.push(column);
  scan.keyId = scan.keyStart = -1;
  scan.pending = 'none';
  return true;
}

/** Closes what is indented deeper than the column, and a sequence at the column of the next key of its mapping. */
export function closeTo(scan: Scan, column: number, isItem: boolean): void {
  for (;;) {
    const top = scan.nodes.length - 1;
    const indent = scan.indents[top] ?? -1;
    if (top < 0 || indent < column || (indent === column && (!isSequence(scan, top) || isItem))) break;
    settlePending(scan);
    const node = scan.nodes.pop() ?? NO_NODE;
    scan.indents.pop();
    closeNode(scan.tape, node, scan.lastEnd);
  }
  const isSameLevel = (scan.indents[scan.nodes.length - 1] ?? -1) === column;
  const isSequenceBelow = isItem && scan.pending === 'property';
  if (isSameLevel && !isSequenceBelow) settlePending(scan);
}

/** A key or a dash that nothing followed has the value null. */
function settlePending(scan: Scan): void {
  if (scan.pending === 'item' || scan.pending === 'property') addScalar(scan, NodeKind.null, { start: scan.emptyAt, end: scan.emptyAt });
}

/** Whether the innermost container is of this kind and takes its next member at the column. */
export function isOpenAt({ tape, nodes, indents, pending }: Scan, column: number, kind: NodeKind): boolean {
  const top = nodes.length - 1;
  return top >= 0 && indents[top] === column && isKind(tape, nodes[top] ?? 0, kind) && pending === 'none';
}

export function isSequence(scan: Scan, index: number): boolean {
  return isKind(scan.tape, scan.nodes[index] ?? 0, NodeKind.array);
}
