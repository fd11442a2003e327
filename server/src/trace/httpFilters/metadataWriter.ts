/** Writes dynamic metadata of a stream (Envoy: StreamInfoImpl::setDynamicMetadata merges into the namespace). */
import { isJsonObject } from '../../protocol/jsonValue';
import type { HttpStream } from '../httpStream';

/** Sets one key; the namespace's other keys stay. */
export function setMetadata(http: HttpStream, namespace: string, key: string, value: unknown): void {
  http.metadata.set(namespace, { ...structOf(http.metadata.get(namespace)), [key]: value });
}

/** Merges a Struct as protobuf's StructUtil::update does: lists grow, structs merge, the rest is replaced. */
export function mergeMetadata(http: HttpStream, namespace: string, value: unknown): void {
  http.metadata.set(namespace, mergeStruct(structOf(http.metadata.get(namespace)), structOf(value), 0));
}

const MAX_DEPTH = 100;

function mergeStruct(into: Struct, from: Struct, depth: number): Struct {
  const merged: Record<string, unknown> = { ...into };
  for (const [key, value] of Object.entries(from)) {
    const before = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = mergeValue(before, value, depth);
  }
  return merged;
}

/** StructUtil::updateValueInPlace: structs merge, lists grow, anything else is replaced. */
export function mergeValue(before: unknown, value: unknown, depth = 0): unknown {
  if (Array.isArray(before) && Array.isArray(value)) return [...(before as readonly unknown[]), ...(value as readonly unknown[])];
  if (isJsonObject(before) && isJsonObject(value) && depth < MAX_DEPTH) return mergeStruct(before, value, depth + 1);
  return value;
}

type Struct = Readonly<Record<string, unknown>>;

function structOf(value: unknown): Struct {
  return isJsonObject(value) ? value : {};
}
