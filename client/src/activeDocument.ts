/** The document that a command is about, also where the editor says nothing of it (VS Code hides documents over 50 MB from extensions). */
import * as vscode from 'vscode';

/** The uri of the document in the active tab; undefined where there is none, or where the tab shows no text. */
function activeDocumentUri(): vscode.Uri | undefined {
  return vscode.window.activeTextEditor?.document.uri ?? uriOfTab(vscode.window.tabGroups.activeTabGroup.activeTab);
}

/** The column of the editor that had the keyboard last. */
let lastColumn: vscode.ViewColumn | undefined;

/** Remembers, for `documentUriAtHand`, where one worked before the trace preview had the focus. */
export function rememberColumn(): vscode.Disposable {
  const remember = (editor = vscode.window.activeTextEditor) => {
    lastColumn = editor?.viewColumn ?? lastColumn;
  };
  remember();
  return vscode.window.onDidChangeActiveTextEditor(remember);
}

/** The document at hand, even when the trace preview has the focus: then the one where one worked before, or that is visible beside it. */
export function documentUriAtHand(): vscode.Uri | undefined {
  const visible = vscode.window.visibleTextEditors.filter((editor) => editor.viewColumn !== undefined);
  const editor = visible.find(({ viewColumn }) => viewColumn === lastColumn) ?? visible[0];
  return activeDocumentUri() ?? editor?.document.uri ?? vscode.window.tabGroups.all.map((group) => uriOfTab(group.activeTab)).find(Boolean);
}

/** An editor that shows the document: the one in `column` (unless given, that of the active editor) before others. */
export function visibleEditorOf(uri: string, column = vscode.window.activeTextEditor?.viewColumn): vscode.TextEditor | undefined {
  const editors = vscode.window.visibleTextEditors.filter((editor) => editor.document.uri.toString() === uri);
  return editors.find((editor) => editor.viewColumn === column) ?? editors[0];
}

/** True when the active tab shows a JSON or YAML file that VS Code keeps from extensions because of its size. */
export function isActiveDocumentHidden(): boolean {
  const uri = uriOfTab(vscode.window.tabGroups.activeTabGroup.activeTab);
  return !vscode.window.activeTextEditor && uri !== undefined && /\.(json|jsonc|ya?ml)$/i.test(uri.path);
}

function uriOfTab(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  const input = tab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  return input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
}
