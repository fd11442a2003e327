/** The text of a document as the editor has it, and what a change of LSP does to it. */
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { LineIndex } from '../text/lineIndex';
import { editText, textOf, type Text, type TextEdit } from '../text/text';
import type { PositionCodec } from './positionEncoding';

export interface TrackedText {
  readonly text: Text;
  readonly lines: LineIndex;
}

export function trackText(content: string): TrackedText {
  const text = textOf(content);
  return { text, lines: new LineIndex(text) };
}

/** The text after a change; `edit` is undefined where the whole text was replaced. */
export function changeText(
  tracked: TrackedText,
  change: TextDocumentContentChangeEvent,
  codec: PositionCodec,
): { readonly tracked: TrackedText; readonly edit: TextEdit | undefined } {
  if (!('range' in change)) return { tracked: trackText(change.text), edit: undefined };
  const { text, lines } = tracked;
  const offsetOf = (position: { line: number; character: number }) => {
    const { line, character } = codec.readIn((each) => lineOf(tracked, each), position);
    return lines.offsetAt({ line, column: character });
  };
  const [first, second] = [offsetOf(change.range.start), offsetOf(change.range.end)];
  const edit = { start: Math.min(first, second), end: Math.max(first, second), inserted: change.text };
  const edited = editText(text, edit);
  return { tracked: { text: edited, lines: lines.edited(edit, edited) }, edit };
}

function lineOf({ text, lines }: TrackedText, line: number): string {
  return text.slice(lines.offsetAt({ line, column: 0 }), lines.offsetAt({ line, column: Infinity }));
}
