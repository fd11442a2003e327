/** What a map has for a key; made, and kept, when it is first asked for. `undefined` is no value: it is made again. */
export function getOrMake<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = known.get(key);
  if (value === undefined) known.set(key, (value = make()));
  return value;
}
