/** Decides from the first few KB of an open document whether it may be ours: only then is the language server started. */
import type * as vscode from 'vscode';
import { SNIFFED_LENGTH, sniffConfiguration } from '../../server/src/protocol/sniffConfiguration';

/** Copies no more of the document than is looked at. */
export function sniffDocument(document: vscode.TextDocument): boolean {
  const lines: string[] = [];
  let length = 0;
  for (let line = 0; line < document.lineCount && length < SNIFFED_LENGTH; line++) {
    const text = document.lineAt(line).text;
    length += text.length + 1;
    lines.push(text.slice(0, SNIFFED_LENGTH));
  }
  return sniffConfiguration(lines.join('\n'));
}
