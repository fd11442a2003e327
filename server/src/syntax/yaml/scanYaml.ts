/**
 * Reads YAML as tools print it: block mappings and sequences of scalars and flow collections on one line, literal blocks, comments, documents. Values that are
 * rarer (flow style over lines, folded text, texts over several lines) are read by the library, each by itself, and so is the member around an error or
 * whatever else is not plain. What needs more around it (aliases, a root that is broken) makes it give up: then the library reads the whole text.
 */
import { lineAfter } from '../../text/lineEnds';
import type { ValueTape } from '../tree/graftTree';
import { internKeyName } from '../tree/keyTable';
import { readLiteralBlock } from './readLiteralBlock';
import { readLoneKey } from './readLoneKey';
import { readFlowLine } from './readFlowLine';
import { readOddValue } from './readOddValue';
import { readAround } from './readAround';
import { addScalar, closeTo, isOpenAt, openContainer, type Scan, type YamlLibrary } from './scanState';
import { FLAG_ENCODED, NO_NODE, NodeKind } from '../tree/syntaxTree';
import { isKind } from '../tree/tape';
import { endAt, keyStartAt, parentAt } from '../tree/treeColumns';
import { behindSpaces, findKeyEnd, isBehindDash, isDash, isMarker, isSpaceOrEnd, isUnplainStart, quotedLineEnd } from './yamlLine';
import { resolvePlain } from './yamlScalar';

/** So many values the library reads one by one; where there are more, the whole text at once is less work. */
const MAX_ODD = 5_000;

/** What the library reads in no time. */
const MIN_BUDGET = 100_000;

/** Writes the nodes of a plain text into the tape; false when the text is not plain: then the tape is to be thrown away. */
export function scanYaml(target: ValueTape, library: YamlLibrary): boolean {
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
    memberStarts: [],
    pieceEnd: -1,
    pieces: [],
    library,
    oddLeft: MAX_ODD,
    budget: { left: Math.max(MIN_BUDGET, tape.text.length) },
  };
  if (scan.text.includes('\ufeff', 1)) return false;
  while (scan.at < scan.text.length) {
    const lineStart = scan.at;
    const isRead = readLine(scan) || readOnFromPlain(scan, lineStart) || readLoneKey(scan, lineStart) || readAround(scan, lineStart);
    if (!isRead) return false;
  }
  closeTo(scan, -1, false);
  return tape.size > 0;
}

/** Reads the line at the cursor and goes to the next one; false where the line is not plain. */
function readLine(scan: Scan): boolean {
  const { text } = scan;
  const lineStart = scan.at;
  const at = behindSpaces(text, lineStart);
  const code = text.charCodeAt(at);
  if (code === 10 || code === 13 || code !== code) return endLine(scan, at);
  if (code === 35) return skipLine(scan, at);
  const column = at - lineStart;
  if (column === 0 && (code === 45 || code === 46) && isMarker(text, at)) return readMarker(scan, at);
  const isItem = isDash(text, at);
  closeTo(scan, column, isItem);
  return isItem ? readItems(scan, lineStart, at) : readMember(scan, lineStart, at);
}

/** Dashes, one or several on a line, and what stands behind them. */
function readItems(scan: Scan, lineStart: number, from: number): boolean {
  const { text } = scan;
  let at = from;
  while (isDash(text, at)) {
    const column = at - lineStart;
    if (!isOpenAt(scan, column, NodeKind.array) && !openContainer(scan, NodeKind.array, { start: at, column })) return false;
    scan.memberStarts[scan.nodes.length - 1] = at;
    scan.pending = 'item';
    scan.keyId = scan.keyStart = -1;
    at = behindSpaces(text, at + 1);
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
  if (!isOpenAt(scan, column, NodeKind.object) && !openContainer(scan, NodeKind.object, { start: at, column })) return false;
  scan.memberStarts[scan.nodes.length - 1] = at;
  const { text } = scan;
  const isQuoted = text.charCodeAt(at) === 34 || text.charCodeAt(at) === 39;
  const name = isQuoted ? text.slice(at + 1, keyStop - 1) : text.slice(at, keyStop);
  if (name === '<<' || (isQuoted && /[\\']/.test(name))) return false;
  scan.keyId = internKeyName(scan.tape.keys, name);
  scan.keyStart = at;
  scan.pending = 'property';
  scan.emptyAt = keyStop + 1;
  const value = behindSpaces(text, keyStop + 1);
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
  const next = readOddValue(scan.target, place, scan.library.readValue);
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
  if (lineStart === scan.pieceEnd) return false;
  const last = tape.size - 1;
  const start = tape.starts[last] ?? 0;
  const isPlain = scan.pending === 'none' && parentAt(tape, last) === scan.nodes.at(-1) && !isUnplainStart(text, start);
  if (!isPlain || isKind(tape, last, NodeKind.object) || isKind(tape, last, NodeKind.array)) return false;
  if (text.slice(start, lineStart).trimEnd().includes('\n')) return false;
  scan.keyId = tape.keyIds[last] ?? -1;
  scan.keyStart = keyStartAt(tape, last);
  scan.pending = 'property';
  tape.size = last;
  if (readOdd(scan, start)) return scan.at > lineStart;
  tape.size = last + 1;
  scan.pending = 'none';
  return false;
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
  const at = behindSpaces(text, from);
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
