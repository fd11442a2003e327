/** Lua's `table` library. */
import { writeIndex } from './evaluateLua';
import { makeOpenNative, numberAt, textAt } from './luaNative';
import {
  isTable,
  isUnknown,
  lengthOfTable,
  LuaError,
  LuaStop,
  newTable,
  textOfLength,
  textOfLua,
  unknownButTrue,
  type LuaNative,
  type LuaRun,
  type LuaTable,
  type LuaValue,
} from './luaValue';

export const tableLibrary: ReadonlyMap<string, LuaNative> = new Map(
  [
    makeOpenNative('insert', insert),
    makeOpenNative('remove', remove),
    makeOpenNative('concat', concat),
    makeOpenNative('sort', sort),
    makeOpenNative('getn', ([table = null]) => [lengthOf(table).length]),
    makeOpenNative('pack', (given) => [newTable([...given.map((value, index) => [index + 1, value] as const), ['n', given.length]])]),
    makeOpenNative('maxn', ([table = null]) => {
      if (!isTable(table)) throw new LuaError('bad argument #1 (table expected)');
      return [Math.max(0, ...[...table.entries.keys()].filter((key) => typeof key === 'number'))];
    }),
    ...['foreach', 'foreachi', 'move'].map((name) =>
      makeOpenNative(name, () => {
        throw new LuaStop(`what table.${name} does`);
      }),
    ),
  ].map((native) => [native.name, native]),
);

function lengthOf(value: LuaValue): { table: LuaTable; length: number } {
  if (isUnknown(value)) throw new LuaStop(value.what);
  if (!isTable(value)) throw new LuaError('bad argument #1 (table expected)');
  const length = lengthOfTable(value);
  if (length === undefined) throw new LuaStop('the length of a table with holes');
  return { table: value, length };
}

function insert(given: readonly LuaValue[], run: LuaRun): readonly LuaValue[] {
  const { table, length } = lengthOf(given[0] ?? null);
  if (given.length === 2) {
    writeIndex(table, length + 1, given[1] ?? null, run);
    return [];
  }
  if (given.length !== 3) throw new LuaError("wrong number of arguments to 'insert'");
  const at = placeOf(given[1]) ?? length + 1;
  run.step(length);
  for (let index = length; index >= at; index--) writeIndex(table, index + 1, table.entries.get(index) ?? null, run);
  writeIndex(table, at, given[2] ?? null, run);
  return [];
}

function remove(given: readonly LuaValue[], run: LuaRun): readonly LuaValue[] {
  const { table, length } = lengthOf(given[0] ?? null);
  const at = placeOf(given[1]) ?? length;
  if (length === 0 || at < 1 || at > length) return [null];
  const taken = table.entries.get(at) ?? null;
  run.step(length);
  for (let index = at; index <= length; index++) writeIndex(table, index, table.entries.get(index + 1) ?? null, run);
  return [taken];
}

function placeOf(value: LuaValue | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (isUnknown(value)) throw new LuaStop(value.what);
  return numberAt([value], 0);
}

function concat(given: readonly LuaValue[], run: LuaRun): readonly LuaValue[] {
  const { table, length } = lengthOf(given[0] ?? null);
  const by = given[1] === undefined || given[1] === null ? '' : textAt(given, 1);
  const [from, to] = [placeOf(given[2]) ?? 1, placeOf(given[3]) ?? length];
  run.step(Math.max(0, to - from));
  const parts: string[] = [];
  for (let index = from; index <= to; index++) {
    const value = table.entries.get(index) ?? null;
    if (isUnknown(value)) return [unknownButTrue(value.what)];
    const text = textOfLua(value);
    if (text === undefined) throw new LuaError("invalid value in table for 'concat'");
    parts.push(text);
  }
  const all = parts.reduce((sum, part) => sum + part.length + by.length, 0);
  return [textOfLength(all, () => parts.join(by))];
}

/** Numbers or texts; a function that compares is asked. */
function sort(given: readonly LuaValue[], run: LuaRun): readonly LuaValue[] {
  const { table, length } = lengthOf(given[0] ?? null);
  const values = Array.from({ length }, (_, index) => table.entries.get(index + 1) ?? null);
  const open = values.find(isUnknown);
  if (open) throw new LuaStop(open.what);
  const by = given[1] ?? null;
  run.step(length * 10);
  const isBefore = (a: LuaValue, b: LuaValue): boolean => {
    if (by === null) return compare(a, b);
    const answer = run.call(by, [a, b])[0] ?? null;
    if (isUnknown(answer)) throw new LuaStop(answer.what);
    return answer !== null && answer !== false;
  };
  values.sort((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
  values.forEach((value, index) => writeIndex(table, index + 1, value, run));
  return [];
}

function compare(a: LuaValue, b: LuaValue): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (typeof a === 'string' && typeof b === 'string') return a < b;
  throw new LuaError('attempt to compare two values');
}
