/** The lexical side of YAML scalars: what a plain one is, where a quoted one or a key ends. */
import type { Text } from '../../text/text';
import { NodeKind, type Scalar } from '../tree/syntaxTree';

export interface PlainScalar {
  readonly kind: NodeKind;
  readonly value: Scalar;
}

const NUMBER = /^[-+]?(?:0x[0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)$/;
const SPECIAL = /^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/;
const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const TRUES = new Set(['true', 'True', 'TRUE', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'y', 'Y']);
const FALSES = new Set(['false', 'False', 'FALSE', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'n', 'N']);

/**
 * What a plain (unquoted) scalar is: the core schema, with what Envoy's reader does otherwise: `yes`, `on` … are booleans, a leading
 * zero is octal (Envoy: source/common/protobuf/yaml_utility.cc, yaml-cpp convert.h).
 */
export function resolvePlain(source: string): PlainScalar {
  const first = source.charCodeAt(0);
  if (source.length > 40 || (first > 57 && first < 65)) return { kind: NodeKind.string, value: source };
  if (NULLS.has(source)) return { kind: NodeKind.null, value: null };
  if (TRUES.has(source)) return { kind: NodeKind.boolean, value: true };
  if (FALSES.has(source)) return { kind: NodeKind.boolean, value: false };
  if (first <= 57 && (NUMBER.test(source) || SPECIAL.test(source))) return { kind: NodeKind.number, value: numberOf(source) };
  return { kind: NodeKind.string, value: source };
}

function numberOf(source: string): number {
  const isNegative = source.startsWith('-');
  const digits = source.replace(/^[-+]/, '');
  if (/^\.inf$/i.test(digits)) return isNegative ? -Infinity : Infinity;
  if (/^\.nan$/i.test(digits)) return NaN;
  const value = /^0[0-7]+$/.test(digits) ? parseInt(digits, 8) : Number(digits);
  return isNegative ? -value : value;
}

/** The end of the key that starts at `start`; an alias ends with its name. */
export function yamlKeyEnd(text: Text, start: number): number {
  const code = text.charCodeAt(start);
  if (code === 34 || code === 39) return quotedEnd(text, start);
  let end = start;
  for (let at = start; at < text.length; at++) {
    const here = text.charCodeAt(at);
    if (here === 10 || here === 13) break;
    if (here === 58 && isBreakAfterColon(text.charCodeAt(at + 1))) break;
    if (code === 42 && (here === 32 || here === 44 || here === 93 || here === 125)) break;
    if (here > 32) end = at + 1;
  }
  return end;
}

/** After a colon that ends a key: a space, the end of the line or of the text, or a sign of flow style. */
function isBreakAfterColon(code: number): boolean {
  return code <= 32 || code !== code || code === 44 || code === 93 || code === 125 || code === 91 || code === 123;
}

/** The end of a quoted scalar, its quote included; the end of the text when it is never closed. */
function quotedEnd(text: Text, start: number): number {
  const closing = closingQuote(text, start);
  return closing < 0 ? text.length : closing + 1;
}

/** The quote that closes a quoted scalar; -1 when it is never closed. */
export function closingQuote(text: Text, start: number): number {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92 && quote === 34) at++;
    else if (code === quote) {
      if (quote === 39 && text.charCodeAt(at + 1) === 39) at++;
      else return at;
    }
  }
  return -1;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

/** The value of a quoted scalar on one line, its quotes included in `source`. */
export function decodeQuoted(source: string): string {
  const raw = source.slice(1, -1);
  if (source.startsWith("'")) return raw.replaceAll("''", "'");
  if (!raw.includes('\\')) return raw;
  return raw.replace(/\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^])/g, (escape) => decodeEscape(escape.slice(1)));
}

function decodeEscape(escape: string): string {
  if (escape.length === 1) return ESCAPES[escape] ?? escape;
  const code = parseInt(escape.slice(1), 16);
  return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
}
