/** Lua's tokens; comments are dropped. */
import { bytesOfText, textOfBytes } from './luaBytes';

export interface LuaToken {
  readonly kind: 'name' | 'string' | 'number' | 'mark';
  readonly text: string;
}

/** Every byte beyond ASCII may stand in a name, those of curly quotes and wide spaces among them. */
const PATTERN =
  /[ \t\n\v\f\r]+|--(?:\[(=*)\[[\s\S]*?\]\1\]|(?!\[=*\[)[^\n]*)|([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)|(0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|\[(=*)\[([\s\S]*?)\]\4\]|"((?:[^"\\\n]|\\[\s\S])*)"|'((?:[^'\\\n]|\\[\s\S])*)'|(\.\.\.|\.\.|==|~=|<=|>=|::|[-+*/%^#<>=(){}[\];:,.])/y;

/** A byte order mark, and a first line for a shell (LuaJIT's lj_lex.c, lj_lex_setup). */
const HEAD = /^\ufeff?(?:#[^\n]*)?/;

/** Undefined where the text is no Lua, or holds bytes that are no text. */
export function readLuaTokens(text: string): LuaToken[] | undefined {
  const tokens: LuaToken[] = [];
  for (let at = HEAD.exec(text)?.[0].length ?? 0; at < text.length;) {
    PATTERN.lastIndex = at;
    const match = PATTERN.exec(text);
    if (!match) return undefined;
    at = PATTERN.lastIndex;
    const token = tokenOf(match);
    if (token === 'untold') return undefined;
    if (token) tokens.push(token);
  }
  return tokens;
}

function tokenOf([, , name, number, , long, double, single, mark]: RegExpExecArray): LuaToken | 'untold' | undefined {
  if (name !== undefined) return { kind: 'name', text: name };
  if (number !== undefined) return { kind: 'number', text: number };
  if (long !== undefined) return { kind: 'string', text: long.replace(/^\r?\n/, '') };
  const quoted = double ?? single;
  if (quoted !== undefined) return readQuoted(quoted);
  return mark === undefined ? undefined : { kind: 'mark', text: mark };
}

const ESCAPE = /\\(?:\d{1,3}|x[0-9a-fA-F]{2}|u\{[0-9a-fA-F]{1,6}\}|z\s*|[abfnrtv\\"'\r\n])/g;

/** Escapes stand for bytes. A text that is no UTF-8 then cannot be told. */
function readQuoted(quoted: string): LuaToken | 'untold' {
  if (!quoted.includes('\\')) return { kind: 'string', text: quoted };
  if (quoted.replace(ESCAPE, '').includes('\\')) return 'untold';
  const bytes = bytesOfText(quoted).replace(/\\(\d{1,3}|x[0-9a-fA-F]{2}|u\{[0-9a-fA-F]{1,6}\}|z\s*|[\s\S])/g, unescapeLua);
  const text = textOfBytes(bytes);
  return typeof text === 'string' ? { kind: 'string', text } : 'untold';
}

const MAX_CODE_POINT = 0x10ffff;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

function unescapeLua(_: string, escaped: string): string {
  if (/^\d/.test(escaped)) return String.fromCharCode(Number(escaped));
  if (/^x./.test(escaped)) return String.fromCharCode(parseInt(escaped.slice(1), 16));
  if (/^u./.test(escaped)) return bytesOfText(String.fromCodePoint(Math.min(MAX_CODE_POINT, parseInt(escaped.slice(2, -1), 16))));
  return escaped.startsWith('z') ? '' : (ESCAPES[escaped] ?? escaped);
}
