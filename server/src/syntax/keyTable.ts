/** Interns keys while a text is scanned, so that a key costs one comparison with its first occurrence and makes no string. */

/** How far a slot may lie from its hash; beyond it keys go to a Map, so that chosen collisions cost nothing. */
const MAX_PROBES = 8;
const FIRST_SLOTS = 1024;

export interface KeyTable {
  readonly text: string;
  /** Decoded keys by id. */
  readonly names: string[];
  /** Where the characters of each key begin in `chars`. */
  readonly places: number[];
  readonly hashes: number[];
  /** Open addressing: id + 1, or 0. */
  slots: Int32Array;
  /** The characters of all keys: comparing with them is faster than with another place of the text. */
  chars: Uint16Array;
  charCount: number;
  readonly overflow: Map<string, number>;
}

export function createKeyTable(text: string): KeyTable {
  return {
    text,
    names: [],
    places: [],
    hashes: [],
    slots: new Int32Array(FIRST_SLOTS),
    overflow: new Map(),
    chars: new Uint16Array(4096),
    charCount: 0,
  };
}

/** The id of the key whose characters stand unescaped at [start, end) of the text. */
export function internKeyAt(table: KeyTable, start: number, end: number): number {
  const text = table.text;
  const hash = hashKey(text, start, end);
  const slots = table.slots;
  const mask = slots.length - 1;
  for (let probe = 0; probe < MAX_PROBES; probe++) {
    const id = (slots[(hash + probe) & mask] ?? 0) - 1;
    if (id < 0) break;
    if (table.hashes[id] === hash && isKeyAt(table, id, start, end)) return id;
  }
  return addKey(table, text.slice(start, end), hash);
}

/** The id of a key that is given decoded. */
export function internKeyName(table: KeyTable, name: string): number {
  const hash = hashKey(name, 0, name.length);
  const mask = table.slots.length - 1;
  for (let probe = 0; probe < MAX_PROBES; probe++) {
    const id = (table.slots[(hash + probe) & mask] ?? 0) - 1;
    if (id < 0) break;
    if (table.hashes[id] === hash && table.names[id] === name) return id;
  }
  return addKey(table, name, hash);
}

/** A few characters tell nearly all keys apart; the comparison that follows decides. */
function hashKey(text: string, start: number, end: number): number {
  const length = end - start;
  if (length === 0) return 0;
  const first = text.charCodeAt(start);
  const last = text.charCodeAt(end - 1);
  const middle = text.charCodeAt(start + (length >> 1));
  const late = text.charCodeAt(end - 1 - (length >> 2));
  const early = text.charCodeAt(start + (length >> 2));
  const mixed = Math.imul(
    length + Math.imul(first, 31) + Math.imul(last, 967) + Math.imul(middle, 29989) + (late << 17) + (early << 5),
    0x9e3779b1,
  );
  return (mixed ^ (mixed >>> 15)) & 0x3fffffff;
}

function isKeyAt(table: KeyTable, id: number, start: number, end: number): boolean {
  const { text, chars } = table;
  const place = table.places[id] ?? 0;
  const length = end - start;
  if (table.names[id]?.length !== length) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(start + i) !== chars[place + i]) return false;
  return true;
}

function addKey(table: KeyTable, name: string, hash: number): number {
  const known = table.overflow.get(name);
  if (known !== undefined) return known;
  const id = table.names.length;
  table.names.push(name);
  table.hashes.push(hash);
  table.places.push(addChars(table, name));
  if (id * 2 > table.slots.length) growSlots(table);
  if (!placeInSlots(table.slots, hash, id)) table.overflow.set(name, id);
  return id;
}

function addChars(table: KeyTable, name: string): number {
  const place = table.charCount;
  if (place + name.length > table.chars.length) {
    const chars = new Uint16Array((place + name.length) * 2);
    chars.set(table.chars);
    table.chars = chars;
  }
  for (let i = 0; i < name.length; i++) table.chars[place + i] = name.charCodeAt(i);
  table.charCount += name.length;
  return place;
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

function growSlots(table: KeyTable): void {
  const slots = new Int32Array(table.slots.length * 4);
  table.hashes.forEach((hash, id) => {
    const name = table.names[id] ?? '';
    if (id === table.names.length - 1 || table.overflow.has(name)) return;
    if (!placeInSlots(slots, hash, id)) table.overflow.set(name, id);
  });
  table.slots = slots;
}
