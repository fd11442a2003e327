/** Offsets to lines and back, built lazily in one pass. Lines and columns are 0-based, columns in UTF-16 units. */
import { editText, piecesOf, type Text, type TextEdit } from './text';

export interface LineColumn {
  line: number;
  column: number;
}

export class LineIndex {
  private starts: Int32Array | undefined;
  /** The line that was asked for last: both ends of a span are nearly always on one line, and the next span is near. */
  private lastLine = 0;

  constructor(private readonly text: Text) {}

  /** The lines of the text after an edit; only what was edited is searched. */
  edited({ start, end, inserted }: TextEdit, text: Text): LineIndex {
    const lines = new LineIndex(text);
    if (!this.starts) return lines;
    // A line end of two characters may be cut or joined at the edges: their lines are searched, too.
    const first = findLine(this.starts, Math.max(0, start - 1), this.lastLine);
    const last = findLine(this.starts, Math.min(this.text.length, end + 1), first);
    const delta = inserted.length - (end - start);
    const from = this.starts[first] ?? 0;
    const to = (this.starts[last + 1] ?? this.text.length) + delta;
    const inside = findLineStarts(text.slice(from, to)).subarray(1);
    // What ends the stretch begins the first line behind it.
    const isLast = last + 1 >= this.starts.length;
    const between = !isLast && inside.at(-1) === to - from ? inside.subarray(0, -1) : inside;
    const behind = this.starts.subarray(last + 1);
    const starts = new Int32Array(first + 1 + between.length + behind.length);
    starts.set(this.starts.subarray(0, first + 1));
    for (let index = 0; index < between.length; index++) starts[first + 1 + index] = from + (between[index] ?? 0);
    const offset = first + 1 + between.length;
    for (let index = 0; index < behind.length; index++) starts[offset + index] = (behind[index] ?? 0) + delta;
    lines.starts = starts;
    return lines;
  }

  private lineStarts(): Int32Array {
    return (this.starts ??= findLineStarts(this.text));
  }

  get lineCount(): number {
    return this.lineStarts().length;
  }

  /** The line and column of an offset; offsets past the end give the end. */
  lineColumnAt(offset: number): LineColumn {
    const line = this.lineAt(offset);
    return { line, column: this.columnAt(offset, line) };
  }

  lineAt(offset: number): number {
    const starts = this.lineStarts();
    const wanted = this.inside(offset);
    if ((starts[this.lastLine] ?? 0) > wanted || (starts[this.lastLine + 1] ?? Infinity) <= wanted)
      this.lastLine = findLine(starts, wanted, this.lastLine);
    return this.lastLine;
  }

  /** The column of an offset on its line. */
  columnAt(offset: number, line: number): number {
    return this.inside(offset) - (this.lineStarts()[line] ?? 0);
  }

  private inside(offset: number): number {
    return Math.max(0, Math.min(offset, this.text.length));
  }

  /** The offset of a line and column; a column past the line's end gives the line's end. */
  offsetAt({ line, column }: LineColumn): number {
    const starts = this.lineStarts();
    if (line < 0) return 0;
    if (line >= starts.length) return this.text.length;
    const start = starts[line] ?? 0;
    const next = starts[line + 1] ?? this.text.length + 1;
    return Math.min(start + Math.max(0, column), Math.max(start, next - 1), this.text.length);
  }
}

/** A text with its lines. */
export interface LinedText {
  readonly text: Text;
  readonly lines: LineIndex;
}

/** An edit, and what it leaves, where somebody has made that already. */
export interface LinedEdit extends TextEdit {
  readonly after?: LinedText;
}

/** The text after an edit; the one before stays as it is. */
export function editLined({ text, lines }: LinedText, edit: LinedEdit): LinedText {
  if (edit.after) return edit.after;
  const edited = editText(text, edit);
  return { text: edited, lines: lines.edited(edit, edited) };
}

/** Offsets at which lines begin; `\r\n`, `\n` and a lone `\r` end a line, as in LSP. The engine's own search is several times faster than a loop over the characters. */
function findLineStarts(text: Text): Int32Array {
  let starts = new Int32Array(1_024);
  let count = 1;
  let base = 0;
  for (const piece of piecesOf(text)) {
    // The line feed of a pair whose carriage return ends the piece before.
    const isPairCut = base > 0 && piece.charCodeAt(0) === 10 && text.charCodeAt(base - 1) === 13;
    if (isPairCut) starts[count - 1] = base + 1;
    let feed = piece.indexOf('\n', isPairCut ? 1 : 0);
    let carriage = piece.indexOf('\r');
    while (feed >= 0 || carriage >= 0) {
      const isFeed = carriage < 0 || (feed >= 0 && feed < carriage);
      const isPair = !isFeed && feed === carriage + 1;
      const end = isFeed || isPair ? feed : carriage;
      if (count === starts.length) starts = grow(starts);
      starts[count++] = base + end + 1;
      if (isFeed || isPair) feed = piece.indexOf('\n', end + 1);
      if (!isFeed) carriage = piece.indexOf('\r', end + 1);
    }
    base += piece.length;
  }
  return starts.slice(0, count);
}

function grow(full: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(full.length * 2);
  larger.set(full);
  return larger;
}

/** The last line that starts at or before the offset: sought near `guess` first, twice as far away at each step. */
function findLine(starts: Int32Array, wanted: number, guess: number): number {
  let low = guess;
  let high = guess;
  for (let step = 1; low > 0 && (starts[low] ?? 0) > wanted; step *= 2) {
    high = low;
    low = Math.max(0, low - step);
  }
  for (let step = 1; high < starts.length - 1 && (starts[high] ?? 0) <= wanted; step *= 2) {
    low = high;
    high = Math.min(starts.length - 1, high + step);
  }
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
