/** Tables a person can read: columns without borders, cells without control characters. */
import stringWidth from 'string-width';
import { printable } from '../protocol/printable';
import { slices } from '../text/slices';
import { AT_ONCE } from './jsonInPieces';

/** Ends with a line break; nothing is cut off. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [...tableInPieces(head, rows)].join('');
}

/** The same for hundreds of thousands of rows, of which one string may not be able to hold all. */
export function* tableInPieces(head: readonly string[], rows: readonly (readonly string[])[]): Iterable<string> {
  const lines = [head, ...rows].map((cells) => cells.map(printable));
  const widths = head.map((_, column) => lines.reduce((most, cells) => Math.max(most, Math.min(widthOf(cells[column] ?? ''), MOST)), 0));
  for (const some of slices(lines, AT_ONCE)) yield some.map((cells) => `${padCells(cells, widths)}\n`).join('');
}

/** One name of a million letters does not push the rest of every line that far. */
const MOST = 200;

function padCells(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))));
  return padded.join('  ').trimEnd();
}

const PLAIN = /^[\x20-\x7e]*$/;

/** Columns of a terminal. Most of hundreds of thousands of cells are plain: the library need not take them apart. */
function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}
