/** Lua's `string` library. */
import { lengthOfText } from './applyLuaOperator';
import { bytesOfText, textOfBytes } from './luaBytes';
import { characterAt, formatLua } from './luaFormat';
import { matchLua, type LuaCapture, type LuaMatch } from './luaPattern';
import { isAscii, makeNative, numberAt, textAt } from './luaNative';
import {
  isTable,
  isTooLong,
  LuaError,
  LuaStop,
  textOfLength,
  textOfLua,
  TOO_LONG,
  unknownValue,
  type LuaNative,
  type LuaRun,
  type LuaValue,
} from './luaValue';

export const stringLibrary: ReadonlyMap<string, LuaNative> = new Map(
  [
    makeNative('len', (given) => [lengthOfText(textAt(given, 0))]),
    makeNative('lower', (given) => [textAt(given, 0).replace(/[A-Z]+/g, (part) => part.toLowerCase())]),
    makeNative('upper', (given) => [textAt(given, 0).replace(/[a-z]+/g, (part) => part.toUpperCase())]),
    makeNative('rep', (given) => repeat(textAt(given, 0), numberAt(given, 1))),
    makeNative('reverse', (given) => onBytes(given, (text) => [Array.from(text).reverse().join('')])),
    makeNative('sub', (given) => onBytes(given, (text) => [slice(text, numberAt(given, 1), numberAt(given, 2, -1))])),
    makeNative('byte', (given) => onBytes(given, (text) => bytes(text, numberAt(given, 1, 1), numberAt(given, 2, numberAt(given, 1, 1))))),
    makeNative('char', (given) => [textOfBytes(given.map((_, index) => characterAt(given, index)).join(''))]),
    makeNative('format', (given) => [formatLua(given)]),
    makeNative('find', (given, run) => onBytes(given, (text, all) => find(text, all, run))),
    makeNative('match', (given, run) =>
      onBytes(given, (text, all) => {
        const match = matchLua(run, text, textAt(all, 1), startOf(text, numberAt(given, 2, 1)));
        return match ? valuesOf(text, match) : [null];
      }),
    ),
    makeNative('gmatch', (given, run) => onAscii(given, (text) => [matchEach(text, textAt(given, 1), run)])),
    makeNative('gsub', (given, run) =>
      typeof given[2] === 'string'
        ? onBytes(given, (text, all) => substitute(text, all, run))
        : onAscii(given, (text) => substitute(text, given, run)),
    ),
    makeNative('dump', () => {
      throw new LuaStop('what string.dump gives');
    }),
  ].map((native) => [native.name, native]),
);

type Apply = (text: string, given: readonly LuaValue[]) => readonly LuaValue[];

/** Lua counts bytes, of the text and of patterns and replacements. */
function onBytes(given: readonly LuaValue[], apply: Apply): readonly LuaValue[] {
  const text = textAt(given, 0);
  if (given.every((value) => typeof value !== 'string' || isAscii(value))) return apply(text, given);
  const bytes = given.map((value) => (typeof value === 'string' ? bytesOfText(value) : value));
  return apply(bytesOfText(text), bytes).map((value) => (typeof value === 'string' ? textOfBytes(value) : value));
}

/** Where a function gets parts of the text: what is beyond ASCII is not followed. */
function onAscii(given: readonly LuaValue[], apply: (text: string) => readonly LuaValue[]): readonly LuaValue[] {
  const text = textAt(given, 0);
  return isAscii(text) ? apply(text) : [unknownValue('a part of a text that is not ASCII')];
}

function repeat(text: string, count: number): readonly LuaValue[] {
  return [textOfLength(text.length * count, () => text.repeat(Math.max(0, Math.trunc(count))))];
}

/** From 1; negative places count from the end. Zero-based. */
function startOf(text: string, place: number): number {
  const from = Math.trunc(place);
  return Math.max(0, from > 0 ? from - 1 : from === 0 ? 0 : text.length + from);
}

function slice(text: string, from: number, to: number): string {
  const end = to < 0 ? text.length + Math.trunc(to) + 1 : Math.min(text.length, Math.trunc(to));
  return text.slice(startOf(text, from), Math.max(0, end));
}

function bytes(text: string, from: number, to: number): number[] {
  return Array.from(slice(text, from, to)).map((character) => character.charCodeAt(0));
}

function valuesOf(text: string, { start, end, captures }: LuaMatch): readonly LuaCapture[] {
  const found = captures();
  return found.length > 0 ? found : [text.slice(start, end)];
}

/** Without one of these the pattern is a text (lj_str.c, lj_str_haspattern). */
const SPECIAL = /[$%(*+\-.?[^]/;

function find(text: string, given: readonly LuaValue[], run: LuaRun): readonly LuaValue[] {
  const pattern = textAt(given, 1);
  const from = startOf(text, numberAt(given, 2, 1));
  if (from > text.length) return [null];
  const isPlain = (given[3] !== undefined && given[3] !== null && given[3] !== false) || !SPECIAL.test(pattern);
  if (isPlain) {
    const at = text.indexOf(pattern, from);
    return at < 0 ? [null] : [at + 1, at + pattern.length];
  }
  const match = matchLua(run, text, pattern, from);
  return match ? [match.start + 1, match.end, ...match.captures()] : [null];
}

function matchEach(text: string, pattern: string, run: LuaRun): LuaNative {
  let at = 0;
  return makeNative('gmatch_iterator', () => {
    const match = at <= text.length ? matchLua(run, text, pattern, at) : undefined;
    if (!match) return [null];
    at = match.end > match.start ? match.end : match.end + 1;
    return valuesOf(text, match);
  });
}

function substitute(text: string, given: readonly LuaValue[], run: LuaRun): readonly LuaValue[] {
  const [pattern, by] = [textAt(given, 1), given[2] ?? null];
  const limit = numberAt(given, 3, Infinity);
  const isAnchored = pattern.startsWith('^');
  let [result, at, count] = ['', 0, 0];
  while (count < limit) {
    run.step();
    const match = matchLua(run, text, pattern, at);
    if (!match) break;
    count++;
    const replacement = replacementOf(by, match, { text, run });
    if (isTooLong(result.length + replacement.length)) throw new LuaStop(TOO_LONG);
    result += text.slice(at, match.start) + replacement;
    at = match.end;
    if (match.end === match.start) {
      result += text[at] ?? '';
      at++;
    }
    if (isAnchored || at > text.length) break;
  }
  return [result + text.slice(at), count];
}

function replacementOf(by: LuaValue, match: LuaMatch, { text, run }: { text: string; run: LuaRun }): string {
  const whole = text.slice(match.start, match.end);
  const plain = textOfLua(by);
  if (plain !== undefined)
    return plain.replace(/%([\s\S])/g, (_, mark: string) =>
      mark === '0' ? whole : /\d/.test(mark) ? captureAt(valuesOf(text, match), Number(mark)) : mark,
    );
  const values = valuesOf(text, match);
  const found = isTable(by) ? (by.entries.get(values[0] ?? '') ?? null) : (run.call(by, values)[0] ?? null);
  if (found === null || found === false) return whole;
  const made = textAt([found], 0);
  return made;
}

/** `%2` in a replacement. */
function captureAt(values: readonly LuaCapture[], place: number): string {
  const value = values[place - 1];
  if (value === undefined) throw new LuaError('invalid capture index');
  return String(value);
}
