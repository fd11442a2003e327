/** Splits the text of a CEL expression into tokens. */

export interface CelToken {
  readonly kind: 'name' | 'quoted_name' | 'text' | 'bytes' | 'int' | 'uint' | 'double' | 'sign';
  readonly text: string;
}

const TOKEN =
  /\s*(?:\/\/[^\n]*|([bBrR]{0,2})("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|([A-Za-z_][A-Za-z0-9_]*|`[A-Za-z0-9_.\-/ ]+`)|(\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)|(0[xX][0-9a-fA-F]+|\d+)([uU]?)|(&&|\|\||==|!=|<=|>=|[<>!?:.,()[\]{}+\-*/%]))/y;
const RAW_TEXT = /[rR]{0,2}("(?:[^"\n])*"|'(?:[^'\n])*')/y;

/** Undefined where something is no token. */
export function readCelTokens(text: string): CelToken[] | undefined {
  const tokens: CelToken[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    const token = tokenOf(text, match);
    if (token) tokens.push(token);
  }
  return tokens;
}

function tokenOf(text: string, [whole, prefix = '', quoted, name, double, int, unsigned, sign]: RegExpExecArray): CelToken | undefined {
  if (quoted !== undefined) return quotedToken(text, prefix.toLowerCase(), { quoted, start: TOKEN.lastIndex - whole.trimStart().length });
  if (name?.startsWith('`')) return { kind: 'quoted_name', text: name.slice(1, -1) };
  if (name !== undefined) return { kind: name === 'in' ? 'sign' : 'name', text: name };
  if (double !== undefined) return { kind: 'double', text: double };
  if (int !== undefined) return { kind: unsigned ? 'uint' : 'int', text: int };
  return sign === undefined ? undefined : { kind: 'sign', text: sign };
}

/** In a raw text a backslash is a backslash, also before the quote. */
function quotedToken(text: string, prefix: string, { quoted, start }: { quoted: string; start: number }): CelToken {
  const kind = prefix.includes('b') ? 'bytes' : 'text';
  const width = /^("""|''')/.test(quoted) ? 3 : 1;
  if (!prefix.includes('r')) return { kind, text: quoted.slice(width, -width).replace(ESCAPE, unescapeText) };
  if (width === 3) return { kind, text: quoted.slice(3, -3) };
  RAW_TEXT.lastIndex = start;
  const raw = RAW_TEXT.exec(text)?.[1] ?? quoted;
  TOKEN.lastIndex = start + prefix.length + raw.length;
  return { kind, text: raw.slice(1, -1) };
}

const ESCAPE = /\\(?:([0-3][0-7]{2})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v' };

function unescapeText(_: string, ...[octal, hex, short, long, letter]: (string | undefined)[]): string {
  if (letter !== undefined) return ESCAPES[letter] ?? letter;
  const code = octal === undefined ? parseInt(hex ?? short ?? long ?? '', 16) : parseInt(octal, 8);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
