/**
 * What a document's text is to those who read it: a string, or pieces of one. Pieces let an edit of a large text copy a few kilobytes
 * in place of all of it, and let a text be longer than a string can be (about 512 MB). Offsets are UTF-16 units.
 */
import { findFirst } from './findFirst';

export interface Text {
  readonly length: number;
  /** NaN outside of the text, as strings have it. */
  charCodeAt(index: number): number;
  charAt(index: number): string;
  /** Of offsets in the text, start not behind end; what lies outside is left out. */
  slice(start: number, end?: number): string;
  indexOf(sought: string, from?: number): number;
  lastIndexOf(sought: string, from?: number): number;
  startsWith(sought: string, at: number): boolean;
  toString(): string;
}

/** An edit: what stood at [start, end) is `inserted` now. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly inserted: string;
}

/** How long a piece is; one twice as long is cut. */
const PIECE = 1 << 16;

/** Shorter texts are copied faster than they are looked up. */
const WORTH_PIECES = 1 << 18;

/** The text as it is best kept: a string, or pieces of it where it is long. */
export function textOf(content: string): Text {
  return content.length < WORTH_PIECES ? content : joinPieces(cut(content));
}

/** One text of many strings, in order. */
export function textOfPieces(contents: readonly string[]): Text {
  const total = contents.reduce((sum, { length }) => sum + length, 0);
  return total < WORTH_PIECES ? contents.join('') : joinPieces(contents.flatMap(cut));
}

/** The text after an edit; the one before stays as it is. */
export function editText(text: Text, { start, end, inserted }: TextEdit): Text {
  if (!(text instanceof PiecedText)) return textOf(text.slice(0, start) + inserted + text.slice(end));
  return text.edited(start, end, inserted);
}

/** The strings that the text is made of, in order: who goes through all of it goes through them. */
export function piecesOf(text: Text): readonly string[] {
  return text instanceof PiecedText ? text.pieces : [String(text)];
}

function cut(content: string): string[] {
  if (content.length <= PIECE * 2) return content === '' ? [] : [content];
  const pieces: string[] = [];
  for (let at = 0; at < content.length; at += PIECE) pieces.push(content.slice(at, at + PIECE));
  return pieces;
}

function joinPieces(pieces: readonly string[]): PiecedText {
  const starts = new Int32Array(pieces.length + 1);
  pieces.forEach((piece, index) => (starts[index + 1] = (starts[index] ?? 0) + piece.length));
  return new PiecedText(pieces, starts);
}

class PiecedText implements Text {
  readonly length: number;
  /** The piece that was asked for last: readers go forward. */
  private last = 0;

  constructor(
    readonly pieces: readonly string[],
    /** Where each piece begins, and after the last one the length. */
    private readonly starts: Int32Array,
  ) {
    this.length = starts[pieces.length] ?? 0;
  }

  charCodeAt(index: number): number {
    if (index < 0 || index >= this.length) return NaN;
    const piece = this.pieceAt(index);
    return (this.pieces[piece] ?? '').charCodeAt(index - (this.starts[piece] ?? 0));
  }

  charAt(index: number): string {
    return index < 0 ? '' : this.slice(index, index + 1);
  }

  slice(start: number, end = this.length): string {
    const from = Math.max(0, start);
    const to = Math.min(end, this.length);
    if (from >= to) return '';
    let piece = this.pieceAt(from);
    const base = this.starts[piece] ?? 0;
    const first = (this.pieces[piece] ?? '').slice(from - base, to - base);
    if (to <= (this.starts[piece + 1] ?? 0)) return first;
    const found = [first];
    for (piece++; (this.starts[piece] ?? to) < to; piece++) found.push((this.pieces[piece] ?? '').slice(0, to - (this.starts[piece] ?? 0)));
    return found.join('');
  }

  indexOf(sought: string, from = 0): number {
    const start = Math.max(0, from);
    for (let piece = this.pieceAt(start); piece < this.pieces.length; piece++) {
      const base = this.starts[piece] ?? 0;
      const content = this.pieces[piece] ?? '';
      const inside = content.indexOf(sought, start - base);
      if (inside >= 0) return base + inside;
      const across = this.acrossEnd(piece, sought, start);
      if (across >= 0) return across;
    }
    return -1;
  }

  /** Where what is sought begins in one piece and ends in a later one; -1 where it does not. */
  private acrossEnd(piece: number, sought: string, from: number): number {
    const end = this.starts[piece + 1] ?? this.length;
    for (let at = Math.max(from, end - sought.length + 1, 0); at < end; at++) if (this.startsWith(sought, at)) return at;
    return -1;
  }

  lastIndexOf(sought: string, from = this.length): number {
    for (let piece = this.pieceAt(Math.min(from, this.length - 1)); piece >= 0; piece--) {
      const across = Math.min(from, (this.starts[piece + 1] ?? this.length) - 1);
      const base = this.starts[piece] ?? 0;
      for (let at = across; at > across - sought.length && at >= base; at--) if (this.startsWith(sought, at)) return at;
      const inside = from < base ? -1 : (this.pieces[piece] ?? '').lastIndexOf(sought, from - base);
      if (inside >= 0) return base + inside;
    }
    return -1;
  }

  startsWith(sought: string, at: number): boolean {
    const piece = this.pieceAt(at);
    const base = this.starts[piece] ?? 0;
    if (at + sought.length <= (this.starts[piece + 1] ?? 0)) return (this.pieces[piece] ?? '').startsWith(sought, at - base);
    return this.slice(at, at + sought.length) === sought;
  }

  toString(): string {
    return this.pieces.join('');
  }

  edited(start: number, end: number, inserted: string): PiecedText {
    const first = this.pieceAt(start);
    const last = this.pieceAt(Math.max(start, end - 1));
    const before = (this.pieces[first] ?? '').slice(0, start - (this.starts[first] ?? 0));
    const after = (this.pieces[last] ?? '').slice(end - (this.starts[last] ?? 0));
    // Joined and cut anew, so that no piece keeps the ones that it was made of alive.
    const changed = cut(before + inserted + after);
    return joinPieces([...this.pieces.slice(0, first), ...changed, ...this.pieces.slice(last + 1)]);
  }

  /** The last piece that begins at or before an offset. */
  private pieceAt(index: number): number {
    const { starts, last } = this;
    if ((starts[last] ?? 0) <= index && index < (starts[last + 1] ?? 0)) return last;
    return (this.last = Math.max(0, findFirst(this.pieces.length, (piece) => (starts[piece] ?? 0) > index) - 1));
  }
}
