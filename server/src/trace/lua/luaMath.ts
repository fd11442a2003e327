/** Lua's `math` library. */
import { makeNative, makeOpenNative, numberAt } from './luaNative';
import { unknownButTrue, type LuaValue } from './luaValue';

const PLAIN_MATH: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  sqrt: Math.sqrt,
  exp: Math.exp,
  deg: (value) => value * (180 / Math.PI),
  rad: (value) => value * (Math.PI / 180),
};

export const mathLibrary: readonly (readonly [string, LuaValue])[] = [
  ...Object.entries(PLAIN_MATH).map(([name, calculate]) => [name, makeNative(name, (given) => [calculate(numberAt(given, 0))])] as const),
  ['max', makeNative('max', (given) => [Math.max(...given.map((_, index) => numberAt(given, index)))])],
  ['min', makeNative('min', (given) => [Math.min(...given.map((_, index) => numberAt(given, index)))])],
  ['pow', makeNative('pow', (given) => [numberAt(given, 0) ** numberAt(given, 1)])],
  ['fmod', makeNative('fmod', (given) => [numberAt(given, 0) % numberAt(given, 1)])],
  ['ldexp', makeNative('ldexp', (given) => [numberAt(given, 0) * 2 ** numberAt(given, 1)])],
  ['modf', makeNative('modf', (given) => [Math.trunc(numberAt(given, 0)), numberAt(given, 0) - Math.trunc(numberAt(given, 0))])],
  ['huge', Infinity],
  ['pi', Math.PI],
  ['random', makeOpenNative('random', () => [unknownButTrue('a random number')])],
  ['randomseed', makeOpenNative('randomseed', () => [])],
  ...'sin cos tan asin acos atan atan2 sinh cosh tanh log log10 frexp'
    .split(' ')
    .map((name) => [name, makeOpenNative(name, () => [unknownButTrue(`what math.${name} gives`)])] as const),
];
