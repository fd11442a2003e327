/** Where things stand in the memory of the scanner, in bytes: known to the compiled loop (scan.wasm.ts) and to its host (scanner.ts). */

/** So many UTF-16 units of the text are read at a time: what a node says of its place in them takes two bytes then. */
export const WINDOW_SIZE = 32768;
/** UTF-8 has three bytes for a UTF-16 unit at most. */
export const MOST_BYTES = 3;
/** Loops look at sixteen bytes at a time, beyond the end of the window, too. */
export const MARGIN = 32;
/** Stands behind the end: no loop runs over it. */
export const BEYOND_END = 255;
/** Stands for every character beyond ASCII, which nobody need tell apart: they are part of strings, and of no key that is compared as bytes. */
export const BEYOND_ASCII = 128;

/** What the host and the loop tell each other (state.ts), as numbers of four bytes. */
export const STATE = 1024;

/** The columns of nodes (treeColumns.ts); each has a byte of the window at least. Keys take four bytes here. */
export const KINDS = 2048;
export const LENGTHS = KINDS + WINDOW_SIZE;
export const SIZES = LENGTHS + 2 * WINDOW_SIZE;
export const KEY_DISTANCES = SIZES + 2 * WINDOW_SIZE;
export const STARTS = KEY_DISTANCES + 2 * WINDOW_SIZE;
export const PARENT_DISTANCES = STARTS + 4 * WINDOW_SIZE;
export const KEY_IDS = PARENT_DISTANCES + 4 * WINDOW_SIZE;
/** Pairs: a node that tells a type, and the id of its text. */
export const TYPES = KEY_IDS + 4 * WINDOW_SIZE;
export const WINDOW = TYPES + 8 * WINDOW_SIZE;
/** Keys that were met before (keys.wasm.ts). */
export const SLOTS = WINDOW + MOST_BYTES * WINDOW_SIZE + MARGIN;
export const SLOT_COUNT = 4096;
export const RECORDS = SLOTS + 4 * SLOT_COUNT;
export const RECORDS_END = RECORDS + 262144;
/** In 64 KB. */
export const PAGES = 20;
