/** Where lines end and begin in a text, by its line feeds. */
import type { Text } from './text';

/** The line feed at or behind an offset; the end of the text where there is none. */
export function lineEndAt(text: Text, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed < 0 ? text.length : feed;
}

/** Where the next line begins; the end of the text where there is none. */
export function lineAfter(text: Text, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed < 0 ? text.length : feed + 1;
}
