/**
 * Reads YAML as tools print it: block mappings and sequences of scalars and flow collections on one line, literal blocks, comments, documents. Values that are
 * rarer (flow style over lines, folded text, texts over several lines) are read by the library, each by itself. What cannot be understood by itself
 * (anchors, tags, errors) makes it give up: then the library reads the whole text, with the same nodes.
 */
import { lineAfter } from '../../text/lineEnds';
import type { ValueTape } from '../tree/graftTree';
import { internKeyName } from '../tree/keyTable';
import { readLiteralBlock } from './readLiteralBlock';
import { readFlowLine } from './readFlowLine';
import { readOddValue } from './readOddValue';
import { FLAG_ENCODED, NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../tree/syntaxTree';
import { addNode, closeNode, type Tape } from '../tree/tape';
import { endAt, keyStartAt, parentAt } from '../tree/treeColumns';
import { findKeyEnd, isBehindDash, isMarker, isSpaceOrEnd, isUnplainStart, quotedLineEnd } from './yamlLine';
import { resolvePlain } from './yamlScalar';

interface Scan {
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
  readonly readYaml: (text: string) => SyntaxTree;
  oddLeft: number;
}

/** So many values the library reads one by one; where there are more, the whole text at once is less work. */
const MAX_ODD = 5_000;

/** Writes the nodes of a plain text into the tape; false when the text is not plain: then the tape is to be thrown away. */
export function scanYaml(target: ValueTape, readYaml: (text: string) => SyntaxTree): boolean {
  const { tape } = target;
  const scan: Scan = {
    text: String(tape.text),
    target,
    tape,
    at: tape.text.charCodeAt(0) === 0xfeff ? 1 : 0,
    nodes: [],
    indents: [],
    pending: 'document',
    keyId: -1,
    keyStart: -1,
    emptyAt: 0,
    lastEnd: 0,
    readYaml,
    oddLeft: MAX_ODD,
  };
  if (scan.text.includes('\ufeff', 1)) return false;
  while (scan.at < scan.text.length) {
    const lineStart = scan.at;
    if (!readLine(scan) && !readOnFromPlain(scan, lineStart)) return false;
  }
  closeTo(scan, -1, false);
  return tape.size > 0;
}

/** Reads the line at the cursor and goes to the next one; false where the line is not plain. */
function readLine(scan: Scan): boolean {
  const { text } = scan;
  const lineStart = scan.at;
  let at = lineStart;
  while (text.charCodeAt(at) === 32) at++;
  const code = text.charCodeAt(at);
  if (code === 10 || code === 13 || code !== code) return endLine(scan, at);
  if (code === 35) return skipLine(scan, at);
  const column = at - lineStart;
  if (column === 0 && (code === 45 || code === 46) && isMarker(text, at)) return readMarker(scan, at);
  const isItem = code === 45 && isSpaceOrEnd(text.charCodeAt(at + 1));
  closeTo(scan, column, isItem);
  return isItem ? readItems(scan, lineStart, at) : readMember(scan, lineStart, at);
}

/** Dashes, one or several on a line, and what stands behind them. */
function readItems(scan: Scan, lineStart: number, from: number): boolean {
  const { text } = scan;
  let at = from;
  while (text.charCodeAt(at) === 45 && isSpaceOrEnd(text.charCodeAt(at + 1))) {
    const column = at - lineStart;
    const top = scan.nodes.length - 1;
    const isOpen = top >= 0 && scan.indents[top] === column && isSequence(scan, top) && scan.pending === 'none';
    if (!isOpen && !openContainer(scan, NodeKind.array, { start: at, column })) return false;
    scan.pending = 'item';
    scan.keyId = scan.keyStart = -1;
    at++;
    while (text.charCodeAt(at) === 32) at++;
    scan.emptyAt = at;
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13 || code !== code) return endLine(scan, at);
    if (code === 35 || code === 9) return false;
  }
  return readMember(scan, lineStart, at);
}

