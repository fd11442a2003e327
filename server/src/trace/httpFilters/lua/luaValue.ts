/** Values of a Lua script while it is followed. */
import type { LuaExpression } from './luaSyntax';

export type LuaValue = string | number | boolean | null | LuaTable | LuaFunction | LuaHost | UnknownValue;

export interface LuaTable {
  readonly kind: 'table';
  readonly entries: Map<string | number, LuaValue>;
}

export interface LuaFunction {
  readonly kind: 'function';
  readonly definition: Extract<LuaExpression, { kind: 'function' }>;
  readonly scope: LuaScope;
}

/** An object that Envoy gives: the stream handle and what its methods return. */
export interface LuaHost {
  readonly kind: 'host';
  readonly call: (method: string, parameters: readonly LuaValue[]) => LuaValue;
}

/** What only the running script has. */
export interface UnknownValue {
  readonly kind: 'unknown';
  readonly what: string;
}

export interface LuaScope {
  readonly names: Map<string, LuaValue>;
  readonly outer: LuaScope | undefined;
}

export function unknownValue(what: string): UnknownValue {
  return { kind: 'unknown', what };
}

export function isUnknown(value: LuaValue): value is UnknownValue {
  return typeof value === 'object' && value !== null && value.kind === 'unknown';
}

/** `nil` and `false` are false; undefined where the value is not known. */
export function isTrue(value: LuaValue): boolean | undefined {
  return isUnknown(value) ? undefined : value !== null && value !== false;
}

/** As Lua writes numbers and strings where a text is asked for; undefined for anything else. */
export function textOfLua(value: LuaValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}
