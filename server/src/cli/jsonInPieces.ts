/** Long lists are printed in pieces, so that no text grows beyond what a string can hold. */
import { slices } from '../text/slices';

/** Items in a piece. */
export const AT_ONCE = 10_000;

const OPENING = '[\n';

/** The same text as `JSON.stringify([...items], null, 2)` and a line break, in pieces of `atOnce` items; those of the next piece are not asked for before. */
export function* jsonInPieces(items: Iterable<object>, atOnce = AT_ONCE): Iterable<string> {
  let opening = OPENING;
  for (const some of slices(items, atOnce)) {
    yield opening + JSON.stringify(some, null, 2).slice(OPENING.length, -'\n]'.length);
    opening = ',\n';
  }
  yield opening === OPENING ? '[]\n' : '\n]\n';
}
