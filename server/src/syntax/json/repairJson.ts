/** What the fast scan stopped at: one step that puts it right, or passes over it, and always goes forward. */
import type { Text } from '../../text/text';
import {
  addLeaf,
  addMissing,
  closeAll,
  closeCurrent,
  depthOf,
  indentAt,
  isInObject,
  note,
  noteOmission,
  Phase,
  report,
  saysOmitted,
  skipTrivia,
  type JsonCursor,
} from './jsonCursor';
import { decodeString, jsonKeyEnd, scanString, wordEnd } from './jsonString';
import { internKeyName } from '../tree/keyTable';
import { keyStartAt, lengthAt, parentAt } from '../tree/treeColumns';
import { FLAG_ENCODED, FLAG_INCOMPLETE, KIND_MASK, NodeKind, type NodeId } from '../tree/syntaxTree';
import { markIncomplete } from '../tree/tape';

/** Makes one step inside a container; false at the end of the text. */
export function repairJson(cursor: JsonCursor): boolean {
  skipTrivia(cursor);
  const { text, at } = cursor;
  if (at >= text.length) return false;
  const code = text.charCodeAt(at);
  if (code === 44) repairComma(cursor);
  else if (code === 58) repairColon(cursor);
  else if (code === 125 || code === 93) repairCloser(cursor, code);
  else if (code === 123 || code === 91) repairOpener(cursor);
  else if (code === 34 || (code === 39 && isSingleQuoted(cursor))) repairString(cursor);
  else repairWord(cursor);
  return true;
}

function isInProse(cursor: JsonCursor): boolean {
  return cursor.proseAfter === cursor.lastEnd;
}

function repairComma(cursor: JsonCursor): void {
  const { at } = cursor;
  if (cursor.phase === Phase.value) addMissingValue(cursor);
  else if (cursor.phase !== Phase.after && cursor.omittedAfter !== cursor.lastEnd)
    report(cursor, at, at + 1, 'Nothing stands before this comma.');
  cursor.at = at + 1;
  cursor.phase = isInObject(cursor) ? Phase.key : Phase.item;
}

function addMissingValue(cursor: JsonCursor): void {
  report(cursor, cursor.keyStart, cursor.lastEnd, 'This key has no value.');
  markIncomplete(cursor.tape, cursor.current);
  addMissing(cursor, cursor.lastEnd);
}

/** A colon after a string that was taken for a value, on a line below its key: then that string is the key, and the one above has no value. */
function repairColon(cursor: JsonCursor): void {
  const { tape, at, text } = cursor;
  const last = tape.size - 1;
  if (isKeyTakenForValue(cursor, last)) {
    const start = tape.starts[last] ?? 0;
    const end = cursor.lastEnd;
    tape.size = last;
    cursor.keyId = tape.keyIds[last] ?? -1;
    cursor.keyStart = keyStartAt(tape, last);
    cursor.lastEnd = jsonKeyEnd(text, cursor.keyStart);
    addMissingValue(cursor);
    takeKey(cursor, start, end);
  } else report(cursor, at, at + 1, 'A colon does not belong here.');
  cursor.at = at + 1;
  if (cursor.phase === Phase.value) cursor.lastEnd = at + 1;
}

function isKeyTakenForValue(cursor: JsonCursor, last: NodeId): boolean {
  const { tape, at, text } = cursor;
  if (cursor.phase !== Phase.after || isInProse(cursor) || cursor.omittedAfter === cursor.lastEnd || !isInObject(cursor)) return false;
  const isString = ((tape.kinds[last] ?? 0) & KIND_MASK) === NodeKind.string && parentAt(tape, last) === cursor.current;
  const keyStart = keyStartAt(tape, last);
  const start = tape.starts[last] ?? 0;
  if (!isString || keyStart < 0 || start + lengthAt(tape, last) !== cursor.lastEnd || text.charCodeAt(start) !== 34) return false;
  return text.slice(jsonKeyEnd(text, keyStart), start).includes('\n') && !text.slice(cursor.lastEnd, at).includes('\n');
}

function takeKey(cursor: JsonCursor, start: number, end: number): void {
  cursor.keyId = internKeyName(cursor.tape.keys, decodeString(cursor.text, start, end));
  cursor.keyStart = start;
  cursor.phase = Phase.value;
}

/** `}` or `]` after a comma, for another container than the innermost, or for none. */
function repairCloser(cursor: JsonCursor, code: number): void {
  const { at } = cursor;
  if (cursor.phase === Phase.value) addMissingValue(cursor);
  const wantsArray = code === 93;
  const isThere = wantsArray ? cursor.openArrays > 0 : cursor.openObjects > 0;
  if (!isThere) {
    report(cursor, at, at + 1, 'Nothing is open that this could close.');
    markIncomplete(cursor.tape, cursor.current);
    cursor.at = at + 1;
    return;
  }
  if (
    isInObject(cursor) !== wantsArray &&
    (cursor.phase === Phase.key || cursor.phase === Phase.item) &&
    cursor.omittedAfter !== cursor.lastEnd
  )
    note(cursor, at, at + 1, 'A comma stands before this, and nothing after it.');
  while (isInObject(cursor) === wantsArray) {
    const start = cursor.tape.starts[cursor.current] ?? 0;
    report(cursor, start, start + 1, 'This is not closed where what is around it ends.');
    closeCurrent(cursor, cursor.lastEnd, false);
  }
  cursor.at = at + 1;
  closeCurrent(cursor, at + 1, true);
}

