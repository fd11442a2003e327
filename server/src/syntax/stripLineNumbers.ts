/** Takes away the line numbers that a copied listing has in front of its lines. */
import type { Text } from '../text/text';
import { linesOf, mapLines, type KeptLine, type LineMap } from './lineMap';

/** So many lines in a row must be numbered, from the first on. */
const SAMPLE = 12;
const NUMBERED = /^[ \t]*(\d{1,7})(?:[ \t]*[|:│][ ]?|[ \t]|$)/;

/** The text without its line numbers, or undefined when its lines have none. */
export function stripLineNumbers(text: Text): LineMap | undefined {
  if (!isNumbered(text)) return undefined;
  const kept: KeptLine[] = [];
  for (const line of linesOf(text)) {
    const match = NUMBERED.exec(text.slice(line.start, Math.min(line.end, line.start + 24)));
    kept.push(match ? { start: line.start + match[0].length, end: line.end } : line);
  }
  return mapLines(text, kept);
}

/** Numbers that count on line by line, with something other than numbers behind them. */
function isNumbered(text: Text): boolean {
  let last: number | undefined;
  let seen = 0;
  let hasContent = false;
  for (const { start, end } of linesOf(text)) {
    const line = text.slice(start, Math.min(end, start + 200));
    const match = NUMBERED.exec(line);
    if (!match) {
      if (line.trim() === '' && seen === 0) continue;
      return false;
    }
    const number = Number(match[1]);
    if (last !== undefined && number !== last + 1) return false;
    last = number;
    hasContent ||= /[{["'\w]/.test(line.slice(match[0].length));
    if (++seen === SAMPLE) break;
  }
  return seen > 1 && hasContent;
}
