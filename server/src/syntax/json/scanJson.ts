/**
 * The hot loop: reads valid JSON from the cursor on and writes its nodes, until something is not as it should be (a comment, an escaped
 * key, a broken token, a key that is met for the first time, the end of the outermost value), or the window or the columns are full.
 * There it stops with the cursor before the token. It runs over bytes (byteWindow.ts), and guesses the key by the one before: one comparison then both finds and reads it.
 */
import { BEYOND_END, type ByteWindow } from './byteWindow';
import { Phase, type JsonCursor } from './jsonCursor';
import { findKeyAt, internKeyName, isKeyAt, isTypeKey, type KeyTable } from '../tree/keyTable';
import { FLAG_ENCODED, KIND_MASK, NO_NODE, NodeKind, type NodeId } from '../tree/syntaxTree';
import { LARGE, narrow, NO_KEY, setExtent } from '../tree/treeColumns';

/** Advances the cursor over all that is valid JSON. What is hot is a local variable; all are written back at the end. */
export function scanJson(cursor: JsonCursor): void {
  const { tape, window } = cursor;
  const { kinds, starts, lengths, parents, sizes, keyIds, keyDistances, large, capacity, keys } = tape;
  const { bytes, words, base } = window;
  let { phase, current, openArrays, openObjects, keyId, keyStart, lastEnd, lastKey } = cursor;
  let [at, size] = [cursor.at - base, tape.size];
  let inObject = ((kinds[current] ?? 0) & KIND_MASK) === NodeKind.object;
  while (current !== NO_NODE && size < capacity) {
    let code = bytes[(at = skipBlanks(bytes, words, at))] ?? BEYOND_END;
    if (phase === Phase.after && code === 44) {
      phase = inObject ? Phase.key : Phase.item;
      code = bytes[(at = skipBlanks(bytes, words, at + 1))] ?? BEYOND_END;
    } else if (phase === Phase.after || code === 125 || code === 93) {
      if (code !== (inObject ? 125 : 93) || phase === Phase.key || phase === Phase.item || phase === Phase.value) break;
      lastEnd = base + ++at;
      setExtent(tape, current, lastEnd, size);
      if (inObject) openObjects--;
      else openArrays--;
      current = parents[current] ?? NO_NODE;
      inObject = ((kinds[current] ?? 0) & KIND_MASK) === NodeKind.object;
      phase = current === NO_NODE ? Phase.root : Phase.after;
      continue;
    }
    if (phase === Phase.key || phase === Phase.firstKey) {
      const id = code === 34 ? findKey(keys, lastKey, window, at + 1) : -1;
      if (id < 0) break;
      const colon = skipBlanks(bytes, words, at + 2 + (keys.lengths[id] ?? 0));
      if (bytes[colon] !== 58) break;
      keyId = lastKey = id;
      keyStart = base + at;
      lastEnd = base + colon + 1;
      phase = Phase.value;
      code = bytes[(at = skipBlanks(bytes, words, colon + 1))] ?? BEYOND_END;
    }
    let end = code === 34 && isTypeKey(keys, keyId) ? typeEnd(cursor, at, size) : valueEnd(bytes, at, code);
    const isEncoded = end < 0 && code === 34 && (end = escapedStringEnd(bytes, at)) >= 0;
    if (end < 0) break;
    kinds[size] = (KIND_OF_FIRST[code] ?? NodeKind.number) | (isEncoded ? FLAG_ENCODED : 0);
    starts[size] = base + at;
    parents[size] = current;
    keyIds[size] = keyId;
    keyDistances[size] = keyStart < 0 ? NO_KEY : narrow(large.keyDistances, size, base + at - keyStart, NO_KEY);
    keyId = keyStart = -1;
    if (end > at) {
      lengths[size] = narrow(large.lengths, size, end - at, LARGE);
      lastEnd = base + (at = end);
      sizes[size++] = 1;
      phase = Phase.after;
    } else {
      lastEnd = base + ++at;
      current = size++;
      inObject = code === 123;
      if (inObject) openObjects++;
      else openArrays++;
      phase = inObject ? Phase.firstKey : Phase.firstItem;
    }
  }
  tape.size = size;
  Object.assign(cursor, { at: base + at, phase, current, openArrays, openObjects, keyId, keyStart, lastEnd, lastKey });
}

/** The id of the key that begins at `start`: the one that followed the last key before, else sought; -1 where no plain and known key stands. */
function findKey(keys: KeyTable, lastKey: number, window: ByteWindow, start: number): number {
  const guess = keys.followers[lastKey] ?? 0;
  if (isKeyAt(keys, guess, window.words, start)) return guess;
  const quote = plainStringEnd(window.bytes, start);
  const id = window.bytes[quote] === 34 ? findKeyAt(keys, window, start, quote) : -1;
  if (id >= 0) keys.followers[lastKey] = id;
  return id;
}

/** The end of a scalar; of a container its beginning; -1 where neither stands there whole and plain. */
function valueEnd(bytes: Uint8Array, at: number, code: number): number {
  if (code === 123 || code === 91) return at;
  if (code !== 34) return plainScalarEnd(bytes, at, code);
  const quote = plainStringEnd(bytes, at + 1);
  return bytes[quote] === 34 ? quote + 1 : -1;
}

