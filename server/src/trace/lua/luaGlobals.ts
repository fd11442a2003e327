/** Lua's globals: the library as LuaJIT opens it. What depends on the machine or the clock is unknown. */
import { lengthOfText } from './applyLuaOperator';
import { bitLibrary } from './luaBits';
import { inAnyOrder, makeIteration } from './luaIteration';
import { mathLibrary } from './luaMath';
import { makeNative, makeOpenNative, numberAt, textAt } from './luaNative';
import { stringLibrary } from './luaStrings';
import { tableLibrary } from './luaTables';
import {
  isTable,
  isTrue,
  isUnknown,
  lengthOfTable,
  LuaError,
  LuaStop,
  luaTypeOf,
  newTable,
  numberOfLua,
  textOfLua,
  unknownButTrue,
  unknownValue,
  type LuaKey,
  type LuaNative,
  type LuaRun,
  type LuaTable,
  type LuaValue,
} from './luaValue';

/** A new set: scripts may add to it. */
export function luaGlobals(): Map<string, LuaValue> {
  const globals = new Map<string, LuaValue>(BASE.map((native) => [native.name, native]));
  globals.set('string', newTable(stringLibrary));
  globals.set(
    'table',
    newTable([...tableLibrary, ['unpack', makeOpenNative('unpack', ([list = null, from, to]) => unpack(list, from, to))]]),
  );
  globals.set('math', newTable(mathLibrary));
  globals.set('os', newTable(MACHINE));
  globals.set('bit', newTable(bitLibrary));
  globals.set('_VERSION', 'Lua 5.1');
  for (const name of OPAQUE) globals.set(name, unknownButTrue(`what ${name} gives`));
  return globals;
}

/** Libraries that reach out of the script, or that hardly any script uses: calling them ends the trace. */
const OPAQUE: readonly string[] = (
  'io jit ffi package debug coroutine require load loadstring dofile loadfile getfenv setfenv _G module newproxy ' +
  'EnvoyTimestampResolution'
).split(' ');

const BASE: readonly LuaNative[] = [
  makeOpenNative('type', ([value]) => {
    if (value === undefined) throw new LuaError("bad argument #1 to 'type' (value expected)");
    return [luaTypeOf(value) ?? unknownButTrue(isUnknown(value) ? value.what : '')];
  }),
  makeNative('tostring', (given) => [toText(given)]),
  makeNative('tonumber', (given) => [toNumber(given)]),
  makeOpenNative('pairs', ([value = null]) => [pairs(value)]),
  makeOpenNative('ipairs', ([value = null]) => [indexPairs(value)]),
  makeOpenNative('next', ([value = null, key = null], run) => next(value, key, run)),
  makeOpenNative('pcall', ([called = null, ...given], run) => callSafely(called, given, run)),
  makeOpenNative('xpcall', ([called = null, handler = null, ...given], run) => {
    const [isFine = false, ...results] = callSafely(called, given, run);
    return isFine === true ? [true, ...results] : [false, ...run.call(handler, results)];
  }),
  makeOpenNative('error', ([value = null]) => {
    throw new LuaError(typeof value === 'string' ? unknownButTrue('the text of an error') : value);
  }),
  makeOpenNative('assert', (given, run) => {
    const [value = null, message = 'assertion failed!'] = given;
    const truth = isTrue(value) ?? run.guess(isUnknown(value) ? value.what : 'an assertion');
    if (!truth) throw new LuaError(message);
    return given;
  }),
  makeOpenNative('select', ([at = null, ...given]) => {
    if (at === '#') return [given.length];
    if (isUnknown(at)) throw new LuaStop(at.what);
    const place = numberAt([at], 0);
    if (place === 0 || place < -given.length) throw new LuaError("bad argument #1 to 'select' (index out of range)");
    return given.slice(place < 0 ? given.length + place : place - 1);
  }),
  makeOpenNative('unpack', ([list = null, from, to]) => unpack(list, from, to)),
  makeNative('rawget', ([table = null, key = null]) => [
    isTable(table) && key !== null ? (table.entries.get(key as LuaKey) ?? null) : null,
  ]),
  makeNative('rawequal', ([a = null, b = null]) => [a === b]),
  makeNative('rawlen', ([value = null]) => [
    typeof value === 'string' ? lengthOfText(value) : (isTable(value) && lengthOfTable(value)) || 0,
  ]),
  makeOpenNative('gcinfo', () => [unknownButTrue('how much memory the script has')]),
  makeOpenNative('rawset', () => {
    throw new LuaStop('what rawset does');
  }),
  makeOpenNative('setmetatable', ([table = null, meta], run) => setMetatable(table, meta, run)),
  makeNative('getmetatable', ([table = null]) => [isTable(table) ? (table.meta ?? null) : null]),
  makeOpenNative('print', () => []),
  makeOpenNative('collectgarbage', ([what = null]) => [what === 'count' ? unknownButTrue('how much memory the script has') : 0]),
];

function toText(given: readonly LuaValue[]): LuaValue {
  const [value] = given;
  if (value === undefined) throw new LuaError("bad argument #1 to 'tostring' (value expected)");
  if (value === null) return 'nil';
  return textOfLua(value) ?? (typeof value === 'boolean' ? String(value) : unknownButTrue('the address of a value'));
}

