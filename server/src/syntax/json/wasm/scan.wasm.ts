/**
 * The hot loop: reads valid JSON in the window from `state.AT` on and writes its nodes into the columns, until something is not as it should be
 * (a comment, an escaped key, a broken token), the window ends, or one of the host's containers closes. There it stops before the token.
 * It guesses the key by the one before: one comparison then both finds and reads it. AssemblyScript, compiled by tools/compileScanner.mjs.
 */
import { KEY_DISTANCES, KEY_IDS, KINDS, LENGTHS, PARENT_DISTANCES, SIZES, STARTS, STATE, TYPES, WINDOW } from './layout';
import * as state from './state';
import { idOf, keyAt, lengthOf, typeAt } from './keys.wasm';
import { escapedStringEnd, plainScalarEnd, skipBlanks, stringEnd } from './tokens.wasm';

export { forgetKeys } from './keys.wasm';
export { joinUtf8 } from './utf8.wasm';

/** What may come next (Phase of jsonCursor.ts). */
const FIRST_KEY = 1;
const KEY = 2;
const VALUE = 3;
const FIRST_ITEM = 4;
const ITEM = 5;
const AFTER = 6;

/** What a node is (NodeKind and a flag of syntaxTree.ts). */
const OBJECT = 1;
const ARRAY = 2;
const STRING = 3;
const NUMBER = 4;
const BOOLEAN = 5;
const NULL = 6;
const FLAG_ENCODED = 32;

/** What stands in a column for what does not fit, and for no key at all (treeColumns.ts). */
const LARGE = 0xffff;
const NO_KEY = 0xfffe;

let phase: i32 = 0;
let current: i32 = 0;
let inObject: bool = false;
let keyId: i32 = -1;
let keyStart: i32 = -1;
let lastEnd: i32 = 0;
/** How many nodes stand in the columns, and the number of the first one in the tape. */
let size: i32 = 0;
let firstNode: i32 = 0;
/** From an address to an offset in the text. */
let toText: i32 = 0;

/** One token after another, until one is not as it should be. */
export function scan(): void {
  takeState();
  let at = get(state.AT) - toText;
  let next = at;
  while (next >= 0) {
    at = skipBlanks(next);
    const code: i32 = load<u8>(at);
    if (phase === AFTER) next = code === 44 ? readComma(at) : readCloser(at, code);
    else if (phase === KEY || phase === FIRST_KEY) next = code === 34 ? readKey(at) : phase === FIRST_KEY ? readCloser(at, code) : -1;
    else next = code === 93 && phase === FIRST_ITEM ? readCloser(at, code) : readValue(at, code);
  }
  putState(at);
}

function takeState(): void {
  toText = get(state.BASE) - WINDOW;
  firstNode = get(state.FIRST_NODE);
  phase = get(state.PHASE);
  current = get(state.CURRENT);
  keyId = get(state.KEY_ID);
  keyStart = get(state.KEY_START);
  lastEnd = get(state.LAST_END);
  size = get(state.SIZE);
  inObject = isObject(current - firstNode);
  set(state.HOST_CLOSES, 0);
}

function putState(at: i32): void {
  set(state.AT, at + toText);
  set(state.PHASE, phase);
  set(state.CURRENT, current);
  set(state.KEY_ID, keyId);
  set(state.KEY_START, keyStart);
  set(state.LAST_END, lastEnd);
  set(state.SIZE, size);
}

/** What the readers of tokens return is where the next token may begin; -1 where this one is not theirs. */
function readComma(at: i32): i32 {
  phase = inObject ? KEY : ITEM;
  return at + 1;
}

