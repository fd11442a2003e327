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

/** Where the line of an offset begins. */
export function lineStartAt(text: Text, at: number): number {
  let start = at;
  while (start > 0 && text.charCodeAt(start - 1) !== 10) start--;
  return start;
}
