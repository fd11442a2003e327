/**
 * A text without characters that steer what shows it, each replaced by a blank: control characters (C0, DEL, C1), separators of lines and paragraphs, marks
 * that turn the direction of writing or are not seen, halves of surrogate pairs. A dump is hostile, and none of them may reach a terminal or a wiki.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, ' ');
}

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
