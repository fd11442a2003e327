/** Values of a Lua script while it is followed. Texts are those of the configuration: one character a byte only where they are ASCII. */
import { printDouble } from '../../text/printDouble';
import type { LuaFunctionExpression } from './luaSyntax';

export type LuaValue = string | number | boolean | null | LuaTable | LuaFunction | LuaNative | LuaHost | UnknownValue;
export type LuaKey = Exclude<LuaValue, null | UnknownValue>;

export interface LuaTable {
  readonly kind: 'table';
  readonly entries: Map<LuaKey, LuaValue>;
  meta?: LuaTable;
  /** How many whole numbers from 1 on are keys, and the largest of them. */
  wholeKeys: number;
  largestKey: number;
  /** Made when the script was loaded: it lives longer than the request. */
  readonly isLasting: boolean;
}

export interface LuaFunction {
  readonly kind: 'function';
  readonly definition: LuaFunctionExpression;
  readonly scope: LuaScope;
}

/** A function of Lua's library. */
export interface LuaNative {
  readonly kind: 'native';
  readonly name: string;
  readonly call: (given: readonly LuaValue[], run: LuaRun) => readonly LuaValue[];
}

/** An object that Envoy gives: the stream handle and what its methods return. */
export interface LuaHost {
  readonly kind: 'host';
  readonly has: (method: string) => boolean;
  /** Undefined: it has no such method, which is an error of the script. */
  readonly call: (method: string, given: readonly LuaValue[], run: LuaRun) => readonly LuaValue[] | undefined;
  /** `pairs(object)`; undefined: it cannot be walked through. */
  readonly entries?: (run: LuaRun) => readonly (readonly [LuaValue, LuaValue])[];
  /** Such a walk has come to its end. */
  readonly finish?: () => void;
}

/** What only the running script has. */
export interface UnknownValue {
  readonly kind: 'unknown';
  readonly what: string;
  /** It is neither nil nor false. */
  readonly isTrue: boolean;
}

export interface LuaScope {
  readonly names: Map<string, LuaValue>;
  readonly outer: LuaScope | undefined;
  /** What `...` stands for in this function; undefined in blocks. */
  readonly rest?: readonly LuaValue[];
}

/** One pass through a script. */
export interface LuaRun {
  /** Counts a step; ends a script of too many. */
  readonly step: (count?: number) => void;
  readonly call: (value: LuaValue, given: readonly LuaValue[]) => readonly LuaValue[];
  /** Takes one of two ways where a value is not known; the other one is tried in another pass. */
  readonly guess: (what: string) => boolean;
  /** The script is being loaded, not yet called for a request. */
  readonly isLoading: () => boolean;
  readonly scopes: LuaScope[];
}

/** Longer texts are not made: a script that doubles one in a loop would need all memory. */
export function isTooLong(length: number): boolean {
  return length > MAX_TEXT;
}

const MAX_TEXT = 1_000_000;
export const TOO_LONG = 'a text of that length';

/** The text that `make` gives, unless it would be too long. */
export function textOfLength(length: number, make: () => string): LuaValue {
  return isTooLong(length) ? unknownButTrue(TOO_LONG) : make();
}

/** The script cannot be followed further. */
export class LuaStop extends Error {}

/** An error of the script, which `pcall` catches; else Envoy logs it and goes on with the request as it is then. */
export class LuaError extends Error {
  constructor(readonly value: LuaValue) {
    super('an error of the script');
  }
}

/** `respond` ends the script. */
export class LuaAnswered extends Error {}

/** A value that no file tells. */
export function unknownValue(what: string): UnknownValue {
  return { kind: 'unknown', what, isTrue: false };
}

/** The same where it is neither nil nor false, whatever it is. */
export function unknownButTrue(what: string): UnknownValue {
  return { kind: 'unknown', what, isTrue: true };
}

export function isUnknown(value: LuaValue | undefined): value is UnknownValue {
  return typeof value === 'object' && value !== null && value.kind === 'unknown';
}

export function isTable(value: LuaValue | undefined): value is LuaTable {
  return typeof value === 'object' && value !== null && value.kind === 'table';
}

/** `nil` and `false` are false; undefined where the value is not known. */
export function isTrue(value: LuaValue): boolean | undefined {
  if (isUnknown(value)) return value.isTrue ? true : undefined;
  return value !== null && value !== false;
}

/** As Lua writes numbers and strings where a text is asked for; undefined for anything else. */
export function textOfLua(value: LuaValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? printDouble(value, 14) : undefined;
}

/** A number, or a text that reads as one. */
export function numberOfLua(value: LuaValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*$/.test(value)) return undefined;
  const text = value.trim();
  return /^-0x/i.test(text) ? -Number(text.slice(1)) : Number(text);
}

/** nil, boolean, number, string, table, function, userdata; undefined where it is not known. */
export function luaTypeOf(value: LuaValue): string | undefined {
  if (value === null) return 'nil';
  if (typeof value !== 'object') return typeof value;
  switch (value.kind) {
    case 'native':
      return 'function';
    case 'host':
      return 'userdata';
    case 'unknown':
      return undefined;
    default:
      return value.kind;
  }
}

export function newTable(entries: Iterable<readonly [LuaKey, LuaValue]>, isLasting = false): LuaTable {
  const table: LuaTable = { kind: 'table', entries: new Map(), isLasting, wholeKeys: 0, largestKey: 0 };
  for (const [key, value] of entries) setField(table, key, value);
  return table;
}

/** nil takes the key out. */
export function setField(table: LuaTable, key: LuaKey, value: LuaValue): void {
  const { entries } = table;
  const isWhole = typeof key === 'number' && Number.isInteger(key) && key >= 1;
  if (value === null) {
    if (!entries.delete(key) || !isWhole) return;
    table.wholeKeys--;
    if (key === table.largestKey) table.largestKey = entries.has(key - 1) ? key - 1 : largestOf(entries);
    return;
  }
  if (isWhole && !entries.has(key)) {
    table.wholeKeys++;
    table.largestKey = Math.max(table.largestKey, key);
  }
  entries.set(key, value);
}

function largestOf(entries: ReadonlyMap<LuaKey, LuaValue>): number {
  let largest = 0;
  for (const key of entries.keys()) if (typeof key === 'number' && Number.isInteger(key)) largest = Math.max(largest, key);
  return largest;
}

/** A table with the keys 1, 2, 3 … */
export function listTable(values: readonly LuaValue[]): LuaTable {
  return newTable(values.map((value, index) => [index + 1, value] as const));
}

/** How many values stand at 1, 2, 3 …; undefined where there are holes, so that Lua's answer depends on how the table grew. */
export function lengthOfTable({ wholeKeys, largestKey }: LuaTable): number | undefined {
  return wholeKeys === largestKey ? wholeKeys : undefined;
}
