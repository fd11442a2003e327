/** Lua's tokens; comments are dropped. */

export interface LuaToken {
  readonly kind: 'name' | 'string' | 'number' | 'mark';
  readonly text: string;
}

const PATTERN =
  /\s+|--\[\[[\s\S]*?(?:\]\]|$)|--[^\n]*|([A-Za-z_]\w*)|(0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?)|\[\[([\s\S]*?)(?:\]\]|$)|"((?:[^"\\\n]|\\[\s\S])*)"|'((?:[^'\\\n]|\\[\s\S])*)'|(\.\.\.|\.\.|==|~=|<=|>=|[-+*/%^#<>=(){}[\];:,.])/y;

/** Undefined where the text is no Lua. */
export function readLuaTokens(text: string): LuaToken[] | undefined {
  const tokens: LuaToken[] = [];
  for (let at = 0; at < text.length;) {
    PATTERN.lastIndex = at;
    const match = PATTERN.exec(text);
    if (!match) return undefined;
    at = PATTERN.lastIndex;
    const token = tokenOf(match);
    if (token) tokens.push(token);
  }
  return tokens;
}

function tokenOf([, name, number, long, double, single, mark]: RegExpExecArray): LuaToken | undefined {
  if (name !== undefined) return { kind: 'name', text: name };
  if (number !== undefined) return { kind: 'number', text: number };
  if (long !== undefined) return { kind: 'string', text: long.replace(/^\n/, '') };
  const quoted = double ?? single;
  if (quoted !== undefined) return { kind: 'string', text: quoted.replace(/\\(\d{1,3}|[\s\S])/g, unescapeLua) };
  return mark === undefined ? undefined : { kind: 'mark', text: mark };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

function unescapeLua(_: string, escaped: string): string {
  return /^\d/.test(escaped) ? String.fromCharCode(Number(escaped)) : (ESCAPES[escaped] ?? escaped);
}
