/**
 * Learns from its tab that a file of ours is being opened. VS Code shows the tab at once, and gives a large text to its extensions only after
 * it is on the screen: meanwhile the server can start and read the file itself.
 */
import * as vscode from 'vscode';
import { sniffConfiguration } from '../../server/src/protocol/sniffConfiguration';

/** The first characters of a file and its size in bytes, without reading the rest. Rejects where it cannot be read. */
export type PeekFile = (path: string) => Promise<{ readonly beginning: string; readonly size: number }>;

/** VS Code keeps larger documents from its extensions. */
const LARGEST_DOCUMENT = 50 * 1024 * 1024;

/** Calls `found` for each file of ours in a tab that comes to the front, if its document is not there yet. `size`: in bytes. */
export function watchTabs(peekFile: PeekFile, found: (uri: vscode.Uri, size: number) => void): vscode.Disposable {
  let shown = new Set<string>();
  const look = async (uri: vscode.Uri) => {
    if (isOpen(uri)) return;
    const { beginning, size } = await peekFile(uri.fsPath);
    if (size <= LARGEST_DOCUMENT && sniffConfiguration(beginning) && !isOpen(uri)) found(uri, size);
  };
  const lookAtAll = () => {
    const uris = vscode.window.tabGroups.all.flatMap(({ activeTab }) => fileOf(activeTab) ?? []);
    const before = shown;
    shown = new Set(uris.map(String));
    // A file that cannot be read is not ours to report.
    for (const uri of uris) if (!before.has(uri.toString())) void look(uri).catch(() => undefined);
  };
  lookAtAll();
  return vscode.Disposable.from(
    vscode.window.tabGroups.onDidChangeTabs(lookAtAll),
    vscode.window.tabGroups.onDidChangeTabGroups(lookAtAll),
  );
}

function fileOf(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  const uri = tab?.input instanceof vscode.TabInputText ? tab.input.uri : undefined;
  return uri?.scheme === 'file' && /\.(json|jsonc|ya?ml)$/i.test(uri.path) ? uri : undefined;
}

function isOpen(uri: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
}
