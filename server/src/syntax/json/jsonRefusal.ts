/** What Envoy's JSON reader refuses in a text that is JSON to us: comments, odd escapes, more than one value (protobuf's json/internal/lexer.cc). */
import { lineEndAt } from '../../text/lineEnds';
import type { TextRefusal } from '../textRefusal';

/** The first refusal; undefined where there is none, or where only what is no JSON to us either is wrong. Linear. */
export function findJsonRefusal(text: string): TextRefusal | undefined {
  if (text.startsWith('\ufeff')) return refuse(0, 1, 'a byte order mark stands before the first brace');
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === '"' || sign === "'") {
      const end = stringEnd(text, at);
      const bad = findBadEscape(text, at + 1, end);
      if (bad) return bad;
      at = end;
    } else if (isComment(text, at)) return refuse(at, lineEndAt(text, at), 'JSON has no comments');
    else if (WIDE_SPACE.test(sign)) return refuse(at, at + 1, 'this is no space of JSON');
    else if (sign === '{' || sign === '[') depth++;
    else if ((sign === '}' || sign === ']') && --depth === 0) return findTrailing(text, at + 1);
  }
  return undefined;
}

const WIDE_SPACE = /[\f\v\u0085\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]/;

function isComment(text: string, at: number): boolean {
  const sign = text.charAt(at);
  return sign === '#' || (sign === '/' && '/*'.includes(text.charAt(at + 1)) && at + 1 < text.length);
}

/** Where the string closes; the end of the text where it does not. */
function stringEnd(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === '\\') at++;
    else if (sign === quote) return at;
  }
  return text.length;
}

function findTrailing(text: string, from: number): TextRefusal | undefined {
  const rest = /[^ \t\r\n]/.exec(text.slice(from));
  return rest
    ? refuse(from + rest.index, lineEndAt(text, from + rest.index), 'extraneous characters after the end of the JSON object')
    : undefined;
}

const HEX = /^[0-9a-fA-F]{4}$/;

function findBadEscape(text: string, from: number, to: number): TextRefusal | undefined {
  // Looked for in the string alone: a text without any would be gone through to its end for each of its strings.
  if (!text.slice(from, to).includes('\\')) return undefined;
  for (let at = text.indexOf('\\', from); at >= 0 && at < to; at = text.indexOf('\\', at)) {
    const sign = text.charAt(at + 1);
    if (sign === 'U') at += 2;
    else if (sign !== 'u') {
      if (!'"\\/bfnrt\'\n'.includes(sign)) return refuse(at, at + 2, `invalid escape char "${sign}"`);
      at += 2;
    } else {
      const bad = badUnicode(text, at);
      if (bad !== undefined) return refuse(at, Math.min(at + 6, to), bad);
      at += isSurrogate(text, at, 'high') ? 12 : 6;
    }
  }
  return undefined;
}

function badUnicode(text: string, at: number): string | undefined {
  if (!HEX.test(text.slice(at + 2, at + 6))) return 'invalid Unicode escape';
  if (isSurrogate(text, at, 'low')) return 'unpaired low surrogate';
  return isSurrogate(text, at, 'high') && !isSurrogate(text, at + 6, 'low') ? 'a high surrogate without its low one' : undefined;
}

function isSurrogate(text: string, at: number, half: 'high' | 'low'): boolean {
  return (half === 'high' ? /^\\u[dD][89aAbB][0-9a-fA-F]{2}$/ : /^\\u[dD][c-fC-F][0-9a-fA-F]{2}$/).test(text.slice(at, at + 6));
}

function refuse(start: number, end: number, message: string): TextRefusal {
  return { span: { start, end }, message };
}
