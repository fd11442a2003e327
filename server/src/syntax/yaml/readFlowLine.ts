/** Reads a collection in flow style that ends on its line and has nothing rare in it: the nodes that the library would make, without it. */
import { internKeyName } from '../tree/keyTable';
import { FLAG_ENCODED, NodeKind, type NodeId } from '../tree/syntaxTree';
import { addNode, closeNode, type NewNode, type Tape } from '../tree/tape';
import { isUnplainStart, quotedLineEnd } from './yamlLine';
import { resolvePlain } from './yamlScalar';

interface FlowCursor {
  readonly text: string;
  readonly tape: Tape;
  at: number;
}

type Place = Pick<NewNode, 'parent' | 'keyId' | 'keyStart'>;

/** Deeper ones are left to the library, which counts levels. */
const MAX_LEVELS = 50;

/** Writes the nodes behind the last ones and gives where the collection ends; undefined where it is not plain: then nothing is written. */
export function readFlowLine(tape: Tape, start: number, place: Place): number | undefined {
  const cursor: FlowCursor = { text: String(tape.text), tape, at: start };
  const first = tape.size;
  if (readCollection(cursor, place, 0)) return cursor.at;
  tape.size = first;
  return undefined;
}

function readCollection(cursor: FlowCursor, place: Place, level: number): boolean {
  const { text, tape, at: start } = cursor;
  const isMap = text.charCodeAt(start) === 123;
  const close = isMap ? 125 : 93;
  if (level > MAX_LEVELS) return false;
  const node = addNode(tape, { kind: isMap ? NodeKind.object : NodeKind.array, start, end: start, ...place });
  cursor.at++;
  skipSpaces(cursor);
  for (let isFirst = true; text.charCodeAt(cursor.at) !== close; isFirst = false) {
    if (!isFirst && text.charCodeAt(cursor.at++) !== 44) return false;
    skipSpaces(cursor);
    if (!readMember(cursor, node, isMap ? level + 1 : -level - 1)) return false;
    skipSpaces(cursor);
  }
  cursor.at++;
  closeNode(tape, node, cursor.at);
  return true;
}

/** `level`: below zero in a list, where no key stands before the value. */
function readMember(cursor: FlowCursor, parent: NodeId, level: number): boolean {
  if (level < 0) return readValue(cursor, { parent, keyId: -1, keyStart: -1 }, -level);
  const keyStart = cursor.at;
  const name = readKey(cursor);
  if (name === undefined) return false;
  skipSpaces(cursor);
  return readValue(cursor, { parent, keyId: internKeyName(cursor.tape.keys, name), keyStart }, level);
}

const KEY = /(?:([A-Za-z_][\w./-]*)|"([^"\\\r\n]*)"): /y;

function readKey(cursor: FlowCursor): string | undefined {
  KEY.lastIndex = cursor.at;
  const found = KEY.exec(cursor.text);
  if (!found) return undefined;
  cursor.at = KEY.lastIndex;
  return found[1] ?? found[2];
}

function readValue(cursor: FlowCursor, place: Place, level: number): boolean {
  const { text, tape, at: start } = cursor;
  const code = text.charCodeAt(start);
  if (code === 123 || code === 91) return readCollection(cursor, place, level);
  const isQuoted = code === 34 || code === 39;
  const end = isQuoted ? quotedLineEnd(text, start) : plainEnd(text, start);
  if (end <= start) return false;
  const kind = isQuoted ? NodeKind.string | FLAG_ENCODED : resolvePlain(text.slice(start, end)).kind;
  addNode(tape, { kind, start, end, ...place });
  cursor.at = end;
  return true;
}

/** Letters, digits and signs that mean nothing in flow style. */
const FIRST = /-(?=[\w.])|[\w./+*%$~^()=!;<>\\]/y;
const WORD = /[\w./+*%$~^()=!;<>@&|\\-]*/y;

/** Words with single spaces or colons between them; word for word, since a pattern for all of them would keep a way back for each. */
function plainEnd(text: string, start: number): number {
  FIRST.lastIndex = start;
  if (isUnplainStart(text, start) || !FIRST.test(text)) return -1;
  for (let end = wordEnd(text, start); ;) {
    const code = text.charCodeAt(end);
    const next = code === 32 || code === 58 ? wordEnd(text, end + 1) : end + 1;
    if (next === end + 1) return end;
    end = next;
  }
}

function wordEnd(text: string, start: number): number {
  WORD.lastIndex = start;
  WORD.test(text);
  return WORD.lastIndex;
}

function skipSpaces(cursor: FlowCursor): void {
  while (cursor.text.charCodeAt(cursor.at) === 32) cursor.at++;
}
