/** Where the reading of a JSON text stands: shared by the fast scan of what is right and the repair of what is not. */
import type { Text } from '../../text/text';
import { NO_NODE, NodeKind, KIND_MASK, type NodeId } from '../tree/syntaxTree';
import { createByteWindow, type ByteWindow } from './byteWindow';
import { addNode, addProblem, closeNode, markIncomplete, type Tape } from '../tree/tape';
import { parentAt } from '../tree/treeColumns';

/** What may come next. */
export const Phase = {
  /** Outside of every container. */
  root: 0,
  /** After `{`. */
  firstKey: 1,
  /** After a comma in an object. */
  key: 2,
  /** After a key and its colon. */
  value: 3,
  /** After `[`. */
  firstItem: 4,
  /** After a comma in an array. */
  item: 5,
  /** After a value in a container. */
  after: 6,
} as const;
export type Phase = (typeof Phase)[keyof typeof Phase];

export interface JsonCursor {
  readonly text: Text;
  readonly tape: Tape;
  /** The stretch of the text that the fast scan looks at. */
  readonly window: ByteWindow;
  at: number;
  phase: Phase;
  /** The innermost open container, or NO_NODE. */
  current: NodeId;
  /** How many containers are open. */
  openArrays: number;
  openObjects: number;
  /** The key that waits for its value; -1 where none does. */
  keyId: number;
  keyStart: number;
  /** The end of the last token that counted. */
  lastEnd: number;
  /** `lastEnd` when a word stood where no word belongs: equal to it while nothing has counted since. */
  proseAfter: number;
  /** The same for `...`, after which no comma is missed. */
  omittedAfter: number;
  /** Columns before the open root on its line; -1 when something else stands before it. */
  rootIndent: number;
  /** The open root is a run of properties without braces. */
  isImplicit: boolean;
  /** A scalar outside of every container: the document, if nothing else is there. */
  rootScalar: { kind: number; start: number; end: number } | undefined;
  /** How many things stand outside of containers. */
  strayCount: number;
  /** No comment is closed from here on. */
  hasNoCommentEnd: boolean;
}

export function createCursor(tape: Tape): JsonCursor {
  return {
    text: tape.text,
    tape,
    window: createByteWindow(),
    at: 0,
    phase: Phase.root,
    current: NO_NODE,
    openArrays: 0,
    openObjects: 0,
    keyId: -1,
    keyStart: -1,
    lastEnd: 0,
    proseAfter: -1,
    omittedAfter: -1,
    rootIndent: -1,
    isImplicit: false,
    rootScalar: undefined,
    strayCount: 0,
    hasNoCommentEnd: false,
  };
}

/** How many containers are open. */
export function depthOf({ openArrays, openObjects }: JsonCursor): number {
  return openArrays + openObjects;
}

export function isInObject(cursor: JsonCursor): boolean {
  return cursor.current !== NO_NODE && ((cursor.tape.kinds[cursor.current] ?? 0) & KIND_MASK) === NodeKind.object;
}

export function report(cursor: JsonCursor, start: number, end: number, message: string): void {
  addProblem(cursor.tape, { span: { start, end }, message, severity: 'error' });
}

/** Tells of something that is no error. */
export function note(cursor: JsonCursor, start: number, end: number, message: string): void {
  addProblem(cursor.tape, { span: { start, end }, message, severity: 'information' });
}

/** Writes a leaf with the key that waits, and goes on after it. */
export function addLeaf(cursor: JsonCursor, kind: number, start: number, end: number): NodeId {
  const node = addNode(cursor.tape, { kind, start, end, parent: cursor.current, keyId: cursor.keyId, keyStart: cursor.keyStart });
  cursor.keyId = cursor.keyStart = -1;
  cursor.at = cursor.lastEnd = end;
  cursor.phase = Phase.after;
  return node;
}

/** A key without a value: its node is empty and stands after the colon. */
export function addMissing(cursor: JsonCursor, at: number): NodeId {
  const next = cursor.at;
  const node = addLeaf(cursor, NodeKind.missing, at, at);
  cursor.at = next;
  return node;
}

/** Closes the innermost container. */
export function closeCurrent(cursor: JsonCursor, end: number, isWhole: boolean): void {
  const { tape, current } = cursor;
  if (isInObject(cursor)) cursor.openObjects--;
  else cursor.openArrays--;
  if (!isWhole) markIncomplete(tape, current);
  closeNode(tape, current, end);
  cursor.current = parentAt(tape, current);
  cursor.lastEnd = Math.max(cursor.lastEnd, end);
  cursor.phase = cursor.current === NO_NODE ? Phase.root : Phase.after;
}