/** `{` or `[` where a comma or a key is missing, or where a new fragment begins. */
function repairOpener(cursor: JsonCursor): void {
  const { text, at } = cursor;
  if (startsNewRoot(cursor)) {
    closeAll(cursor, cursor.lastEnd);
    return;
  }
  const isMisplaced = isInObject(cursor) || (isInProse(cursor) && indentAt(text, at) < 0);
  if (isMisplaced && !looksLikeOpening(text, at)) return skipProse(cursor, at + 1);
  if (isInObject(cursor) && cursor.phase !== Phase.value) {
    report(cursor, at, at + 1, 'A value without a key.');
    markIncomplete(cursor.tape, cursor.current);
    cursor.phase = Phase.value;
  } else if (cursor.phase === Phase.after) {
    missComma(cursor);
    cursor.phase = Phase.item;
  } else {
    report(cursor, at, at + 1, 'This does not belong here.');
    cursor.at++;
  }
}

function missComma(cursor: JsonCursor): void {
  if (cursor.omittedAfter !== cursor.lastEnd && !isInProse(cursor)) report(cursor, cursor.lastEnd, cursor.at, 'A comma is missing here.');
}

/** A bracket at the start of a line begins a new fragment when the open one cannot go on with it. */
function startsNewRoot(cursor: JsonCursor): boolean {
  const { text, at, tape } = cursor;
  if (cursor.phase === Phase.value) return false;
  const indent = indentAt(text, at);
  if (cursor.isImplicit && depthOf(cursor) === 1) return true;
  if (indent < 0 || !looksLikeOpening(text, at)) return false;
  if (isInProse(cursor)) return true;
  if (indent !== cursor.rootIndent) return false;
  return (
    isInObject(cursor) || (cursor.phase === Phase.after && indentAt(text, firstOnLine(text, tape.starts[cursor.current] ?? 0)) > indent)
  );
}

const MAX_LINE_SEARCH = 500;

/** The first character of the line that is no space; gives up on very long lines. */
function firstOnLine(text: Text, at: number): number {
  const least = Math.max(0, at - MAX_LINE_SEARCH);
  let first = at;
  for (let i = at; i >= least; i--) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) break;
    if (code > 32) first = i;
  }
  return first;
}

/** Whether a bracket in prose opens JSON: what follows it must be what JSON has there. */
export function looksLikeOpening(text: Text, at: number): boolean {
  const isBrace = text.charCodeAt(at) === 123;
  let next = at + 1;
  while (text.charCodeAt(next) <= 32 && next - at < 2000) next++;
  const code = text.charCodeAt(next);
  if (code === 34 || code === 46 || code === 0x2026 || code !== code) return true;
  if (code === 47) return text.charCodeAt(next + 1) === 47 || text.charCodeAt(next + 1) === 42;
  return isBrace ? code === 125 : code === 123 || code === 93 || code === 91;
}

/** Protobuf's reader takes single quotes for double ones; in prose they are something else. */
function isSingleQuoted(cursor: JsonCursor): boolean {
  const { text, at } = cursor;
  const quoted = SINGLE_QUOTED.exec(text.slice(at, at + MAX_SINGLE_QUOTED))?.[1];
  if (quoted === undefined) return false;
  note(cursor, at, at + quoted.length, 'This text should have double quotes.');
  return true;
}

const MAX_SINGLE_QUOTED = 400;
const SINGLE_QUOTED = /^('(?:[^'\\\r\n]|\\[^\r\n])*')[ \t]*(?:[:,}\]\r\n]|$)/;

/** A string where a comma is missing, a key with escapes or without a colon, or a string that is never closed. */
function repairString(cursor: JsonCursor): void {
  const { at, text } = cursor;
  const inObject = isInObject(cursor);
  if (cursor.phase === Phase.after) {
    if (inObject) return repairKey(cursor);
    missComma(cursor);
    cursor.phase = Phase.item;
  } else if (cursor.phase === Phase.key || cursor.phase === Phase.firstKey) return repairKey(cursor);
  const token = scanString(text, at);
  if (!token.closed) {
    report(cursor, at, token.end, 'This string is never closed.');
    markIncomplete(cursor.tape, cursor.current);
  }
  addLeaf(cursor, NodeKind.string | FLAG_ENCODED | (token.closed ? 0 : FLAG_INCOMPLETE), at, token.end);
}

