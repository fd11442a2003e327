/** Lua's tokens; comments are dropped. */

export interface LuaToken {
  readonly kind: 'name' | 'string' | 'number' | 'mark';
  readonly text: string;
}

const PATTERN =
  /\s+|--(?:\[(=*)\[[\s\S]*?(?:\]\1\]|$)|[^\n]*)|([A-Za-z_]\w*)|(0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|\[(=*)\[([\s\S]*?)\]\4\]|"((?:[^"\\\n]|\\[\s\S])*)"|'((?:[^'\\\n]|\\[\s\S])*)'|(\.\.\.|\.\.|==|~=|<=|>=|::|[-+*/%^#<>=(){}[\];:,.])/y;

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

function tokenOf([, , name, number, , long, double, single, mark]: RegExpExecArray): LuaToken | undefined {
  if (name !== undefined) return { kind: 'name', text: name };
  if (number !== undefined) return { kind: 'number', text: number };
  if (long !== undefined) return { kind: 'string', text: long.replace(/^\r?\n/, '') };
  const quoted = double ?? single;
  if (quoted !== undefined) return { kind: 'string', text: quoted.replace(/\\(\d{1,3}|x[0-9a-fA-F]{2}|z\s*|[\s\S])/g, unescapeLua) };
  return mark === undefined ? undefined : { kind: 'mark', text: mark };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

function unescapeLua(_: string, escaped: string): string {
  if (/^\d/.test(escaped)) return String.fromCharCode(Number(escaped));
  if (/^x./.test(escaped)) return String.fromCharCode(parseInt(escaped.slice(1), 16));
  return escaped.startsWith('z') ? '' : (ESCAPES[escaped] ?? escaped);
}
