/** Text beyond ASCII: its bytes become as many as it has UTF-16 units, so that offsets are the same. */
import { BEYOND_ASCII, WINDOW } from './layout';

/** Makes of the window's UTF-8 one byte for each UTF-16 unit, in its place; what is ASCII moves sixteen bytes at a time. */
export function joinUtf8(count: i32): void {
  let from = WINDOW;
  let to = WINDOW;
  const end = WINDOW + count;
  while (from < end) {
    const bytes = v128.load(from);
    if (i8x16.bitmask(bytes) === 0) {
      v128.store(to, bytes);
      from += 16;
      to += 16;
    } else to = joinByte(load<u8>(from++), to);
  }
}

/** The first byte stands for the character, which has two units beyond U+FFFF; the bytes after it begin with 10. */
function joinByte(byte: i32, to: i32): i32 {
  if (byte < BEYOND_ASCII) {
    store<u8>(to, byte);
    return to + 1;
  }
  if (byte < 0xc0) return to;
  store<u8>(to, BEYOND_ASCII);
  if (byte < 0xf0) return to + 1;
  store<u8>(to + 1, BEYOND_ASCII);
  return to + 2;
}
