/** Drives work in steps so that the server answers others in between. */
import type { Steps } from '../../text/steps';
import { now } from './hostClock';
import { untilQuiet } from './quiet';

/** How long the server does nothing else, in milliseconds. */
const SLICE = 10;

/** The result; undefined where the work was given up. `goOn` is asked after each slice, with the share that is done. */
export async function takeSteps<Result>(steps: Steps<Result>, goOn: (share: number) => boolean): Promise<Result | undefined> {
  let since = now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (now() - since < SLICE) continue;
    await untilQuiet();
    if (!goOn(step.value)) return undefined;
    since = now();
  }
}
