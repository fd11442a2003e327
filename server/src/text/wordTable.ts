/** Tables that are asked with words of documents: `constructor` is a word too, and means nothing in them. */

/** The entries alone, without what JavaScript gives every object. */
export function wordTable<Value>(entries: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.assign(Object.create(null) as Record<string, Value>, entries);
}
