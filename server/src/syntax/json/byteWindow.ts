/**
 * A stretch of the text as bytes: a loop over bytes is several times faster than one over the characters of a string, and a stretch that
 * fits into the processor's nearest memory costs no more than the copy. One byte stands for one UTF-16 unit, so that offsets are the same.
 */
import type { Text } from '../../text/text';
import { encodeUtf8Into } from '../../text/encoding';

/** Stands for every character beyond ASCII, and behind the end: no loop runs over it. */
export const FOREIGN = 255;
const SIZE = 1 << 15;
/** Loops read words of four bytes, and look a few bytes ahead. */
const MARGIN = 8;

export interface ByteWindow {
  readonly bytes: Uint8Array;
  /** The same bytes, for reading four at a time at any place. */
  readonly words: DataView;
  /** The offset of the first byte in the text, and of the end (exclusive). */
  base: number;
  end: number;
  /** Where reading is to stop; the window never reaches over it. */
  limit: number;
}

export function createByteWindow(): ByteWindow {
  const bytes = new Uint8Array(SIZE + MARGIN);
  return { bytes, words: new DataView(bytes.buffer), base: 0, end: 0, limit: Infinity };
}

/** Moves the window so that it begins at `at`. */
export function moveWindow(window: ByteWindow, text: Text, at: number): void {
  const piece = text.slice(at, Math.min(at + SIZE, window.limit));
  const { bytes } = window;
  // As many bytes as characters: then each is one byte, and what was written is the text itself.
  if (encodeUtf8Into(piece, bytes) !== piece.length) writeForeign(bytes, piece);
  bytes.fill(FOREIGN, piece.length, piece.length + MARGIN);
  window.base = at;
  window.end = at + piece.length;
}

function writeForeign(bytes: Uint8Array, piece: string): void {
  for (let index = 0; index < piece.length; index++) {
    const code = piece.charCodeAt(index);
    bytes[index] = code < 128 ? code : FOREIGN;
  }
}

/** Whether the token at `at` (a string with what follows it up to a colon, or a word) may go on behind the window. */
export function isCutOff({ bytes, base, end }: ByteWindow, at: number): boolean {
  const stop = end - base;
  let index = at - base;
  if (bytes[index] === 34) {
    index++;
    while (index < stop && !ENDS_STRING.has(bytes[index] ?? FOREIGN)) index++;
    if (bytes[index] !== 34) return index >= stop;
    index++;
    while (index < stop && (bytes[index] ?? FOREIGN) <= 32) index++;
  } else while (index < stop && IS_WORD.test(String.fromCharCode(bytes[index] ?? FOREIGN))) index++;
  return index >= stop;
}

const ENDS_STRING: ReadonlySet<number> = new Set([10, 34, 92, FOREIGN]);
const IS_WORD = /[\w.+-]/;
