/** Values of CEL, typed as Envoy types them: integers are bigint, doubles are number, and what is not known stays unknown. */
import { isJsonObject } from '../../../protocol/jsonValue';
import { NotKnown } from '../../facts/notKnown';
import type { Sentence } from '../../record/sentence';

/** A value, an error of the expression (Envoy treats it as false), or what the files do not tell. */
export type CelValue =
  | { readonly kind: 'value'; readonly value: CelData }
  | { readonly kind: 'error'; readonly because: Sentence }
  /** `exists`: it is there, only its value is not known. */
  | { readonly kind: 'unknown'; readonly missing: Sentence; readonly exists?: boolean };

/** Plain objects and arrays are structs and lists of metadata: their numbers are doubles. */
export type CelData =
  | string
  | bigint
  | number
  | boolean
  | null
  | CelUint
  | CelBytes
  | CelTimestamp
  | CelDuration
  | CelType
  | CelMap
  | readonly unknown[]
  | Readonly<Record<string, unknown>>;

export interface CelUint {
  readonly uint: bigint;
}

/** Bytes by their text: what filter state gives. They equal no string. */
export interface CelBytes {
  readonly bytes: string;
}

/** Nanoseconds since 1970. */
export interface CelTimestamp {
  readonly time: bigint;
}

/** In nanoseconds. */
export interface CelDuration {
  readonly duration: bigint;
}

/** What `type(x)` gives. Example: `int` */
export interface CelType {
  readonly celType: string;
}

/** A map whose values are read when asked for; undefined: no such key. */
export interface CelMap {
  readonly lookUp: (key: CelData) => CelValue | undefined;
  /** Undefined: not known. */
  readonly size: number | undefined;
  /** A protobuf message: asking for a field that its type does not have is an error, and an empty field is not there. */
  readonly isMessage?: boolean;
  /** Of a literal. */
  readonly entries?: readonly (readonly [key: CelData, value: CelData])[];
}

export function known(value: CelData): CelValue {
  return { kind: 'value', value };
}

export function failed(because: Sentence): CelValue {
  return { kind: 'error', because };
}

export function open(missing: Sentence): CelValue {
  return { kind: 'unknown', missing };
}

/** Is a value there? Where that is not known, the value itself. */
export function presenceOf(found: CelValue | undefined): CelValue {
  return found?.kind === 'unknown' && found.exists !== true ? found : known(found !== undefined);
}

export function isUint(value: unknown): value is CelUint {
  return isJsonObject(value) && typeof value['uint'] === 'bigint';
}

export function isBytes(value: unknown): value is CelBytes {
  return isJsonObject(value) && typeof value['bytes'] === 'string' && Object.keys(value).length === 1;
}

export function isTimestamp(value: unknown): value is CelTimestamp {
  return isJsonObject(value) && typeof value['time'] === 'bigint';
}

export function isDuration(value: unknown): value is CelDuration {
  return isJsonObject(value) && typeof value['duration'] === 'bigint';
}

export function isType(value: unknown): value is CelType {
  return isJsonObject(value) && typeof value['celType'] === 'string' && Object.keys(value).length === 1;
}

export function isMap(value: unknown): value is CelMap {
  return isJsonObject(value) && typeof value['lookUp'] === 'function';
}

export function isStruct(value: unknown): value is Readonly<Record<string, unknown>> {
  return isJsonObject(value) && ![isUint, isBytes, isTimestamp, isDuration, isType, isMap].some((test) => test(value));
}

/** Number types compare with each other, by value; undefined for anything else. */
export function numberOf(value: unknown): number | bigint | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  return isUint(value) ? value.uint : undefined;
}

/** The value of a key in a map or struct. */
export function lookUp(container: CelData, key: CelData): CelValue | undefined {
  if (isMap(container)) return container.lookUp(key);
  if (!isStruct(container) || typeof key !== 'string' || !Object.hasOwn(container, key)) return undefined;
  const found = container[key];
  return found instanceof NotKnown ? { kind: 'unknown', missing: found.missing, exists: true } : known(found as CelData);
}

/** Equality over all types; two maps are compared where they are structs or literals (Envoy: cel-cpp equality_functions.cc). */
export function sameData(a: unknown, b: unknown): boolean {
  const [left, right] = [numberOf(a), numberOf(b)];
  // eslint's `eqeqeq` leaves no other way to compare a bigint with a number.
  if (left !== undefined && right !== undefined)
    return !(left < right) && !(left > right) && !Number.isNaN(Number(left)) && !Number.isNaN(Number(right));
  if (isBytes(a) && isBytes(b)) return a.bytes === b.bytes;
  if (isTimestamp(a) && isTimestamp(b)) return a.time === b.time;
  if (isDuration(a) && isDuration(b)) return a.duration === b.duration;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => sameData(item, b[at]));
  if (isType(a) && isType(b)) return a.celType === b.celType;
  const [entries, others] = [entriesOf(a), entriesOf(b)];
  if (!entries || !others) return a === b;
  return entries.length === others.length && entries.every(([key, value]) => isEntryOf(b as CelData, key, value));
}

function entriesOf(value: unknown): readonly (readonly [key: CelData, value: CelData])[] | undefined {
  if (isMap(value)) return value.entries;
  return isStruct(value) ? (Object.entries(value) as [string, CelData][]) : undefined;
}

function isEntryOf(container: CelData, key: CelData, value: CelData): boolean {
  const found = lookUp(container, key);
  return found?.kind === 'value' && sameData(found.value, value);
}