/** Closes all that is open because the text broke off; each ends at `end`. */
export function closeAll(cursor: JsonCursor, end: number): void {
  if (cursor.current === NO_NODE) return;
  if (cursor.phase === Phase.value) addMissing(cursor, Math.min(Math.max(cursor.lastEnd, cursor.tape.starts[cursor.current] ?? 0), end));
  if (!cursor.isImplicit || depthOf(cursor) > 1) {
    const start = cursor.tape.starts[cursor.current] ?? 0;
    report(
      cursor,
      start,
      start + 1,
      depthOf(cursor) === 1 ? 'This is never closed.' : `This and ${depthOf(cursor) - 1} around it are never closed.`,
    );
  }
  while (cursor.current !== NO_NODE) closeCurrent(cursor, end, false);
}

/** Skips spaces of every kind and comments; a comment that says that something is left out marks the container. */
export function skipTrivia(cursor: JsonCursor): void {
  const { text } = cursor;
  for (;;) {
    const code = text.charCodeAt(cursor.at);
    if (code <= 32 || (code > 126 && isWideSpace(code))) cursor.at++;
    else if (code !== 47 || !skipComment(cursor)) return;
  }
}

/** Skips the comment at the cursor; false where none begins. One that is never closed is taken for its line only. */
function skipComment(cursor: JsonCursor): boolean {
  const { text, at } = cursor;
  const sign = text.charCodeAt(at + 1);
  if (sign !== 47 && sign !== 42) return false;
  const isAmongProse = cursor.current === NO_NODE && cursor.strayCount > 0;
  if (sign === 42 && isAmongProse && indentAt(text, at) < 0) return false;
  const close = sign === 42 ? blockCommentEnd(cursor) : -1;
  const end = close < 0 ? lineEnd(text, at) : close;
  if (close < 0 && sign === 42) {
    if (isAmongProse) return false;
    report(cursor, at, at + 2, 'This comment is never closed.');
    markIncomplete(cursor.tape, cursor.current);
  }
  if (saysOmitted(text, at + 2, close < 0 ? end : end - 2)) noteOmission(cursor);
  cursor.at = end;
  return true;
}

/** After the end of the comment at the cursor, or -1; that there is none any more is remembered, so that it is searched for once. */
function blockCommentEnd(cursor: JsonCursor): number {
  if (cursor.hasNoCommentEnd) return -1;
  const close = cursor.text.indexOf('*/', cursor.at + 2);
  cursor.hasNoCommentEnd = close < 0;
  return close < 0 ? -1 : close + 2;
}

/** Something is left out here, and the text says so. */
export function noteOmission(cursor: JsonCursor): void {
  markIncomplete(cursor.tape, cursor.current);
  cursor.omittedAfter = cursor.lastEnd;
}

const OMISSION =
  /^[\s*#/<[(]*(?:(?:\.{3,}|…+)\s*)*(?:(?:omitted|snip(?:ped)?|skipped|truncated|elided|abbreviated|省略|略)[^,;:]{0,40}|\.{3,}|…+)[\s*#/>\])]*$/i;

/** Whether a short text, such as a comment, only says that something is left out: `...`, `omitted`, `省略`. */
export function saysOmitted(text: Text, start: number, end: number): boolean {
  return end - start < 80 && OMISSION.test(text.slice(start, end));
}

export function lineEnd(text: Text, at: number): number {
  let end = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 10 || code === 13) break;
  }
  return end;
}

/** No-break and ideographic spaces, the byte order mark: what pasted text has between its words. */
export function isWideSpace(code: number): boolean {
  return (
    code === 0xa0 ||
    code === 0xfeff ||
    code === 0x3000 ||
    (code >= 0x2000 && code <= 0x200b) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x85
  );
}

/** How far `at` is indented, or -1 when more than spaces stand before it on its line. */
export function indentAt(text: Text, at: number): number {
  let start = at;
  while (start > 0) {
    const code = text.charCodeAt(start - 1);
    if (code === 10 || code === 13) break;
    if (code > 32 && !isWideSpace(code)) return -1;
    start--;
  }
  return at - start;
}
