/** Long lists are printed in pieces, so that no text grows beyond what a string can hold. */
import { slices } from '../text/slices';

/** Items in a piece. */
export const AT_ONCE = 10_000;

/** The same text as `JSON.stringify(items, null, 2)` and a line break, in pieces. */
export function* jsonInPieces(items: readonly object[]): Iterable<string> {
  if (items.length === 0) {
    yield '[]\n';
    return;
  }
  let opening = '[\n';
  for (const some of slices(items, AT_ONCE)) {
    yield opening + JSON.stringify(some, null, 2).slice('[\n'.length, -'\n]'.length);
    opening = ',\n';
  }
  yield '\n]\n';
}
