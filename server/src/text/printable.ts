/** A text without control characters (C0, DEL, C1), each replaced by a blank: a dump is hostile, and none of them may reach a terminal. */
export function printable(text: string): string {
  let clean = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    clean += code < 32 || (code >= 127 && code < 160) ? ' ' : character;
  }
  return clean;
}
