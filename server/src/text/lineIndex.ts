/** Offsets to lines and back, built lazily in one pass. Lines and columns are 0-based, columns in UTF-16 units. */
export interface LineColumn {
  line: number;
  column: number;
}

export class LineIndex {
  private starts: Int32Array | undefined;
  /** The line that was asked for last: both ends of a span are nearly always on one line. */
  private lastLine = 0;

  constructor(private readonly text: string) {}

  /** Offsets at which lines begin; `\r\n`, `\n` and a lone `\r` end a line, as in LSP. */
  private lineStarts(): Int32Array {
    if (this.starts) return this.starts;
    const found: number[] = [0];
    const text = this.text;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 10) found.push(i + 1);
      else if (code === 13 && text.charCodeAt(i + 1) !== 10) found.push(i + 1);
    }
    this.starts = Int32Array.from(found);
    return this.starts;
  }

  get lineCount(): number {
    return this.lineStarts().length;
  }

  /** The line and column of an offset; offsets past the end give the end. */
  lineColumnAt(offset: number): LineColumn {
    const starts = this.lineStarts();
    const wanted = Math.max(0, Math.min(offset, this.text.length));
    if ((starts[this.lastLine] ?? 0) > wanted || (starts[this.lastLine + 1] ?? Infinity) <= wanted)
      this.lastLine = findLine(starts, wanted);
    return { line: this.lastLine, column: wanted - (starts[this.lastLine] ?? 0) };
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

/** The last line that starts at or before the offset. */
function findLine(starts: Int32Array, wanted: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
