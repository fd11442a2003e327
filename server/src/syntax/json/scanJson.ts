/**
 * Lets the compiled loop (wasm/scan.wasm.ts) read what is valid JSON from the cursor on, and takes over its nodes. It stops before what is not as it
 * should be (a comment, an escaped key, a broken token), at the end of the window, and at the end of a container whose beginning is in the tape already.
 */
import { Phase, type JsonCursor } from './jsonCursor';
import { internKeyName } from '../tree/keyTable';
import { KIND_MASK, NO_NODE, NodeKind } from '../tree/syntaxTree';
import { makeRoom, type Tape, widenKeyIds } from '../tree/tape';
import { LARGE, MAX_NARROW_KEY, parentAt, setExtent } from '../tree/treeColumns';
import * as state from './wasm/state';
import { theScanner, type Scanner } from './wasm/scanner';

/** Advances the cursor over all that is valid JSON in its window. */
export function scanJson(cursor: JsonCursor): void {
  const scanner = theScanner();
  const { cells } = scanner;
  const { keyStart, tape } = cursor;
  scanner.internAt = (start, length) => internAt(cells, cursor, start, length);
  putCursor(cells, cursor);
  do scanner.scan();
  while (cells[state.HOST_CLOSES] === 1 && closeOwn(cells, tape));
  takeCursor(cells, cursor);
  takeNodes(scanner, cursor, keyStart);
  scanner.internAt = knowNothing;
}

/** Nobody's text is being read: nothing shall keep the last one alive. */
const knowNothing = () => -1;

function internAt(cells: Int32Array, { tape, text, window }: JsonCursor, start: number, length: number): number {
  const from = window.base + start;
  const id = internKeyName(tape.keys, text.slice(from, from + length));
  putTypeKeys(cells, tape);
  return id;
}

function putCursor(cells: Int32Array, cursor: JsonCursor): void {
  cells[state.AT] = cursor.at;
  cells[state.PHASE] = cursor.phase;
  cells[state.CURRENT] = cursor.current;
  cells[state.KEY_ID] = cursor.keyId;
  cells[state.KEY_START] = cursor.keyStart;
  cells[state.LAST_END] = cursor.lastEnd;
  cells[state.OPEN_ARRAYS] = cursor.openArrays;
  cells[state.OPEN_OBJECTS] = cursor.openObjects;
  cells[state.BASE] = cursor.window.base;
  cells[state.FIRST_NODE] = cursor.tape.size;
  cells[state.HOST_IS_OBJECT] = isObject(cursor.tape, cursor.current) ? 1 : 0;
  cells[state.SIZE] = cells[state.TYPE_COUNT] = 0;
  putTypeKeys(cells, cursor.tape);
}

function putTypeKeys(cells: Int32Array, { keys }: Tape): void {
  cells[state.TYPE_KEY] = keys.typeKey;
  cells[state.URL_KEY] = keys.urlKey;
}

function takeCursor(cells: Int32Array, cursor: JsonCursor): void {
  cursor.at = cells[state.AT] ?? 0;
  cursor.phase = (cells[state.PHASE] ?? 0) as Phase;
  cursor.current = cells[state.CURRENT] ?? NO_NODE;
  cursor.keyId = cells[state.KEY_ID] ?? -1;
  cursor.keyStart = cells[state.KEY_START] ?? -1;
  cursor.lastEnd = cells[state.LAST_END] ?? 0;
  cursor.openArrays = cells[state.OPEN_ARRAYS] ?? 0;
  cursor.openObjects = cells[state.OPEN_OBJECTS] ?? 0;
}

function isObject(tape: Tape, node: number): boolean {
  return ((tape.kinds[node] ?? 0) & KIND_MASK) === NodeKind.object;
}

/** Closes the innermost container, which is in the tape, at the bracket that the loop stopped at; false where it is the outermost. */
function closeOwn(cells: Int32Array, tape: Tape): boolean {
  const current = cells[state.CURRENT] ?? NO_NODE;
  const end = (cells[state.AT] ?? 0) + 1;
  setExtent(tape, current, end, tape.size + (cells[state.SIZE] ?? 0));
  const open = isObject(tape, current) ? state.OPEN_OBJECTS : state.OPEN_ARRAYS;
  cells[open] = (cells[open] ?? 0) - 1;
  const parent = parentAt(tape, current);
  cells[state.AT] = cells[state.LAST_END] = end;
  cells[state.CURRENT] = parent;
  cells[state.PHASE] = parent === NO_NODE ? Phase.root : Phase.after;
  cells[state.HOST_IS_OBJECT] = isObject(tape, parent) ? 1 : 0;
  return parent !== NO_NODE;
}

/** Copies the columns behind the tape's. `keyStart`: of the key that waited for the first of the nodes. */
function takeNodes(scanner: Scanner, { tape, at }: JsonCursor, keyStart: number): void {
  const count = scanner.cells[state.SIZE] ?? 0;
  if (count === 0) return;
  makeRoom(tape, at, count);
  if (tape.keys.names.length > MAX_NARROW_KEY) widenKeyIds(tape);
  const { size } = tape;
  tape.kinds.set(scanner.kinds.subarray(0, count), size);
  tape.starts.set(scanner.starts.subarray(0, count), size);
  tape.lengths.set(scanner.lengths.subarray(0, count), size);
  tape.parentDistances.set(scanner.parentDistances.subarray(0, count), size);
  tape.sizes.set(scanner.sizes.subarray(0, count), size);
  tape.keyIds.set(scanner.keyIds.subarray(0, count), size);
  tape.keyDistances.set(scanner.keyDistances.subarray(0, count), size);
  // Only a key of the window before can be so far away.
  if (tape.keyDistances[size] === LARGE) tape.large.keyDistances.set(size, (tape.starts[size] ?? 0) - keyStart);
  const types = 2 * (scanner.cells[state.TYPE_COUNT] ?? 0);
  for (let index = 0; index < types; index += 2) tape.types.add(scanner.types[index] ?? 0, scanner.types[index + 1] ?? 0);
  tape.size += count;
}
