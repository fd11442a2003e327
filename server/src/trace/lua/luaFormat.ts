/** Lua's `string.format`. */
import { printDouble } from '../../text/printDouble';
import { numberAt, textAt } from './luaNative';
import { LuaError, textOfLua, unknownButTrue, type LuaValue } from './luaValue';

/** Two digits of width and precision at most; what is none of these is refused. */
const DIRECTIVE = /%([-+ #0]*)(\d{0,2})(?:\.(\d{0,2}))?([a-zA-Z%]?)/g;

export function formatLua(given: readonly LuaValue[]): string {
  let next = 1;
  return textAt(given, 0).replace(DIRECTIVE, (_, ...[flags, width, precision, letter]: [string, string, string | undefined, string]) => {
    if (letter === '%') return '%';
    const made = formatValue(given, next++, { letter, precision: precision === undefined ? undefined : Number(precision), flags });
    return fill(made, Math.min(Number(width), 1_000), { flags, isNumber: !/[sqc]/.test(letter) });
  });
}

function fill(made: string, width: number, { flags, isNumber }: { flags: string; isNumber: boolean }): string {
  if (flags.includes('-')) return made.padEnd(width);
  if (!flags.includes('0') || !isNumber) return made.padStart(width);
  const sign = /^[-+ ]/.exec(made)?.[0] ?? '';
  return sign + made.slice(sign.length).padStart(width - sign.length, '0');
}

interface Directive {
  readonly letter: string;
  readonly precision: number | undefined;
  readonly flags: string;
}

/** What `tostring` gives of tables and functions. */
const ADDRESS = unknownButTrue('the address of a value');

function formatValue(given: readonly LuaValue[], at: number, { letter, precision, flags }: Directive): string {
  const withSign = (text: string): string => (flags.includes('+') && !text.startsWith('-') ? `+${text}` : text);
  switch (letter) {
    case 's': {
      if (at >= given.length) throw new LuaError(`bad argument #${at + 1} to 'format' (value expected)`);
      const value = given[at] ?? null;
      const text = value === null ? 'nil' : typeof value === 'boolean' ? String(value) : textAt([textOfLua(value) ?? ADDRESS], 0);
      return precision === undefined ? text : text.slice(0, precision);
    }
    case 'q':
      return `"${textAt(given, at).replace(/["\\\n]/g, (character) => `\\${character}`)}"`;
    case 'c':
      return characterAt(given, at);
    case 'd':
    case 'i':
      return withSign(String(Math.trunc(numberAt(given, at))));
    case 'u':
      return String(Math.trunc(numberAt(given, at)));
    case 'x':
      return Math.trunc(numberAt(given, at)).toString(16);
    case 'X':
      return Math.trunc(numberAt(given, at)).toString(16).toUpperCase();
    case 'o':
      return Math.trunc(numberAt(given, at)).toString(8);
    case 'f':
      return withSign(numberAt(given, at).toFixed(Math.min(precision ?? 6, 100)));
    case 'g':
      return withSign(printDouble(numberAt(given, at), Math.max(1, Math.min(precision ?? 6, 100))));
    default:
      throw new LuaError(`invalid option '%${letter}' to 'format'`);
  }
}

/** The character of a code, a byte. */
export function characterAt(given: readonly LuaValue[], index: number): string {
  const code = numberAt(given, index);
  if (code < 0 || code > 255) throw new LuaError('invalid value');
  return String.fromCharCode(code);
}
