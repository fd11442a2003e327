/** Where tokens end: sixteen bytes at a time where that helps, -1 where they are not whole and plain. */
import { BEYOND_END } from './layout';

/** After spaces and line ends. */
export function skipBlanks(start: i32): i32 {
  if (load<u8>(start) > 32) return start;
  if (load<u8>(start + 1) > 32) return start + 1;
  return indentationEnd(start + 1);
}

function indentationEnd(start: i32): i32 {
  let at = start;
  let dark = darkBytes(at);
  while (dark === 0) dark = darkBytes((at += 16));
  return at + ctz(dark);
}

/** Which of sixteen bytes are no blanks. */
function darkBytes(at: i32): i32 {
  return i8x16.bitmask(i8x16.gt_u(v128.load(at), i8x16.splat(32)));
}

/** Where a string's plain characters end: at its closing quote, or at what must be looked at more closely. */
export function plainStringEnd(start: i32): i32 {
  let at = start;
  do {
    let odd = oddBytes(at);
    while (odd === 0) odd = oddBytes((at += 16));
    at += ctz(odd);
  } while (isPlain(load<u8>(at)) && ++at !== 0);
  return at;
}

/** Which of sixteen bytes may end a string: quotes, backslashes, line ends; and some that do not (tabs, all beyond ASCII). */
function oddBytes(at: i32): i32 {
  const bytes = v128.load(at);
  const signs = v128.or(i8x16.eq(bytes, i8x16.splat(34)), i8x16.eq(bytes, i8x16.splat(92)));
  return i8x16.bitmask(v128.or(signs, i8x16.lt_s(bytes, i8x16.splat(14))));
}

function isPlain(code: i32): bool {
  return code !== 34 && code !== 92 && code !== 10 && code !== 13 && code !== BEYOND_END;
}

/** The end of a string without escapes. */
export function stringEnd(at: i32): i32 {
  const quote = plainStringEnd(at + 1);
  return load<u8>(quote) === 34 ? quote + 1 : -1;
}

/** The same of a string with escapes: each is a backslash with a character of its line. */
export function escapedStringEnd(at: i32): i32 {
  let end = plainStringEnd(at + 1);
  while (load<u8>(end) === 92 && load<u8>(end + 1) >= 32 && load<u8>(end + 1) !== BEYOND_END) end = plainStringEnd(end + 2);
  return load<u8>(end) === 34 ? end + 1 : -1;
}

/** The end of `true`, `false`, `null` or a number that a delimiter follows. */
export function plainScalarEnd(start: i32, code: i32): i32 {
  const end = code <= 57 ? numberEnd(start, code) : wordEnd(start, code);
  return end >= 0 && isDelimiter(load<u8>(end)) ? end : -1;
}

function wordEnd(start: i32, code: i32): i32 {
  if (code === 116) return load<u32>(start) === 0x65757274 ? start + 4 : -1;
  if (code === 110) return load<u32>(start) === 0x6c6c756e ? start + 4 : -1;
  return code === 102 && load<u32>(start + 1) === 0x65736c61 ? start + 5 : -1;
}

/** After the whole part, its fraction and its exponent; -1 where one of them has no digits, or where a zero leads. */
function numberEnd(start: i32, code: i32): i32 {
  const first = code === 45 ? start + 1 : start;
  let end = digitsEnd(first);
  if (load<u8>(first) === 48 && end > first + 1) return -1;
  if (end >= 0 && load<u8>(end) === 46) end = digitsEnd(end + 1);
  if (end < 0 || (load<u8>(end) | 32) !== 101) return end;
  const sign = load<u8>(++end);
  return digitsEnd(sign === 43 || sign === 45 ? end + 1 : end);
}

/** After one digit or more; -1 where none stands. */
function digitsEnd(start: i32): i32 {
  let end = start;
  while (isDigit(load<u8>(end))) end++;
  return end > start ? end : -1;
}

function isDigit(code: i32): bool {
  return code >= 48 && code <= 57;
}

/** What ends an unquoted token: space, comma, colon, bracket, quote. */
function isDelimiter(code: i32): bool {
  return code <= 32 || code === 44 || code === 34 || code === 58 || (code | 32) === 123 || (code | 32) === 125;
}
