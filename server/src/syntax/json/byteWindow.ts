/**
 * A stretch of the text as bytes: a loop over bytes is several times faster than one over the characters of a string, and a stretch that
 * fits into the processor's nearest memory costs no more than the copy. One byte stands for one UTF-16 unit, so that offsets are the same.
 */
import type { Text } from '../../text/text';
import { encodeUtf8Into } from '../../text/encoding';

/** Stands behind the end: no loop runs over it. */
export const BEYOND_END = 255;
/** Stands for every character beyond ASCII, which nobody need tell apart: they are part of strings, and of no key that is compared as bytes. */
export const BEYOND_ASCII = 128;
const SIZE = 1 << 15;
/** UTF-8 has three bytes for a UTF-16 unit at most. */
const MOST_BYTES = 3;
/** Loops read words of four bytes, and look a few bytes ahead. */
const MARGIN = 8;

export interface ByteWindow {
  bytes: Uint8Array;
  /** The same bytes, for reading four at a time at any place. */
  words: DataView;
  /** The offset of the first byte in the text, and of the end (exclusive). */
  base: number;
  end: number;
  /** Where reading is to stop; the window never reaches over it. */
  limit: number;
}

export function createByteWindow(): ByteWindow {
  const bytes = new Uint8Array(MARGIN);
  return { bytes, words: new DataView(bytes.buffer), base: 0, end: 0, limit: Infinity };
}

/** Moves the window so that it begins at `at`. */
export function moveWindow(window: ByteWindow, text: Text, at: number): void {
  const piece = text.slice(at, Math.min(at + SIZE, window.limit));
  const bytes = roomFor(window, piece.length);
  const count = encodeUtf8Into(piece, bytes);
  // As many bytes as characters: then each is one byte, and what was written is the text itself.
  if (count !== piece.length) joinBytes(bytes, count);
  bytes.fill(BEYOND_END, piece.length, piece.length + MARGIN);
  window.base = at;
  window.end = at + piece.length;
}

/** As much as is needed: an edit reads a few characters. */
function roomFor(window: ByteWindow, length: number): Uint8Array {
  const room = length * MOST_BYTES + MARGIN;
  if (window.bytes.length < room) {
    window.bytes = new Uint8Array(room);
    window.words = new DataView(window.bytes.buffer);
  }
  return window.bytes;
}

/** Makes of UTF-8 one byte for each UTF-16 unit, in its place. */
function joinBytes(bytes: Uint8Array, count: number): void {
  let unit = 0;
  for (let index = 0; index < count; index++) {
    const byte = bytes[index] ?? 0;
    if (byte < BEYOND_ASCII) bytes[unit++] = byte;
    // The first byte stands for the character, which has two units beyond U+FFFF; the bytes after it begin with 10.
    else if (byte >= 0xc0) {
      bytes[unit++] = BEYOND_ASCII;
      if (byte >= 0xf0) bytes[unit++] = BEYOND_ASCII;
    }
  }
}

/** Whether the token at `at` (a string with what follows it up to a colon, or a word) may go on behind the window. */
export function isCutOff({ bytes, base, end }: ByteWindow, at: number): boolean {
  const stop = end - base;
  let index = at - base;
  if (bytes[index] === 34) {
    index++;
    while (index < stop && ENDS_STRING[bytes[index] ?? 0] === 0) index++;
    if (bytes[index] !== 34) return index >= stop;
    index++;
    while (index < stop && (bytes[index] ?? BEYOND_END) <= 32) index++;
  } else while (index < stop && IS_WORD[bytes[index] ?? 0] === 1) index++;
  return index >= stop;
}

const ENDS_STRING = bytesIn('\n"\\');
const IS_WORD = bytesIn('+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz');

/** A table that has a 1 for each of the characters. */
function bytesIn(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}