function repairKey(cursor: JsonCursor): void {
  const start = cursor.at;
  const token = scanString(cursor.text, start);
  if (cursor.phase === Phase.after) missComma(cursor);
  cursor.at = token.end;
  skipTrivia(cursor);
  if (cursor.text.charCodeAt(cursor.at) === 58) {
    takeKey(cursor, start, token.end);
    cursor.lastEnd = ++cursor.at;
    return;
  }
  const wasInProse = isInProse(cursor);
  markIncomplete(cursor.tape, cursor.current);
  if (wasInProse && indentAt(cursor.text, start) < 0) return;
  report(cursor, start, token.end, token.closed ? 'A colon and a value are missing after this key.' : 'This string is never closed.');
  takeKey(cursor, start, token.end);
  cursor.lastEnd = token.end;
  addMissing(cursor, token.end);
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const IDENTIFIER = /^[A-Za-z_$@][\w$@.-]*$/;
const KEYWORDS: Readonly<Record<string, NodeKind>> = { true: NodeKind.boolean, false: NodeKind.boolean, null: NodeKind.null };

/** The kind of an unquoted scalar, undefined for any other word. */
export function kindOfWord(word: string): NodeKind | undefined {
  return NUMBER.test(word) ? NodeKind.number : Object.hasOwn(KEYWORDS, word) ? KEYWORDS[word] : undefined;
}

/** Unquoted text: a scalar, an ellipsis, a key or value without quotes, a line number, or prose. */
function repairWord(cursor: JsonCursor): void {
  const { text, at, phase } = cursor;
  const end = wordEnd(text, at);
  const word = end - at > 400 ? '' : text.slice(at, end);
  const kind = kindOfWord(word);
  const takesValue = phase === Phase.value || phase === Phase.item || phase === Phase.firstItem;
  if (/^(?:\.{2,}|…)/.test(word)) return repairOmission(cursor);
  if (kind !== undefined && takesValue) {
    addLeaf(cursor, kind, at, end);
    return;
  }
  if (kind !== undefined && phase === Phase.after && !isInObject(cursor) && !isInProse(cursor)) {
    missComma(cursor);
    addLeaf(cursor, kind, at, end);
    return;
  }
  if (phase === Phase.value) return repairBareValue(cursor);
  if ((phase === Phase.key || phase === Phase.firstKey) && IDENTIFIER.test(word) && takeBareKey(cursor, end)) return;
  skipProse(cursor, end);
}

function repairOmission(cursor: JsonCursor): void {
  const { text, at } = cursor;
  let end = at;
  while (text.charCodeAt(end) === 46 || text.charCodeAt(end) === 0x2026) end++;
  if (cursor.phase === Phase.value) {
    markIncomplete(cursor.tape, addMissing(cursor, at));
  }
  noteOmission(cursor);
  note(cursor, at, end, 'Something is left out here.');
  cursor.phase = Phase.after;
  cursor.at = end;
}

/** A value without quotes reaches to the end of its line, or to the comma or bracket before. */
function repairBareValue(cursor: JsonCursor): void {
  const { text, at } = cursor;
  let end = at;
  let last = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 10 || code === 13 || code === 44 || code === 125 || code === 93 || code === 34) break;
    if (code > 32) last = end + 1;
  }
  if (last === at) last = at + 1;
  markIncomplete(cursor.tape, cursor.current);
  if (saysOmitted(text, at, last)) {
    markIncomplete(cursor.tape, addMissing(cursor, at));
    noteOmission(cursor);
    cursor.at = last;
    return;
  }
  report(cursor, at, last, 'This value needs quotes.');
  addLeaf(cursor, NodeKind.string | FLAG_ENCODED, at, last);
}

/** `name: "x"`: a key without quotes, when a value follows its colon. */
function takeBareKey(cursor: JsonCursor, wordStop: number): boolean {
  const { text, at } = cursor;
  let colon = wordStop;
  while (text.charCodeAt(colon) === 32) colon++;
  if (text.charCodeAt(colon) !== 58) return false;
  let value = colon + 1;
  while (text.charCodeAt(value) <= 32) value++;
  if (!/["{[\d\-tfn]/.test(text.charAt(value))) return false;
  // Protobuf's reader takes words for keys.
  if (/^[A-Za-z_$][\w$]*$/.test(text.slice(at, wordStop))) note(cursor, at, wordStop, 'This key should have quotes.');
  else report(cursor, at, wordStop, 'This key needs quotes.');
  cursor.keyId = internKeyName(cursor.tape.keys, text.slice(at, wordStop));
  cursor.keyStart = at;
  cursor.lastEnd = cursor.at = colon + 1;
  cursor.phase = Phase.value;
  return true;
}

/** Words that are no JSON: the container has lost something, unless it is only the line's number. */
function skipProse(cursor: JsonCursor, end: number): void {
  const { text, at } = cursor;
  if (cursor.isImplicit && depthOf(cursor) === 1 && indentAt(text, at) >= 0) {
    closeAll(cursor, cursor.lastEnd);
    return;
  }
  const isLineNumber = /^\d{1,6}$/.test(text.slice(at, Math.min(end, at + 8))) && indentAt(text, at) >= 0;
  if (!isLineNumber && !isInProse(cursor)) {
    report(cursor, at, end, 'This is no JSON.');
    markIncomplete(cursor.tape, cursor.current);
    cursor.proseAfter = cursor.lastEnd;
  }
  cursor.at = end;
}
