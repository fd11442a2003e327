/** Tables a person can read: columns without borders, cells without control characters. */
import { printable } from '../text/printable';

/** Ends with a line break; nothing is cut off. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map((cells) => cells.map(printable));
  const widths = head.map((_, column) => lines.reduce((most, cells) => Math.max(most, Math.min(widthOf(cells[column] ?? ''), MOST)), 0));
  return `${lines.map((cells) => padCells(cells, widths)).join('\n')}\n`;
}

/** One name of a million letters does not push the rest of every line that far. */
const MOST = 200;

function padCells(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))));
  return padded.join('  ').trimEnd();
}

const NARROW = /^[\x20-\x7e]*$/;
const MARK = /^\p{M}$/u;
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]$/u;

/** Columns of a terminal: letters of East Asia and pictures take two, marks on letters none. */
function widthOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  return Array.from(text).reduce((width, letter) => width + (MARK.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1), 0);
}
