/** Which of the numbers at STATE (layout.ts) is what: what the host and the loop tell each other. */

export const AT = 0;
export const PHASE = 1;
/** The innermost open container, by its number in the tape. */
export const CURRENT = 2;
/** The key that waits for its value; -1 where none does. */
export const KEY_ID = 3;
export const KEY_START = 4;
export const LAST_END = 5;
export const OPEN_ARRAYS = 6;
export const OPEN_OBJECTS = 7;
/** The offset of the window's first byte in the text. */
export const BASE = 8;
/** The number that the first node in the columns has in the tape; containers before it are the host's. */
export const FIRST_NODE = 9;
/** Whether the innermost container of the host's that is open is an object. */
export const HOST_IS_OBJECT = 10;
/** Whether the loop has stopped at the end of one of the host's containers. */
export const HOST_CLOSES = 11;
/** How many nodes stand in the columns, and how many of them in TYPES. */
export const SIZE = 12;
export const TYPE_COUNT = 13;
/** The ids of the keys `@type` and `type_url`. */
export const TYPE_KEY = 14;
export const URL_KEY = 15;
export const LENGTH = 16;
