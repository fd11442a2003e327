/** Finds the values that stand outside of every container: documents one after another, fragments among prose, properties without braces. */
import type { Text } from '../../text/text';
import { addLeaf, indentAt, note, Phase, report, skipTrivia, type JsonCursor } from './jsonCursor';
import { scanString, wordEnd } from './jsonString';
import { kindOfWord, looksLikeOpening } from './repairJson';
import { FLAG_ENCODED, FLAG_INCOMPLETE, NO_NODE, NodeKind } from '../tree/syntaxTree';
import { addNode } from '../tree/tape';

/** Passes over one thing outside of every container, or opens the container that begins there; false at the end of the text. */
export function readRoot(cursor: JsonCursor): boolean {
  skipTrivia(cursor);
  const { text, at } = cursor;
  if (at >= text.length) return false;
  const code = text.charCodeAt(at);
  if (code === 123 || code === 91) readOpener(cursor, code);
  else if (code === 34) readString(cursor);
  else if (code === 125 || code === 93) readCloser(cursor);
  else readWord(cursor);
  return true;
}

/** The document is a scalar when nothing else stands in the text. */
export function finishRoots(cursor: JsonCursor): void {
  const scalar = cursor.rootScalar;
  if (scalar && cursor.strayCount === 1 && cursor.tape.roots.length === 0) addLeaf(cursor, scalar.kind, scalar.start, scalar.end);
}

function isFirstThing(cursor: JsonCursor): boolean {
  return cursor.strayCount === 0 && cursor.tape.roots.length === 0;
}

function readOpener(cursor: JsonCursor, code: number): void {
  const { text, at } = cursor;
  const isAdjacent = cursor.lastEnd === at && cursor.tape.roots.length > 0;
  const isOpening = isFirstThing(cursor) || isAdjacent || (looksLikeOpening(text, at) && (indentAt(text, at) >= 0 || isAfterGap(text, at)));
  if (!isOpening) return noteStray(cursor, at, at + 1);
  openRoot(cursor, code === 123 ? NodeKind.object : NodeKind.array, at);
  cursor.lastEnd = cursor.at = at + 1;
}

/** In the middle of a line JSON begins after a space or a sign, never inside a word, and not empty: `x[0]`, `f{}` are prose. */
function isAfterGap(text: Text, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const isWordBefore =
    (before >= 48 && before <= 57) || (before >= 65 && before <= 90) || (before >= 97 && before <= 122) || before === 40 || before === 123;
  return !isWordBefore && text.charCodeAt(at + 1) !== 125 && text.charCodeAt(at + 1) !== 93;
}

function openRoot(cursor: JsonCursor, kind: number, start: number): void {
  cursor.current = addNode(cursor.tape, { kind, start, end: start, parent: NO_NODE, keyId: -1, keyStart: -1 });
  cursor.isImplicit = false;
  cursor.rootIndent = indentAt(cursor.text, start);
  const isArray = kind === NodeKind.array;
  cursor.openArrays = isArray ? 1 : 0;
  cursor.openObjects = isArray ? 0 : 1;
  cursor.phase = isArray ? Phase.firstItem : Phase.firstKey;
}

/** `"listener_filters": [` at the start of a line: a piece of an object whose braces were not copied. */
function readString(cursor: JsonCursor): void {
  const { text, at } = cursor;
  const token = scanString(text, at);
  if (token.closed && indentAt(text, at) >= 0 && isPropertyStart(text, token.end)) {
    openRoot(cursor, NodeKind.object | FLAG_INCOMPLETE, at);
    cursor.isImplicit = true;
    cursor.lastEnd = at;
    return;
  }
  cursor.rootScalar = { kind: NodeKind.string | FLAG_ENCODED | (token.closed ? 0 : FLAG_INCOMPLETE), start: at, end: token.end };
  noteStray(cursor, at, token.end);
}

function isPropertyStart(text: Text, keyEnd: number): boolean {
  const colon = skipSpaces(text, keyEnd);
  return text.charAt(colon) === ':' && /["{[\d\-tfn]/.test(text.charAt(skipSpaces(text, colon + 1)));
}

function skipSpaces(text: Text, start: number): number {
  let at = start;
  while (text.charCodeAt(at) <= 32) at++;
  return at;
}

function readCloser(cursor: JsonCursor): void {
  const { at } = cursor;
  if (cursor.strayCount === 0) report(cursor, at, at + 1, 'Nothing is open that this could close.');
  cursor.at = at + 1;
}

function readWord(cursor: JsonCursor): void {
  const { text, at } = cursor;
  const end = wordEnd(text, at);
  const kind = end - at > 400 ? undefined : kindOfWord(text.slice(at, end));
  cursor.rootScalar = kind === undefined ? undefined : { kind, start: at, end };
  if (text.charCodeAt(at) === 44 && cursor.strayCount === 0) cursor.at = at + 1;
  else noteStray(cursor, at, end);
}

/** One report for a stretch of prose is enough. */
function noteStray(cursor: JsonCursor, start: number, end: number): void {
  const isStretch = cursor.proseAfter === cursor.lastEnd;
  const isScalar = cursor.strayCount === 0 && cursor.rootScalar !== undefined;
  if (!isStretch && !isScalar) {
    note(cursor, start, end, 'Text outside of the configuration.');
    cursor.proseAfter = cursor.lastEnd;
  }
  cursor.strayCount++;
  cursor.at = end;
}
