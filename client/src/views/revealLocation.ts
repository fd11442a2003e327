/** Shows a place of a trace or a list in an editor. */
import * as vscode from 'vscode';
import type { Location } from '../../../server/src/protocol/trace';
import { visibleEditorOf } from '../activeDocument';

export interface RevealOptions {
  /** Leave the focus where it is, e.g. in the preview or the list. */
  preserveFocus: boolean;
  /** Open in preview mode: the tab is replaced by the next one. */
  preview?: boolean;
  /** Where to open a document that is not visible yet. */
  viewColumn?: vscode.ViewColumn;
}

/** Shows `at` in the editor that has its document already, else opens it. Documents that VS Code hides from extensions are opened by its own command. */
export async function revealLocation(at: Location, options: RevealOptions): Promise<void> {
  const uri = vscode.Uri.parse(at.uri, true);
  const selection = rangeOfLocation(at);
  const visible = visibleEditorOf(uri.toString(), options.viewColumn);
  const show = {
    preserveFocus: options.preserveFocus,
    preview: options.preview ?? true,
    viewColumn: visible?.viewColumn ?? options.viewColumn ?? vscode.ViewColumn.One,
    // Its beginning only: a selection of a thousand lines would hide the text and scroll to its end.
    selection: new vscode.Range(selection.start, selection.start),
  };
  try {
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), show);
    editor.revealRange(show.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    flash(editor, selection);
  } catch {
    await vscode.commands.executeCommand('vscode.open', uri, show);
  }
}

/** Locations count from 1, editors from 0. */
function rangeOfLocation(at: Location): vscode.Range {
  const from = (count: number) => Math.max(0, count - 1);
  return new vscode.Range(from(at.line), from(at.column), from(at.endLine), from(at.endColumn));
}

/** Marks the lines for a moment, as Go to Definition does. */
function flash(editor: vscode.TextEditor, range: vscode.Range): void {
  const mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
    borderColor: new vscode.ThemeColor('editor.rangeHighlightBorder'),
  });
  editor.setDecorations(mark, [range]);
  setTimeout(() => mark.dispose(), 1200);
}