/** The same of a string with escapes: each is a backslash with a character of its line. */
function escapedStringEnd(bytes: Uint8Array, at: number): number {
  let end = plainStringEnd(bytes, at + 1);
  while (bytes[end] === 92 && (bytes[end + 1] ?? BEYOND_END) >= 32 && bytes[end + 1] !== BEYOND_END) end = plainStringEnd(bytes, end + 2);
  return bytes[end] === 34 ? end + 1 : -1;
}

/** The same of the text of an `@type` or `type_url`, of which few are different: each is noted by its number, so that messages are compared without their texts. */
function typeEnd(cursor: JsonCursor, at: number, node: NodeId): number {
  const { keys, types } = cursor.tape;
  const { bytes, words, base } = cursor.window;
  const before = types.last ?? keys.typeKey;
  const guess = keys.followers[before] ?? 0;
  let id = isKeyAt(keys, guess, words, at + 1) ? guess : -1;
  const end = id < 0 ? valueEnd(bytes, at, 34) : at + 2 + (keys.lengths[id] ?? 0);
  if (end < 0) return end;
  if (id < 0) {
    id = internKeyName(keys, cursor.text.slice(base + at + 1, base + end - 1));
    keys.followers[before] = id;
  }
  types.add(node, id);
  return end;
}

/** After spaces and line ends; indentation is read four at a time. */
function skipBlanks(bytes: Uint8Array, words: DataView, start: number): number {
  let at = start;
  if ((bytes[at] ?? BEYOND_END) > 32) return at;
  if ((bytes[++at] ?? BEYOND_END) > 32) return at;
  while (words.getFloat64(at, true) === EIGHT_SPACES) at += 8;
  if (words.getInt32(at, true) === FOUR_SPACES) at += 4;
  while ((bytes[at] ?? BEYOND_END) <= 32) at++;
  return at;
}

const FOUR_SPACES = 0x20202020;
/** As a number, which is equal to itself alone. */
const EIGHT_SPACES = new DataView(Uint8Array.of(32, 32, 32, 32, 32, 32, 32, 32).buffer).getFloat64(0);

/** Where a string's plain characters end: at its closing quote, or at what must be looked at more closely. */
function plainStringEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (IS_PLAIN[bytes[at] ?? BEYOND_END] === 1) at++;
  return at;
}

/** The end of `true`, `false`, `null` or a number that a delimiter follows; -1 for all else. */
function plainScalarEnd(bytes: Uint8Array, start: number, code: number): number {
  const end = code <= 57 ? numberEnd(bytes, start, code) : wordEnd(bytes, start, code);
  return end >= 0 && IS_DELIMITER[bytes[end] ?? BEYOND_END] === 1 ? end : -1;
}

function wordEnd(bytes: Uint8Array, start: number, code: number): number {
  const word = code === 116 ? TRUE : code === 102 ? FALSE : code === 110 ? NULL : NOTHING;
  for (let index = 1; index < word.length; index++) if (bytes[start + index] !== word[index]) return -1;
  return word.length === 0 ? -1 : start + word.length;
}

/** After the whole part, its fraction and its exponent; -1 where one of them has no digits, or where a zero leads. */
function numberEnd(bytes: Uint8Array, start: number, code: number): number {
  const first = code === 45 ? start + 1 : start;
  let end = digitsEnd(bytes, first);
  if (bytes[first] === 48 && end > first + 1) return -1;
  if (end >= 0 && bytes[end] === 46) end = digitsEnd(bytes, end + 1);
  if (end < 0 || ((bytes[end] ?? 0) | 32) !== 101) return end;
  const sign = bytes[++end];
  return digitsEnd(bytes, sign === 43 || sign === 45 ? end + 1 : end);
}

/** After one digit or more; -1 where none stands. */
function digitsEnd(bytes: Uint8Array, start: number): number {
  let end = start;
  while (isDigit(bytes[end] ?? 0)) end++;
  return end > start ? end : -1;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

const TRUE = bytesOf('true');
const FALSE = bytesOf('false');
const NULL = bytesOf('null');
const NOTHING = bytesOf('');

function bytesOf(word: string): Uint8Array {
  return Uint8Array.from(word, (letter) => letter.charCodeAt(0));
}

/** Characters of a string that stand for themselves: no quote, backslash or line end. */
const IS_PLAIN = new Uint8Array(256).fill(1, 0, BEYOND_END);
for (const code of [10, 13, 34, 92]) IS_PLAIN[code] = 0;

/** What ends an unquoted token: space, comma, colon, bracket, quote. */
const IS_DELIMITER = new Uint8Array(256).fill(1, 0, 33);
for (const sign of ',:"{}[]') IS_DELIMITER[sign.charCodeAt(0)] = 1;

/** What a value is, by its first character; a digit or a minus begins a number. */
const KIND_OF_FIRST = new Uint8Array(256).fill(NodeKind.number);
KIND_OF_FIRST[34] = NodeKind.string;
KIND_OF_FIRST[91] = NodeKind.array;
KIND_OF_FIRST[102] = NodeKind.boolean;
KIND_OF_FIRST[110] = NodeKind.null;
KIND_OF_FIRST[116] = NodeKind.boolean;
KIND_OF_FIRST[123] = NodeKind.object;
