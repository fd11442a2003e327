/**
 * A stretch of the text as bytes in the scanner's memory: one that fits into the processor's nearest memory costs no more than the copy.
 * One byte stands for one UTF-16 unit, so that offsets are the same.
 */
import type { Text } from '../../text/text';
import { encodeUtf8Into } from '../../text/encoding';
import { BEYOND_END, MARGIN, WINDOW_SIZE } from './wasm/layout';
import { theScanner } from './wasm/scanner';

export interface ByteWindow {
  /** Tells the readers of texts apart. */
  readonly reader: number;
  /** The offset of the first byte in the text, and of the end (exclusive). */
  base: number;
  end: number;
  /** Where reading is to stop; the window never reaches over it. */
  limit: number;
}

let readers = 0;

export function createByteWindow(): ByteWindow {
  return { reader: ++readers, base: 0, end: 0, limit: Infinity };
}

/** Whether the scanner's memory has the window, and the window an offset. */
export function isInWindow({ reader, base, end }: ByteWindow, at: number): boolean {
  return at >= base && at < end && theScanner().reader === reader;
}

/** Moves the window so that it begins at `at`. */
export function moveWindow(window: ByteWindow, text: Text, at: number): void {
  const scanner = theScanner();
  if (scanner.reader !== window.reader) scanner.forgetKeys();
  scanner.reader = window.reader;
  const piece = text.slice(at, Math.min(at + WINDOW_SIZE, window.limit));
  const count = encodeUtf8Into(piece, scanner.window);
  // As many bytes as characters: then each is one byte, and what was written is the text itself.
  if (count !== piece.length) scanner.joinUtf8(count);
  scanner.window.fill(BEYOND_END, piece.length, piece.length + MARGIN);
  window.base = at;
  window.end = at + piece.length;
}

/** Whether the token at `at` (a string with what follows it up to a colon, or a word) may go on behind the window. */
export function isCutOff({ base, end }: ByteWindow, at: number): boolean {
  const bytes = theScanner().window;
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
