/** What is printed of long lists at once, so that no text grows beyond what a string can hold. */
const MOST = 10_000;

export function* inChunks<Item>(items: readonly Item[]): Iterable<readonly Item[]> {
  for (let from = 0; from < items.length; from += MOST) yield items.slice(from, from + MOST);
}

/** The same text as `JSON.stringify(items, null, 2)` and a line break, in pieces. */
export function* jsonInPieces(items: readonly object[]): Iterable<string> {
  if (items.length === 0) {
    yield '[]\n';
    return;
  }
  let opening = '[\n';
  for (const some of inChunks(items)) {
    yield opening + JSON.stringify(some, null, 2).slice('[\n'.length, -'\n]'.length);
    opening = ',\n';
  }
  yield '\n]\n';
}
