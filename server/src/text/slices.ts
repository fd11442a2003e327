/** A list in parts of this size, the last one shorter. */
export function* slices<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + Math.min(size, items.length));
}
