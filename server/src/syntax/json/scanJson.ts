/**
 * Lets the compiled loop (wasm/scan.wasm.ts) read what is valid JSON from the cursor on, and takes over its nodes. It stops before what is not as it
 * should be (a comment, an escaped key, a broken token), at the end of the window, and at the end of a container whose beginning is in the tape already.
 */
import { Phase, type JsonCursor } from './jsonCursor';
import { internKeyName } from '../tree/keyTable';
import { KIND_MASK, NO_NODE, NodeKind } from '../tree/syntaxTree';
import { makeRoom, type Tape, widenKeyIds } from '../tree/tape';
import { LARGE, MAX_NARROW_KEY, setExtent } from '../tree/treeColumns';
import {
  STATE_AT,
  STATE_BASE,
  STATE_CURRENT,
  STATE_FIRST_NODE,
  STATE_HOST_CLOSES,
  STATE_HOST_IS_OBJECT,
  STATE_KEY_ID,
  STATE_KEY_START,
  STATE_LAST_END,
  STATE_OPEN_ARRAYS,
  STATE_OPEN_OBJECTS,
  STATE_PHASE,
  STATE_SIZE,
  STATE_TYPE_COUNT,
  STATE_TYPE_KEY,
  STATE_URL_KEY,
} from './wasm/layout';
import { theScanner, type Scanner } from './wasm/scanner';

/** Advances the cursor over all that is valid JSON in its window. */
export function scanJson(cursor: JsonCursor): void {
  const scanner = theScanner();
  const { state } = scanner;
  const { keyStart, tape } = cursor;
  scanner.internAt = (start, length) => internAt(state, cursor, start, length);
  putCursor(state, cursor);
  do scanner.scan();
  while (state[STATE_HOST_CLOSES] === 1 && closeOwn(state, tape));
  takeCursor(state, cursor);
  takeNodes(scanner, cursor, keyStart);
  scanner.internAt = knowNothing;
}

/** Nobody's text is being read: nothing shall keep the last one alive. */
const knowNothing = () => -1;

function internAt(state: Int32Array, { tape, text, window }: JsonCursor, start: number, length: number): number {
  const from = window.base + start;
  const id = internKeyName(tape.keys, text.slice(from, from + length));
  putTypeKeys(state, tape);
  return id;
}

function putCursor(state: Int32Array, cursor: JsonCursor): void {
  state[STATE_AT] = cursor.at;
  state[STATE_PHASE] = cursor.phase;
  state[STATE_CURRENT] = cursor.current;
  state[STATE_KEY_ID] = cursor.keyId;
  state[STATE_KEY_START] = cursor.keyStart;
  state[STATE_LAST_END] = cursor.lastEnd;
  state[STATE_OPEN_ARRAYS] = cursor.openArrays;
  state[STATE_OPEN_OBJECTS] = cursor.openObjects;
  state[STATE_BASE] = cursor.window.base;
  state[STATE_FIRST_NODE] = cursor.tape.size;
  state[STATE_HOST_IS_OBJECT] = isObject(cursor.tape, cursor.current) ? 1 : 0;
  state[STATE_SIZE] = state[STATE_TYPE_COUNT] = 0;
  putTypeKeys(state, cursor.tape);
}

function putTypeKeys(state: Int32Array, { keys }: Tape): void {
  state[STATE_TYPE_KEY] = keys.typeKey;
  state[STATE_URL_KEY] = keys.urlKey;
}

function takeCursor(state: Int32Array, cursor: JsonCursor): void {
  cursor.at = state[STATE_AT] ?? 0;
  cursor.phase = (state[STATE_PHASE] ?? 0) as Phase;
  cursor.current = state[STATE_CURRENT] ?? NO_NODE;
  cursor.keyId = state[STATE_KEY_ID] ?? -1;
  cursor.keyStart = state[STATE_KEY_START] ?? -1;
  cursor.lastEnd = state[STATE_LAST_END] ?? 0;
  cursor.openArrays = state[STATE_OPEN_ARRAYS] ?? 0;
  cursor.openObjects = state[STATE_OPEN_OBJECTS] ?? 0;
}

function isObject(tape: Tape, node: number): boolean {
  return ((tape.kinds[node] ?? 0) & KIND_MASK) === NodeKind.object;
}

/** Closes the innermost container, which is in the tape, at the bracket that the loop stopped at; false where it is the outermost. */
function closeOwn(state: Int32Array, tape: Tape): boolean {
  const current = state[STATE_CURRENT] ?? NO_NODE;
  const end = (state[STATE_AT] ?? 0) + 1;
  setExtent(tape, current, end, tape.size + (state[STATE_SIZE] ?? 0));
  const open = isObject(tape, current) ? STATE_OPEN_OBJECTS : STATE_OPEN_ARRAYS;
  state[open] = (state[open] ?? 0) - 1;
  const parent = tape.parents[current] ?? NO_NODE;
  state[STATE_AT] = state[STATE_LAST_END] = end;
  state[STATE_CURRENT] = parent;
  state[STATE_PHASE] = parent === NO_NODE ? Phase.root : Phase.after;
  state[STATE_HOST_IS_OBJECT] = isObject(tape, parent) ? 1 : 0;
  return parent !== NO_NODE;
}

/** Copies the columns behind the tape's. `keyStart`: of the key that waited for the first of the nodes. */
function takeNodes(scanner: Scanner, { tape, at }: JsonCursor, keyStart: number): void {
  const count = scanner.state[STATE_SIZE] ?? 0;
  if (count === 0) return;
  makeRoom(tape, at, count);
  if (tape.keys.names.length > MAX_NARROW_KEY) widenKeyIds(tape);
  const { size } = tape;
  tape.kinds.set(scanner.kinds.subarray(0, count), size);
  tape.starts.set(scanner.starts.subarray(0, count), size);
  tape.lengths.set(scanner.lengths.subarray(0, count), size);
  tape.parents.set(scanner.parents.subarray(0, count), size);
  tape.sizes.set(scanner.sizes.subarray(0, count), size);
  tape.keyIds.set(scanner.keyIds.subarray(0, count), size);
  tape.keyDistances.set(scanner.keyDistances.subarray(0, count), size);
  // Only a key of the window before can be so far away.
  if (tape.keyDistances[size] === LARGE) tape.large.keyDistances.set(size, (tape.starts[size] ?? 0) - keyStart);
  const types = 2 * (scanner.state[STATE_TYPE_COUNT] ?? 0);
  for (let index = 0; index < types; index += 2) tape.types.add(scanner.types[index] ?? 0, scanner.types[index + 1] ?? 0);
  tape.size += count;
}