function toNumber(given: readonly LuaValue[]): LuaValue {
  const [value] = given;
  if (value === undefined) throw new LuaError("bad argument #1 to 'tonumber' (value expected)");
  const base = numberAt(given, 1, 10);
  if (base < 2 || base > 36) throw new LuaError("bad argument #2 to 'tonumber' (base out of range)");
  if (base === 10) return numberOfLua(value) ?? null;
  const text = textAt(given, 0).trim().toLowerCase();
  const digits = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base);
  return text !== '' && Array.from(text).every((character) => digits.includes(character)) ? parseInt(text, base) : null;
}

function pairs(value: LuaValue): LuaValue {
  if (isUnknown(value)) throw new LuaStop(value.what);
  if (isTable(value)) return makeIteration('pairs', { table: value, entries: (run) => entriesInOrder(value, run) });
  if (typeof value === 'object' && value?.kind === 'host' && value.entries)
    return makeIteration('pairs', { entries: value.entries, finish: value.finish });
  throw new LuaError("bad argument #1 to 'pairs' (table expected)");
}

/** A list in its order; in a table with other keys even the numbers may come later. */
function entriesInOrder({ entries }: LuaTable, run: LuaRun): (readonly [LuaValue, LuaValue])[] {
  const all = [...entries];
  const isList = all.every(([key]) => typeof key === 'number' && Number.isInteger(key) && key >= 1 && key <= all.length);
  return isList ? all.sort(([a], [b]) => Number(a) - Number(b)) : inAnyOrder(all, run);
}

function indexPairs(value: LuaValue): LuaValue {
  if (isUnknown(value)) throw new LuaStop(value.what);
  if (!isTable(value)) throw new LuaError("bad argument #1 to 'ipairs' (table expected)");
  const entries = (): (readonly [LuaValue, LuaValue])[] => {
    const steps: [LuaValue, LuaValue][] = [];
    for (let index = 1; ; index++) {
      const found = value.entries.get(index);
      if (found === undefined) return steps;
      steps.push([index, found]);
    }
  };
  return makeIteration('ipairs', { table: value, entries });
}

function next(value: LuaValue, key: LuaValue, run: LuaRun): readonly LuaValue[] {
  if (isUnknown(value)) return [unknownValue(value.what)];
  if (!isTable(value)) throw new LuaError("bad argument #1 to 'next' (table expected)");
  const entries = entriesInOrder(value, run);
  return entries[key === null ? 0 : entries.findIndex(([each]) => each === key) + 1] ?? [null];
}

function callSafely(called: LuaValue, given: readonly LuaValue[], run: LuaRun): readonly LuaValue[] {
  try {
    return [true, ...run.call(called, given)];
  } catch (error) {
    if (error instanceof LuaError) return [false, typeof error.value === 'string' ? unknownButTrue('the text of an error') : error.value];
    throw error;
  }
}

const MAX_UNPACKED = 1_000;

/** Also `table.unpack`. */
export function unpack(list: LuaValue, from: LuaValue | undefined, to: LuaValue | undefined): readonly LuaValue[] {
  if (isUnknown(list)) throw new LuaStop(list.what);
  if (!isTable(list)) throw new LuaError("bad argument #1 to 'unpack' (table expected)");
  const start = numberAt([from ?? null], 0, 1);
  let end = start - 1;
  while (list.entries.has(end + 1)) end++;
  const last = numberAt([to ?? null], 0, end);
  if (last - start > MAX_UNPACKED) throw new LuaError('too many results to unpack');
  return Array.from({ length: Math.max(0, last - start + 1) }, (_, index) => list.entries.get(start + index) ?? null);
}

const KNOWN_META: ReadonlySet<unknown> = new Set(['__index', '__newindex', '__call', '__name', '__metatable']);

function setMetatable(table: LuaValue, meta: LuaValue | undefined, run: LuaRun): readonly LuaValue[] {
  if (isUnknown(table) || isUnknown(meta)) throw new LuaStop('what setmetatable does');
  if (!isTable(table)) throw new LuaError("bad argument #1 to 'setmetatable' (table expected)");
  if (meta !== null && !isTable(meta)) throw new LuaError("bad argument #2 to 'setmetatable' (nil or table expected)");
  if (table.isLasting && !run.isLoading()) throw new LuaStop('what setmetatable does');
  if (meta && [...meta.entries.keys()].some((key) => typeof key === 'string' && key.startsWith('__') && !KNOWN_META.has(key)))
    throw new LuaStop('operators that the script defines');
  if (meta) table.meta = meta;
  else delete table.meta;
  return [table];
}

/** The clock and the environment of the process; what changes the machine is not followed. */
const MACHINE: readonly (readonly [string, LuaValue])[] = [
  ...['time', 'clock', 'date', 'difftime'].map((name) => [name, makeOpenNative(name, () => [unknownButTrue('the time')])] as const),
  ...['execute', 'exit', 'remove', 'rename', 'setlocale', 'tmpname'].map(
    (name) =>
      [
        name,
        makeOpenNative(name, () => {
          throw new LuaStop(`what os.${name} does`);
        }),
      ] as const,
  ),
  [
    'getenv',
    makeOpenNative('getenv', ([name = null]) => [unknownValue(`the environment variable ${textOfLua(name) ?? ''} of Envoy's process`)]),
  ],
];