function readCloser(at: i32, code: i32): i32 {
  if (code !== (inObject ? 125 : 93)) return -1;
  const local = current - firstNode;
  if (local < 0) {
    set(state.HOST_CLOSES, 1);
    return -1;
  }
  lastEnd = at + 1 + toText;
  store<u16>(LENGTHS + 2 * local, lastEnd - load<i32>(STARTS + 4 * local));
  store<u16>(SIZES + 2 * local, size - local);
  countOpen(inObject, -1);
  current -= load<i32>(PARENT_DISTANCES + 4 * local);
  inObject = isObject(current - firstNode);
  phase = AFTER;
  return at + 1;
}

function readKey(at: i32): i32 {
  const key = keyAt(at + 1);
  if (key === 0) return -1;
  const colon = skipBlanks(at + 2 + lengthOf(key));
  if (load<u8>(colon) !== 58) return -1;
  keyId = idOf(key);
  keyStart = at + toText;
  lastEnd = colon + 1 + toText;
  phase = VALUE;
  return colon + 1;
}

function readValue(at: i32, code: i32): i32 {
  if (code === 34) {
    const end = isTypeKey(keyId) ? typeEnd(at, firstNode + size) : stringEnd(at);
    return end >= 0 ? writeScalar(STRING, at, end) : writeScalar(STRING | FLAG_ENCODED, at, escapedStringEnd(at));
  }
  if (code === 123) return openContainer(OBJECT, at);
  if (code === 91) return openContainer(ARRAY, at);
  return writeScalar(code === 116 || code === 102 ? BOOLEAN : code === 110 ? NULL : NUMBER, at, plainScalarEnd(at, code));
}

function writeScalar(kind: i32, at: i32, end: i32): i32 {
  if (end < 0) return -1;
  store<u16>(LENGTHS + 2 * size, end - at);
  store<u16>(SIZES + 2 * size, 1);
  writeNode(kind, at);
  lastEnd = end + toText;
  phase = AFTER;
  return end;
}

function openContainer(kind: i32, at: i32): i32 {
  writeNode(kind, at);
  lastEnd = at + 1 + toText;
  current = firstNode + size - 1;
  inObject = kind === OBJECT;
  countOpen(inObject, 1);
  phase = inObject ? FIRST_KEY : FIRST_ITEM;
  return at + 1;
}

function writeNode(kind: i32, at: i32): void {
  store<u8>(KINDS + size, kind);
  store<i32>(STARTS + 4 * size, at + toText);
  store<i32>(PARENT_DISTANCES + 4 * size, firstNode + size - current);
  store<i32>(KEY_IDS + 4 * size, keyId);
  store<u16>(KEY_DISTANCES + 2 * size, keyStart < 0 ? NO_KEY : distanceTo(at + toText - keyStart));
  keyId = keyStart = -1;
  size++;
}

function get(index: i32): i32 {
  return load<i32>(STATE + 4 * index);
}

function set(index: i32, value: i32): void {
  store<i32>(STATE + 4 * index, value);
}

/** Whether a container is an object; one that is not in the columns is the host's innermost. */
function isObject(local: i32): bool {
  return local < 0 ? get(state.HOST_IS_OBJECT) !== 0 : load<u8>(KINDS + local) === OBJECT;
}

function countOpen(isOfObjects: bool, more: i32): void {
  const index = isOfObjects ? state.OPEN_OBJECTS : state.OPEN_ARRAYS;
  set(index, get(index) + more);
}

function isTypeKey(id: i32): bool {
  return id === get(state.TYPE_KEY) || id === get(state.URL_KEY);
}

/** The end of a text that tells a type, which is noted by its number: so messages are compared without their texts. */
function typeEnd(at: i32, node: i32): i32 {
  const type = typeAt(at + 1);
  if (type === 0) return -1;
  const count = get(state.TYPE_COUNT);
  store<i32>(TYPES + 8 * count, node);
  store<i32>(TYPES + 8 * count, idOf(type), 4);
  set(state.TYPE_COUNT, count + 1);
  return at + 2 + lengthOf(type);
}

/** A key that waits since the window before may lie far behind. */
function distanceTo(distance: i32): i32 {
  return distance < NO_KEY ? distance : LARGE;
}
