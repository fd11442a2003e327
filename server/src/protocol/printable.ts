/**
 * A text without characters that steer what shows it, each replaced by a blank: control characters (C0, DEL, C1), separators of lines and paragraphs, marks
 * that turn the direction of writing or are not seen, halves of surrogate pairs. A dump is hostile, and none of them may reach a terminal or a wiki.
 */
export function printable(text: string): string {
  const shown = text.length > MOST ? `${text.slice(0, MOST)}…` : text;
  return shown.replace(UNPRINTABLE, ' ');
}

/** Nobody reads a line that is longer, and names may have millions of characters. */
const MOST = 100_000;

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
