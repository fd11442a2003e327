/** Interns keys while a text is scanned, so that a key costs one comparison and makes no string. */
import { BEYOND_ASCII, type ByteWindow } from '../json/byteWindow';

/** How far a slot may lie from its hash; beyond it keys go to a Map, so that chosen collisions cost nothing. */
const MAX_PROBES = 8;
const FIRST_SLOTS = 1024;
const FIRST_KEYS = 256;
/** A key whose bytes are never compared: its characters are not what stands in the text. */
const UNCOMPARABLE = -1;
/** Keys are compared four bytes at a time, their closing quote with them. */
const WORD = 4;
const QUOTE = 34;

export interface KeyTable {
  /** Decoded keys by id. */
  readonly names: string[];
  /** By id: where the bytes of the key begin in `bytes`, how many they are (or UNCOMPARABLE), their hash, and the key that followed it last. */
  places: Int32Array;
  lengths: Int32Array;
  hashes: Int32Array;
  followers: Int32Array;
  /** Open addressing: id + 1, or 0. */
  slots: Int32Array;
  /** The characters of all keys: comparing with them is faster than with another place of the text. */
  bytes: Uint8Array;
  words: DataView;
  byteCount: number;
  readonly overflow: Map<string, number>;
  /** The id of `@type`; until it is met a number that no value has for its key. */
  typeKey: number;
  /** The same of a TypedStruct's `type_url`, in the spelling that was met last. */
  urlKey: number;
}

export function createKeyTable(): KeyTable {
  const bytes = new Uint8Array(4096);
  return {
    names: [],
    places: new Int32Array(FIRST_KEYS),
    lengths: new Int32Array(FIRST_KEYS).fill(UNCOMPARABLE),
    hashes: new Int32Array(FIRST_KEYS),
    followers: new Int32Array(FIRST_KEYS),
    slots: new Int32Array(FIRST_SLOTS),
    overflow: new Map(),
    typeKey: -2,
    urlKey: -2,
    bytes,
    words: new DataView(bytes.buffer),
    byteCount: 0,
  };
}

/** Whether the key `id` stands at `start` of the bytes, its closing quote behind it. */
export function isKeyAt(table: KeyTable, id: number, source: DataView, start: number): boolean {
  const { words } = table;
  const length = table.lengths[id] ?? UNCOMPARABLE;
  const place = table.places[id] ?? 0;
  if (length < 0) return false;
  let index = 0;
  for (; index + 4 <= length; index += 4) if (source.getInt32(start + index, true) !== words.getInt32(place + index, true)) return false;
  const tail = length - index + 1;
  return (source.getInt32(start + index, true) ^ words.getInt32(place + index, true)) << (32 - 8 * tail) === 0;
}

/** Whether the key tells of which type a message is. */
export function isTypeKey({ typeKey, urlKey }: KeyTable, id: number): boolean {
  return id === typeKey || id === urlKey;
}

/** The id of the key whose bytes stand at [start, end) of the source; -1 where it is not known yet. */
export function findKeyAt(table: KeyTable, { bytes: source, words }: ByteWindow, start: number, end: number): number {
  const length = end - start;
  const late = end - 1 - (length >> 2);
  const hash = mix(
    pack(source[start], source[start + (length >> 2)], source[start + (length >> 1)], source[late]),
    source[end - 1],
    length,
  );
  const mask = table.slots.length - 1;
  for (let probe = 0; probe < MAX_PROBES; probe++) {
    const id = (table.slots[(hash + probe) & mask] ?? 0) - 1;
    if (id < 0) break;
    if (table.hashes[id] === hash && table.lengths[id] === length && isKeyAt(table, id, words, start)) return id;
  }
  return -1;
}

/** The id of a key that is given decoded; a new one, where it is not known yet. */
export function internKeyName(table: KeyTable, name: string): number {
  const hash = hashName(name);
  const mask = table.slots.length - 1;
  for (let probe = 0; probe < MAX_PROBES; probe++) {
    const id = (table.slots[(hash + probe) & mask] ?? 0) - 1;
    if (id < 0) break;
    if (table.hashes[id] === hash && table.names[id] === name) return id;
  }
  return addKey(table, name, hash);
}

function hashName(name: string): number {
  const { length } = name;
  const late = length - 1 - (length >> 2);
  const word = pack(byteAt(name, 0), byteAt(name, length >> 2), byteAt(name, length >> 1), byteAt(name, late));
  return mix(word, byteAt(name, length - 1), length);
}

function byteAt(name: string, index: number): number {
  const code = name.charCodeAt(index);
  return code < BEYOND_ASCII ? code : BEYOND_ASCII;
}

/** A few characters tell nearly all keys apart; the comparison that follows decides. */
function pack(first = 0, early = 0, middle = 0, late = 0): number {
  return first | (early << 8) | (middle << 16) | (late << 24);
}

function mix(word: number, last = 0, length: number): number {
  if (length === 0) return 0;
  const mixed = Math.imul(word, 0x9e3779b1) + Math.imul((length << 8) | last, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & 0x3fffffff;
}

function addKey(table: KeyTable, name: string, hash: number): number {
  const known = table.overflow.get(name);
  if (known !== undefined) return known;
  const id = table.names.length;
  if (id === table.places.length) growKeys(table);
  table.names.push(name);
  if (name === '@type') table.typeKey = id;
  else if (name === 'type_url' || name === 'typeUrl') table.urlKey = id;
  table.hashes[id] = hash;
  addBytes(table, id, name);
  if (id * 2 > table.slots.length) growSlots(table);
  if (!placeInSlots(table.slots, hash, id)) table.overflow.set(name, id);
  return id;
}

function addBytes(table: KeyTable, id: number, name: string): void {
  const place = table.byteCount;
  if (place + name.length + WORD > table.bytes.length) {
    const larger = new Uint8Array((place + name.length + WORD) * 2);
    larger.set(table.bytes);
    table.bytes = larger;
    table.words = new DataView(larger.buffer);
  }
  let isPlain = true;
  for (let index = 0; index < name.length; index++) {
    const code = byteAt(name, index);
    table.bytes[place + index] = code;
    isPlain &&= code !== BEYOND_ASCII && code !== 34 && code !== 92 && code >= 32;
  }
  table.bytes[place + name.length] = QUOTE;
  table.places[id] = place;
  table.byteCount += name.length + 1;
  table.lengths[id] = isPlain ? name.length : UNCOMPARABLE;
}

function placeInSlots(slots: Int32Array, hash: number, id: number): boolean {
  const mask = slots.length - 1;
  for (let probe = 0; probe < MAX_PROBES; probe++) {
    const slot = (hash + probe) & mask;
    if (slots[slot] === 0) {
      slots[slot] = id + 1;
      return true;
    }
  }
  return false;
}

function growKeys(table: KeyTable): void {
  for (const column of ['places', 'lengths', 'hashes', 'followers'] as const) {
    const larger = new Int32Array(table[column].length * 2);
    larger.set(table[column]);
    table[column] = larger;
  }
}

function growSlots(table: KeyTable): void {
  const slots = new Int32Array(table.slots.length * 4);
  table.names.forEach((name, id) => {
    if (id === table.names.length - 1 || table.overflow.has(name)) return;
    if (!placeInSlots(slots, table.hashes[id] ?? 0, id)) table.overflow.set(name, id);
  });
  table.slots = slots;
}
