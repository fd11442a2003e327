/** JSON values, and ways to change one place of a copy. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** `/a/0` → ['a', '0'] */
export function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueAt(root: Json, pointer: string): Json | undefined {
  return keysOf(pointer).reduce<Json | undefined>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)];
    return isObject(value) ? value[key] : undefined;
  }, root);
}

/** A copy in which the value at the pointer is another; undefined removes it. */
export function withValue(root: JsonObject, pointer: string, value: Json | undefined): JsonObject {
  const copy = structuredClone(root);
  const keys = keysOf(pointer);
  const last = keys.pop() ?? '';
  const owner = valueAt(copy, keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''));
  if (Array.isArray(owner)) {
    if (value === undefined) owner.splice(Number(last), 1);
    else owner[Number(last)] = value;
  } else if (isObject(owner)) {
    if (value === undefined) Reflect.deleteProperty(owner, last);
    else owner[last] = value;
  }
  return copy;
}

export function childPointer(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
