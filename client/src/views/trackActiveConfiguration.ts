/** Keeps the context key by which the menus know whether the active document is one of ours. */
import * as vscode from 'vscode';
import { isActiveDocumentHidden } from '../activeDocument';
import { isConfigurationLanguage } from '../documentSelector';
import { sniffDocument } from '../sniffDocument';
import { isTraceTab } from '../traceView/traceTab';

/** Sets `envoyLens.isConfiguration` as the active editor and its text change. */
export function trackActiveConfiguration(): vscode.Disposable {
  let known: boolean | undefined;
  const update = () => {
    // The file beside the preview stays the one that the menus are about.
    if (isTraceTab(vscode.window.tabGroups.activeTabGroup.activeTab)) return;
    const document = vscode.window.activeTextEditor?.document;
    const ours = document ? isConfigurationLanguage(document.languageId) && sniffDocument(document) : isActiveDocumentHidden();
    if (ours === known) return;
    known = ours;
    void vscode.commands.executeCommand('setContext', 'envoyLens.isConfiguration', ours);
  };
  update();
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.window.tabGroups.onDidChangeTabs(update),
    // Also when its language changes.
    vscode.workspace.onDidOpenTextDocument(update),
    vscode.workspace.onDidChangeTextDocument((event) => {
      // Once it is ours, typing in it costs nothing here.
      if (!known && event.document === vscode.window.activeTextEditor?.document) update();
    }),
  );
}
