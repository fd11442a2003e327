/** The lexical side of JSON strings: where one ends and what it says. */
import { readJson } from '../../protocol/jsonValue';
import type { Text } from '../../text/text';

export interface StringToken {
  /** After the closing quote, or where the text breaks off. */
  readonly end: number;
  readonly closed: boolean;
}

/** Scans a string with escapes; it never runs over the end of a line. The quote may be `"` or `'`. */
export function scanString(text: Text, start: number): StringToken {
  // The engine's own search: certificates are long, and full of escapes.
  const quote = text.charAt(start);
  let at = text.indexOf(quote, start + 1);
  while (at >= 0 && endsInEscape(text, start, at)) at = text.indexOf(quote, at + 1);
  return at < 0 || /[\n\r]/.test(text.slice(start + 1, at)) ? scanBroken(text, start) : { end: at + 1, closed: true };
}

/** A string that no quote on its line closes, or one with a line end that looks escaped. */
function scanBroken(text: Text, start: number): StringToken {
  const quote = text.charCodeAt(start);
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return { end: at + 1, closed: true };
    if (code === 10 || code === 13) break;
    if (code === 92 && at + 1 < text.length && !isLineEnd(text.charCodeAt(at + 1))) at++;
  }
  return { end: trimmedEnd(text, start, at), closed: false };
}

/** A string that lost its closing quote does not own the comma and the spaces at the line's end. */
function trimmedEnd(text: Text, start: number, end: number): number {
  let at = end;
  while (at > start + 1 && (text.charCodeAt(at - 1) === 32 || text.charCodeAt(at - 1) === 9)) at--;
  if (at > start + 1 && at < text.length && text.charCodeAt(at - 1) === 44) at--;
  return at;
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13;
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The value of a string token, its quotes included in the span; unknown escapes stand for their character, as unpaired surrogates do. */
export function decodeString(text: Text, start: number, end: number): string {
  const quote = text.charAt(start);
  const closed = end - start >= 2 && text.charAt(end - 1) === quote && !endsInEscape(text, start, end - 1);
  const raw = text.slice(start + 1, closed ? end - 1 : end);
  if (!raw.includes('\\')) return raw;
  // Millions of escapes are a matter of milliseconds for the engine; what it refuses has escapes of nobody's.
  const valid = closed && quote === '"' ? readJson(`"${raw}"`) : undefined;
  if (typeof valid === 'string') return valid;
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|([^]?))/g, (_, hex: string | undefined, single: string | undefined) =>
    hex !== undefined ? String.fromCharCode(parseInt(hex, 16)) : (ESCAPES[single ?? ''] ?? single ?? ''),
  );
}

/** Whether the character at `at` is escaped: an odd number of backslashes before it. */
function endsInEscape(text: Text, start: number, at: number): boolean {
  let first = at;
  while (first - 1 > start && text.charCodeAt(first - 1) === 92) first--;
  return (at - first) % 2 === 1;
}

/** Whether a character ends an unquoted token: space, comma, colon, bracket, quote, or the end of the text. */
function isDelimiter(code: number): boolean {
  return (
    code <= 32 || code === 44 || code === 125 || code === 93 || code === 58 || code === 34 || code === 123 || code === 91 || code !== code
  );
}

/** The end of the word at `start`; at least one character. */
export function wordEnd(text: Text, start: number): number {
  let end = start + 1;
  while (!isDelimiter(text.charCodeAt(end))) end++;
  return end;
}

/** The end of the key that starts at `start`, in quotes or without. */
export function jsonKeyEnd(text: Text, start: number): number {
  const code = text.charCodeAt(start);
  return code === 34 || code === 39 ? scanString(text, start).end : wordEnd(text, start);
}
