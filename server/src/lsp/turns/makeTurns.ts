/** Work that nobody sits and waits for, one piece after the other, with a pause before each: what a person waits for comes in between. */
import { delay } from './hostClock';
import { untilQuiet } from './quiet';

/** Runs a piece of work when those before it are done. */
export type TakeTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Long enough for the messages that came meanwhile; not to be felt where an outline is drawn. */
const PAUSE_MILLISECONDS = 8;

export function makeTurns(): TakeTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last
      .then(() => delay(PAUSE_MILLISECONDS))
      .then(untilQuiet)
      .then(work);
    // A failure is the asker's; the next one has its turn all the same.
    last = mine.catch(() => undefined);
    return mine;
  };
}
