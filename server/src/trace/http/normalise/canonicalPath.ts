/** RFC 3986 normalisation as Chromium does it (Envoy: PathUtil::canonicalPath with googleurl's CanonicalizePath); observed with Envoy 1.40. */
import { encodeUtf8 } from '../../../text/encoding';

/** Characters that stand for themselves after `%XX`. */
const UNRESERVED = /^[A-Za-z0-9\-._~]$/;
/** Written as `%XX`, beside blanks, control characters and what is not ASCII. */
const ESCAPED = '"<>^`{|}';

/** The path without query made canonical; undefined where that fails (`%00`). */
export function canonicalPath(path: string): string | undefined {
  const output: string[] = [];
  const text = dropDotParameters(path);
  for (let at = 0; at < text.length;) {
    const character = text[at] ?? '';
    const dot = dotLength(text, at);
    if (dot > 0) {
      at += dot;
      if (output.at(-1) === '/') at += followDot(text, at, output);
      else output.push('.');
    } else if (character === '%') {
      const decoded = decode(text, at);
      if (decoded === '\0') return undefined;
      if (decoded !== undefined && UNRESERVED.test(decoded)) output.push(decoded);
      else output.push(decoded === undefined ? '%' : text.slice(at, at + 3));
      at += decoded === undefined ? 1 : 3;
    } else {
      output.push(character === '\\' ? '/' : mustEscape(character) ? percent(character) : character);
      at++;
    }
  }
  return output.join('');
}

/** Since 1.40 a literal `..;x` or `.;x` segment counts as `..` or `.`; its parameters reach to the next slash. */
function dropDotParameters(path: string): string {
  return path.includes('.;') ? path.replace(/(^|\/)(\.\.?);[^/]*/g, '$1$2') : path;
}

/** Length of a dot at `at`: 1 for `.`, 3 for `%2e`, else 0. */
function dotLength(text: string, at: number): number {
  if (text[at] === '.') return 1;
  return text[at] === '%' && text[at + 1] === '2' && (text[at + 2] === 'e' || text[at + 2] === 'E') ? 3 : 0;
}

/** After a dot that follows a slash: `./` is dropped, `../` goes up, anything else is a name. Gives how much of the input it took. */
function followDot(text: string, at: number, output: string[]): number {
  if (at >= text.length) return 0;
  if (isSlash(text[at])) return 1;
  const second = dotLength(text, at);
  const after = at + second;
  if (second > 0 && (after >= text.length || isSlash(text[after]))) {
    goUp(output);
    return second + (after >= text.length ? 0 : 1);
  }
  output.push('.');
  return 0;
}

/** Back to the slash before the last segment; the first slash stays. */
function goUp(output: string[]): void {
  if (output.length <= 1) return;
  output.pop();
  while (output.length > 1 && output.at(-1) !== '/') output.pop();
}

function mustEscape(character: string): boolean {
  return ESCAPED.includes(character) || character <= ' ' || character >= '\u007f';
}

function isSlash(character: string | undefined): boolean {
  return character === '/' || character === '\\';
}

function decode(text: string, at: number): string | undefined {
  const hex = text.slice(at + 1, at + 3);
  return /^[0-9A-Fa-f]{2}$/.test(hex) ? String.fromCharCode(parseInt(hex, 16)) : undefined;
}

function percent(character: string): string {
  return [...encodeUtf8(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