/** A key with its colon, or a scalar that is an item. */
function readMember(scan: Scan, lineStart: number, at: number): boolean {
  const keyStop = findKeyEnd(scan.text, at);
  if (keyStop <= 0) {
    if (scan.pending !== 'item' || at === lineStart || !isBehindDash(scan.text, at)) return false;
    return (keyStop === 0 && readScalar(scan, at)) || readOdd(scan, at);
  }
  const column = at - lineStart;
  const top = scan.nodes.length - 1;
  const isOpen = top >= 0 && scan.indents[top] === column && !isSequence(scan, top) && scan.pending === 'none';
  if (!isOpen && !openContainer(scan, NodeKind.object, { start: at, column })) return false;
  const { text } = scan;
  const isQuoted = text.charCodeAt(at) === 34 || text.charCodeAt(at) === 39;
  const name = isQuoted ? text.slice(at + 1, keyStop - 1) : text.slice(at, keyStop);
  if (name === '<<' || (isQuoted && /[\\']/.test(name))) return false;
  scan.keyId = internKeyName(scan.tape.keys, name);
  scan.keyStart = at;
  scan.pending = 'property';
  let value = keyStop + 1;
  scan.emptyAt = value;
  while (text.charCodeAt(value) === 32) value++;
  const code = text.charCodeAt(value);
  if (code === 10 || code === 13 || code !== code) {
    scan.emptyAt = value;
    return endLine(scan, value);
  }
  return code !== 35 && (readScalar(scan, value) || readOdd(scan, value));
}

function readScalar(scan: Scan, at: number): boolean {
  const { text } = scan;
  const code = text.charCodeAt(at);
  if (code === 34 || code === 39) {
    const end = quotedLineEnd(text, at);
    return end > 0 && addScalar(scan, NodeKind.string | FLAG_ENCODED, { start: at, end }) && endLine(scan, end);
  }
  if (code === 123 || code === 91) return readFlow(scan, at);
  if (code === 124) return readLiteral(scan, at);
  return !isUnplainStart(text, at) && readPlain(scan, at);
}

/** A collection in flow style on one line. */
function readFlow(scan: Scan, at: number): boolean {
  const { tape, keyId, keyStart } = scan;
  const first = tape.size;
  const end = readFlowLine(tape, at, { parent: scan.nodes.at(-1) ?? NO_NODE, keyId, keyStart });
  const next = end === undefined ? undefined : lineEndOf(scan.text, end);
  if (end === undefined || next === undefined) {
    tape.size = first;
    return false;
  }
  scan.keyId = scan.keyStart = -1;
  scan.pending = 'none';
  scan.lastEnd = end;
  return skipLine(scan, next);
}

/** A value that is not plain, and that no other one is needed for. */
function readOdd(scan: Scan, start: number): boolean {
  const { keyId, keyStart } = scan;
  const top = scan.nodes.length - 1;
  if (scan.pending === 'none' || top < 0 || --scan.oddLeft < 0 || '&*!'.includes(scan.text.charAt(start))) return false;
  const place = { start, column: scan.indents[top] ?? 0, parent: scan.nodes[top] ?? NO_NODE, keyId, keyStart };
  const node = scan.tape.size;
  const next = readOddValue(scan.target, place, scan.readYaml);
  if (next === undefined) return false;
  scan.keyId = scan.keyStart = -1;
  scan.pending = 'none';
  scan.lastEnd = endAt(scan.tape, node);
  scan.at = next;
  return true;
}

/** A line that is no member of anything goes on with the plain text of the line before. */
function readOnFromPlain(scan: Scan, lineStart: number): boolean {
  const { tape, text } = scan;
  const last = tape.size - 1;
  const start = tape.starts[last] ?? 0;
  const isPlain = scan.pending === 'none' && parentAt(tape, last) === scan.nodes.at(-1) && !isUnplainStart(text, start);
  if (!isPlain || tape.kinds[last] === NodeKind.object || tape.kinds[last] === NodeKind.array) return false;
  if (text.slice(start, lineStart).trimEnd().includes('\n')) return false;
  scan.keyId = tape.keyIds[last] ?? -1;
  scan.keyStart = keyStartAt(tape, last);
  scan.pending = 'property';
  tape.size = last;
  return readOdd(scan, start) && scan.at > lineStart;
}

function readPlain(scan: Scan, start: number): boolean {
  const { text } = scan;
  let end = start;
  let at = start;
  for (; ; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13 || code !== code) break;
    if (code === 32) continue;
    if (code === 9 || (code === 58 && isSpaceOrEnd(text.charCodeAt(at + 1)))) return false;
    if (code === 35 && text.charCodeAt(at - 1) === 32) break;
    end = at + 1;
  }
  addScalar(scan, resolvePlain(text.slice(start, end)).kind, { start, end });
  return skipLine(scan, at);
}

function readLiteral(scan: Scan, at: number): boolean {
  const parent = scan.indents[scan.indents.length - 1] ?? 0;
  const block = readLiteralBlock(scan.text, at, parent);
  if (!block) return false;
  const node = scan.tape.size;
  addScalar(scan, NodeKind.string | FLAG_ENCODED, { start: at, end: block.end });
  scan.target.values.set(node, block.value);
  scan.at = block.next;
  return true;
}

function addScalar(scan: Scan, kind: number, span: { start: number; end: number }): boolean {
  const parent = scan.nodes[scan.nodes.length - 1] ?? NO_NODE;
  addNode(scan.tape, { kind, ...span, parent, keyId: scan.keyId, keyStart: scan.keyStart });
  scan.keyId = scan.keyStart = -1;
  scan.pending = 'none';
  scan.lastEnd = span.end;
  return true;
}

/** Opens a container as the value that is waited for; false when none is, or when it is not indented as it must be. */
function openContainer(scan: Scan, kind: NodeKind, { start, column }: { start: number; column: number }): boolean {
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
function closeTo(scan: Scan, column: number, isItem: boolean): void {
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

function isSequence(scan: Scan, index: number): boolean {
  return scan.tape.kinds[scan.nodes[index] ?? 0] === NodeKind.array;
}

/** `---` begins a document. */
function readMarker(scan: Scan, at: number): boolean {
  if (scan.text.charCodeAt(at) === 46) return false;
  closeTo(scan, -1, false);
  scan.pending = 'document';
  return endLine(scan, at + 3);
}

/** After a token: only spaces and a comment may follow on the line. */
function endLine(scan: Scan, from: number): boolean {
  const at = lineEndOf(scan.text, from, scan.at);
  return at !== undefined && skipLine(scan, at);
}

/** Where the comment or the end of the line is that follows on a token; undefined where something else does. */
function lineEndOf(text: string, from: number, lineStart = -1): number | undefined {
  let at = from;
  while (text.charCodeAt(at) === 32) at++;
  const code = text.charCodeAt(at);
  if (code === 35) return at > from || from === lineStart ? at : undefined;
  return code === 10 || code === 13 || code !== code ? at : undefined;
}

/** To the next line, from its end or from a comment; a carriage return alone ends no line. */
function skipLine(scan: Scan, at: number): boolean {
  if (scan.text.charCodeAt(at) === 13 && scan.text.charCodeAt(at + 1) !== 10) return false;
  scan.at = lineAfter(scan.text, at);
  return true;
}
