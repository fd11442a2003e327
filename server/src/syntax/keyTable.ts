/** Interns keys while a text is scanned, so that a key costs one comparison with its first occurrence and no string. */

/** How far a slot may lie from its hash; beyond it keys go to a Map, so that chosen collisions cost nothing. */
const MAX_PROBES = 8;
const FIRST_SLOTS = 1024;

export interface KeyTable {
  readonly text: string;
  /** Decoded keys by id. */
  readonly names: string[];
  /** Where the first occurrence stands in the text, or -1 when it is not written as it reads. */
  readonly places: number[];
  readonly hashes: number[];
  /** Open addressing: id + 1, or 0. */
  slots: Int32Array;
  readonly overflow: Map<string, number>;
}

export function createKeyTable(text: string): KeyTable {
  return { text, names: [], places: [], hashes: [], slots: new Int32Array(FIRST_SLOTS), overflow: new Map() };
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
  return addKey(table, text.slice(start, end), { hash, place: start });
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
  return addKey(table, name, { hash, place: -1 });
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
  const text = table.text;
  const place = table.places[id] ?? -1;
  const name = table.names[id] ?? '';
  const length = end - start;
  if (name.length !== length) return false;
  if (place < 0) return text.startsWith(name, start);
  for (let i = 0; i < length; i++) if (text.charCodeAt(start + i) !== text.charCodeAt(place + i)) return false;
  return true;
}

function addKey(table: KeyTable, name: string, { hash, place }: { hash: number; place: number }): number {
  const known = table.overflow.get(name);
  if (known !== undefined) return known;
  const id = table.names.length;
  table.names.push(name);
  table.places.push(place);
  table.hashes.push(hash);
  if (id * 2 > table.slots.length) growSlots(table);
  if (!placeInSlots(table.slots, hash, id)) table.overflow.set(name, id);
  return id;
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
