/** LuaJIT's `bit` library: numbers of 32 bits (LuaJIT: src/lib_bit.c). */
import { makeNative, numberAt } from './luaNative';
import { LuaError, type LuaNative, type LuaValue } from './luaValue';

type Given = readonly LuaValue[];

export const bitLibrary: ReadonlyMap<string, LuaNative> = new Map(
  [
    one('tobit', (value) => value),
    one('bnot', (value) => ~value),
    one('bswap', (value) => (value >>> 24) | ((value >>> 8) & 0xff00) | ((value << 8) & 0xff0000) | (value << 24)),
    many('band', (left, right) => left & right),
    many('bor', (left, right) => left | right),
    many('bxor', (left, right) => left ^ right),
    shift('lshift', (value, by) => value << by),
    shift('rshift', (value, by) => value >>> by),
    shift('arshift', (value, by) => value >> by),
    shift('rol', (value, by) => (value << by) | (value >>> (32 - by))),
    shift('ror', (value, by) => (value >>> by) | (value << (32 - by))),
    makeNative('tohex', (given) => [toHex(bitsAt(given, 0), numberAt(given, 1, 8))]),
  ].map((native) => [native.name, native]),
);

function one(name: string, apply: (value: number) => number): LuaNative {
  return makeNative(name, (given) => [apply(bitsAt(given, 0)) | 0]);
}

function many(name: string, apply: (left: number, right: number) => number): LuaNative {
  return makeNative(name, (given) => {
    const [first = bitsAt(given, 0), ...others] = given.map((_, index) => bitsAt(given, index));
    return [others.reduce(apply, first)];
  });
}

/** By the lowest five bits; a shift by 32 is one by none. */
function shift(name: string, apply: (value: number, by: number) => number): LuaNative {
  return makeNative(name, (given) => {
    const by = bitsAt(given, 1) & 31;
    return [(by === 0 ? bitsAt(given, 0) : apply(bitsAt(given, 0), by)) | 0];
  });
}

/** Rounded to the nearest, halves to even, and cut to 32 bits. */
function bitsAt(given: Given, index: number): number {
  const value = numberAt(given, index);
  if (!Number.isFinite(value)) throw new LuaError('a number that is none');
  const floor = Math.floor(value);
  const half = value - floor;
  const whole = half > 0.5 || (half === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
  return Number(BigInt.asIntN(32, BigInt(whole)));
}

/** So many digits, the lowest; a negative number asks for capitals. */
function toHex(value: number, digits: number): string {
  const count = Math.min(8, Math.abs(digits));
  const text = (value >>> 0)
    .toString(16)
    .padStart(8, '0')
    .slice(8 - count);
  return digits < 0 ? text.toUpperCase() : text;
}
