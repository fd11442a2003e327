/** Functions of Lua's library: how they read what they are given. */
import {
  isUnknown,
  LuaError,
  luaTypeOf,
  numberOfLua,
  textOfLua,
  unknownValue,
  type LuaNative,
  type LuaRun,
  type LuaValue,
  type UnknownValue,
} from './luaValue';

type Call = (given: readonly LuaValue[], run: LuaRun) => readonly LuaValue[];

/** An unknown among what is given makes what it gives unknown. */
export function makeNative(name: string, call: Call): LuaNative {
  return {
    kind: 'native',
    name,
    call: (given, run) => {
      const open = given.find(isUnknown);
      if (open) return [unknownValue(open.what)];
      try {
        return call(given, run);
      } catch (error) {
        if (error instanceof UnknownArgument) return [unknownValue(error.value.what)];
        throw error;
      }
    },
  };
}

/** The same, for functions that look at unknown values themselves. */
export function makeOpenNative(name: string, call: Call): LuaNative {
  return { kind: 'native', name, call };
}

class UnknownArgument extends Error {
  constructor(readonly value: UnknownValue) {
    super('an unknown argument');
  }
}

/** A text, or a number as one; anything else is an error of the script. */
export function textAt(given: readonly LuaValue[], index: number): string {
  const value = given[index] ?? null;
  if (isUnknown(value)) throw new UnknownArgument(value);
  const text = textOfLua(value);
  if (text === undefined) throw new LuaError(`bad argument #${index + 1} (string expected, got ${luaTypeOf(value) ?? 'no value'})`);
  return text;
}

/** An argument that must be a number; `standard` where it may be left out. */
export function numberAt(given: readonly LuaValue[], index: number, standard?: number): number {
  const value = given[index] ?? null;
  if (isUnknown(value)) throw new UnknownArgument(value);
  if (value === null && standard !== undefined) return standard;
  const number = numberOfLua(value);
  if (number === undefined) throw new LuaError(`bad argument #${index + 1} (number expected, got ${luaTypeOf(value) ?? 'no value'})`);
  return number;
}

/** Lua counts bytes: only of such a text are they the characters. */
export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
