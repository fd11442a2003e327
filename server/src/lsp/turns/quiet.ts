/**
 * When long work may go on: when no message waits to be read. A connection reads one message in a turn of the event loop; a slice of work in each
 * of these turns would let ten messages that came together wait for ten slices.
 */
import type { MessageStrategy } from 'vscode-languageserver';
import { delay, now } from './hostClock';

/** How many messages were read; one server runs in a process. */
let messages = 0;

/** To be given to the connection. */
export const countMessages: MessageStrategy = {
  handleMessage(message, next) {
    messages++;
    // Its promise, if there is one, is the connection's business.
    return next(message);
  },
};

/** A client that never stops sending does not keep the work from being done, in milliseconds. */
const LONGEST_WAIT = 100;

let last: Promise<void> = Promise.resolve();

/** Resolves when the messages that are here are read; for one at a time, so that messages come between two slices of different works, too. */
export function untilQuiet(): Promise<void> {
  last = last.then(waitForQuiet);
  return last;
}

async function waitForQuiet(): Promise<void> {
  const since = now();
  let before: number;
  do {
    before = messages;
    await delay(0);
  } while (messages !== before && now() - since < LONGEST_WAIT);
}
