/** The text of a document as the editor has it, and what a change of LSP does to it. */
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { editLined, LineIndex, type LinedEdit, type LinedText } from '../../text/lineIndex';
import { textOf } from '../../text/text';
import type { PositionCodec } from './positionEncoding';

export function trackText(content: string): LinedText {
  const text = textOf(content);
  return { text, lines: new LineIndex(text) };
}

/** The text after a change; `edit` is undefined where the whole text was replaced. */
export function changeText(
  tracked: LinedText,
  change: TextDocumentContentChangeEvent,
  codec: PositionCodec,
): { readonly tracked: LinedText; readonly edit: LinedEdit | undefined } {
  if (!('range' in change)) return { tracked: trackText(change.text), edit: undefined };
  const offsetOf = (position: { line: number; character: number }) => {
    const { line, character } = codec.readIn((each) => lineOf(tracked, each), position);
    return tracked.lines.offsetAt({ line, column: character });
  };
  const [first, second] = [offsetOf(change.range.start), offsetOf(change.range.end)];
  const edit = { start: Math.min(first, second), end: Math.max(first, second), inserted: change.text };
  const after = editLined(tracked, edit);
  return { tracked: after, edit: { ...edit, after } };
}

function lineOf({ text, lines }: LinedText, line: number): string {
  return text.slice(lines.offsetAt({ line, column: 0 }), lines.offsetAt({ line, column: Infinity }));
}
