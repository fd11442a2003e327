/** Answers that are kept as long as the object they are about: tables of a snapshot, a proxy, a document. */

/** A function whose answer for an object is made once. `undefined` is no answer: it is asked for again. */
export function memoizeByObject<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = make(key)));
    return value;
  };
}
