/** Colours of a terminal. */

export type Paint = (text: string) => string;
export interface Palette {
  readonly dim: Paint;
  readonly bold: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly unsure: Paint;
}

export const ANSI: Palette = { dim: ansi(2), bold: ansi(1), good: ansi(32), bad: ansi(31), unsure: ansi(33) };
export const PLAIN: Palette = { dim: same, bold: same, good: same, bad: same, unsure: same };

function ansi(code: number): Paint {
  return (text) => `\u001b[${code}m${text}\u001b[0m`;
}

function same(text: string): string {
  return text;
}
