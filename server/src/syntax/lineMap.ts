/** A text made of pieces of another one, line by line: where its offsets lie in the outer text. */
import { findFirst } from '../text/findFirst';
import type { Text } from '../text/text';

export interface LineMap {
  /** The lines without what was taken away in front of them. */
  readonly text: string;
  /** From offsets of `text` to those of the outer text; never decreasing. */
  readonly toOuter: (offset: number) => number;
}

/** One line of the new text: where it begins in the outer text, and where it ends there (its line end not counted). */
export interface KeptLine {
  readonly start: number;
  readonly end: number;
}

/** Joins pieces of the outer text by line feeds, or by another character. */
export function mapLines(outer: Text, lines: readonly KeptLine[], separator = '\n'): LineMap {
  const innerStarts: number[] = [];
  const parts: string[] = [];
  let length = 0;
  for (const { start, end } of lines) {
    innerStarts.push(length);
    parts.push(outer.slice(start, end));
    length += end - start + 1;
  }
  const toOuter = (offset: number): number => {
    const last = Math.max(0, findFirst(innerStarts.length, (line) => (innerStarts[line] ?? 0) > offset) - 1);
    const line = lines[last];
    return line ? Math.min(line.start + Math.max(0, offset - (innerStarts[last] ?? 0)), line.end) : 0;
  };
  return { text: parts.join(separator), toOuter };
}

/** The lines of a stretch of text, without their line ends. */
export function* linesOf(text: Text, from = 0, to = text.length): Generator<KeptLine> {
  let start = from;
  while (start < to) {
    let feed = text.indexOf('\n', start);
    if (feed < 0 || feed > to) feed = to;
    const end = feed > start && text.charCodeAt(feed - 1) === 13 ? feed - 1 : feed;
    yield { start, end };
    start = feed + 1;
  }
}
