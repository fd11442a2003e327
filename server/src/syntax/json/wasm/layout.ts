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

/** What the host and the loop tell each other, as numbers of four bytes; STATE_ names which of them is what. */
export const STATE = 1024;
export const STATE_AT = 0;
export const STATE_PHASE = 1;
/** The innermost open container, by its number in the tape. */
export const STATE_CURRENT = 2;
/** The key that waits for its value; -1 where none does. */
export const STATE_KEY_ID = 3;
export const STATE_KEY_START = 4;
export const STATE_LAST_END = 5;
export const STATE_OPEN_ARRAYS = 6;
export const STATE_OPEN_OBJECTS = 7;
/** The offset of the window's first byte in the text. */
export const STATE_BASE = 8;
/** The number that the first node in the columns has in the tape; containers before it are the host's. */
export const STATE_FIRST_NODE = 9;
/** Whether the innermost container of the host's that is open is an object. */
export const STATE_HOST_IS_OBJECT = 10;
/** Whether the loop has stopped at the end of one of the host's containers. */
export const STATE_HOST_CLOSES = 11;
/** How many nodes stand in the columns, and how many of them in TYPES. */
export const STATE_SIZE = 12;
export const STATE_TYPE_COUNT = 13;
/** The ids of the keys `@type` and `type_url`. */
export const STATE_TYPE_KEY = 14;
export const STATE_URL_KEY = 15;
export const STATE_LENGTH = 16;

/** The columns of nodes (treeColumns.ts); each has a byte of the window at least. Keys take four bytes here. */
export const KINDS = 2048;
export const LENGTHS = KINDS + WINDOW_SIZE;
export const SIZES = LENGTHS + 2 * WINDOW_SIZE;
export const KEY_DISTANCES = SIZES + 2 * WINDOW_SIZE;
export const STARTS = KEY_DISTANCES + 2 * WINDOW_SIZE;
export const PARENTS = STARTS + 4 * WINDOW_SIZE;
export const KEY_IDS = PARENTS + 4 * WINDOW_SIZE;
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
