/**
 * The keys that were met before, with the ids that the host gave them: a key costs one comparison and no string then. Each is a record:
 * the record of the key that followed it last, how many bytes it has, its hash, its id; then its bytes with the closing quote.
 * What has no room makes all be forgotten; the host knows them still.
 */
import { MARGIN, RECORDS, RECORDS_END, SLOTS, SLOT_COUNT } from './layout';
import { plainStringEnd, skipBlanks } from './tokens.wasm';

const FOLLOWER = 0;
const LENGTH = 4;
const HASH = 8;
const ID = 12;
const BYTES = 16;
/** Longer ones are met seldom. */
const MOST_BYTES = 512;
/** How far a record's slot may lie from its hash. */
const MAX_PROBES = 8;
/** Stands before the first key, and equals none. */
const NOTHING = RECORDS;
/** Of a text that is not kept: its id and its length, until the next one. */
const LOOSE = RECORDS + BYTES;

let nextRecord: i32 = 0;
let lastKey: i32 = 0;
let lastType: i32 = 0;

/** Gives a text its id, which stands in the window. */
declare function internAt(start: i32, length: i32): i32;

/** For another document, whose keys have other ids. */
export function forgetKeys(): void {
  memory.fill(SLOTS, 0, 4 * SLOT_COUNT);
  for (let record = NOTHING; record <= LOOSE; record += BYTES) {
    store<i32>(record, NOTHING, FOLLOWER);
    store<i32>(record, -1, LENGTH);
  }
  nextRecord = LOOSE + BYTES;
  lastKey = lastType = NOTHING;
}

/** The record of the key whose characters begin at `start`: the one that followed the last one before, else sought; 0 where no plain key stands. */
export function keyAt(start: i32): i32 {
  const guess = load<i32>(lastKey, FOLLOWER);
  const record = isAt(guess, start) ? guess : seekRecord(lastKey, start, true);
  if (record !== 0) lastKey = record;
  return record;
}

/** The same of the text of an `@type` or `type_url`, of which few are different. */
export function typeAt(start: i32): i32 {
  const guess = load<i32>(lastType, FOLLOWER);
  const record = isAt(guess, start) ? guess : seekRecord(lastType, start, false);
  if (record !== 0) lastType = record;
  return record;
}

export function idOf(record: i32): i32 {
  return load<i32>(record, ID);
}

export function lengthOf(record: i32): i32 {
  return load<i32>(record, LENGTH);
}

/** Whether the record's bytes stand there, the closing quote behind them. */
function isAt(record: i32, start: i32): bool {
  const length = load<i32>(record, LENGTH);
  if (length < 0) return false;
  let index = 0;
  while (index + 16 <= length) {
    if (sameBytes(record, start, index) !== 0xffff) return false;
    index += 16;
  }
  return ~sameBytes(record, start, index) << (31 - (length - index)) === 0;
}

/** Which of sixteen bytes are the same. */
function sameBytes(record: i32, start: i32, index: i32): i32 {
  return i8x16.bitmask(i8x16.eq(v128.load(start + index), v128.load(record + index, BYTES)));
}

function seekRecord(last: i32, start: i32, isKey: bool): i32 {
  const quote = plainStringEnd(start);
  if (load<u8>(quote) !== 34) return 0;
  const length = quote - start;
  const hash = hashOf(start, length);
  let slot = hash;
  for (let probe = 0; probe < MAX_PROBES; probe++) {
    const record = load<i32>(slotAt(slot));
    if (record === 0) break;
    if (load<i32>(record, HASH) === hash && load<i32>(record, LENGTH) === length && isAt(record, start)) {
      store<i32>(last, record, FOLLOWER);
      return record;
    }
    slot++;
  }
  // A string that no colon follows is no key, and gets no id.
  return isKey && load<u8>(skipBlanks(quote + 1)) !== 58 ? 0 : addRecord(start, length, hash);
}

/** Where the slot for a hash stands. */
function slotAt(hash: i32): i32 {
  return SLOTS + 4 * (hash & (SLOT_COUNT - 1));
}

/** A few characters tell nearly all keys apart; the comparison that follows decides. */
function hashOf(start: i32, length: i32): i32 {
  if (length === 0) return 0;
  const quarter = length >> 2;
  const last = start + length - 1;
  const early: i32 = load<u8>(start) | (load<u8>(start + quarter) << 8);
  const late: i32 = load<u8>(start + (length >> 1)) | (load<u8>(last - quarter) << 8);
  const word = early | (late << 16);
  const mixed = word * 0x9e3779b1 + ((length << 8) | load<u8>(last)) * 0x85ebca6b;
  return mixed ^ (mixed >>> 15);
}

/** Of a text that is met for the first time, or that is not kept. */
function addRecord(start: i32, length: i32, hash: i32): i32 {
  const isKept = length <= MOST_BYTES && isPlainAscii(start, length);
  const id = internAt(start, length);
  if (isKept && nextRecord + BYTES + length + MARGIN > RECORDS_END) forgetKeys();
  const record = isKept ? nextRecord : LOOSE;
  store<i32>(record, NOTHING, FOLLOWER);
  store<i32>(record, length, LENGTH);
  store<i32>(record, hash, HASH);
  store<i32>(record, id, ID);
  if (isKept) {
    memory.copy(record + BYTES, start, length + 1);
    nextRecord = (record + BYTES + length + MARGIN) & ~15;
    store<i32>(slotFor(hash), record);
  }
  return record;
}

/** The first free slot, or the one of the hash itself: who stood there is forgotten. */
function slotFor(hash: i32): i32 {
  for (let probe = 0; probe < MAX_PROBES; probe++) if (load<i32>(slotAt(hash + probe)) === 0) return slotAt(hash + probe);
  return slotAt(hash);
}

/** What stands for itself, and for nothing else: all beyond ASCII is one byte. */
function isPlainAscii(start: i32, length: i32): bool {
  for (let at = start; at < start + length; at++) if (load<u8>(at) < 32 || load<u8>(at) >= 128) return false;
  return true;
}
