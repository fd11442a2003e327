/**
 * Offers to read plain text as JSON or YAML where it looks like ours: a dump that `curl` saved without an extension, a paste whose language
 * VS Code has not told by itself.
 */
import * as vscode from 'vscode';
import { sniffDocument } from './sniffDocument';

/** Milliseconds in which VS Code's own detection has its turn, and the person may go on typing. */
const quiet = 3000;

/** Asks once for a document, and no more in this window once the answer was no. */
export function offerLanguage(): vscode.Disposable {
  const asked = new WeakSet<vscode.TextDocument>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isUnwanted = false;
  const offer = async (document: vscode.TextDocument | undefined) => {
    if (isUnwanted || !document || asked.has(document) || !isPlain(document) || !sniffDocument(document)) return;
    asked.add(document);
    const language = languageOf(document.getText(new vscode.Range(0, 0, MAX_LINES, 0)));
    const yes = vscode.l10n.t('Read as {0}', language.toUpperCase());
    // By name: of two equal messages VS Code closes the first, which would count as a no.
    const name = vscode.workspace.asRelativePath(document.uri);
    const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('{0} looks like an Envoy or Istio configuration.', name), yes);
    if (chosen !== yes) isUnwanted = true;
    else if (!document.isClosed) await vscode.languages.setTextDocumentLanguage(document, language);
  };
  const soon = () => {
    clearTimeout(timer);
    if (!isUnwanted && isPlain(vscode.window.activeTextEditor?.document))
      timer = setTimeout(() => void offer(vscode.window.activeTextEditor?.document), quiet);
  };
  soon();
  return vscode.Disposable.from(
    { dispose: () => clearTimeout(timer) },
    vscode.window.onDidChangeActiveTextEditor(soon),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document) soon();
    }),
  );
}

function isPlain(document: vscode.TextDocument | undefined): boolean {
  return document?.languageId === 'plaintext' && (document.uri.scheme === 'untitled' || document.uri.scheme === 'file');
}

/** Comments and blank lines before the first value are few. */
const MAX_LINES = 200;

/** JSON begins with a bracket, or with a quoted key where it is a piece; all else of ours is YAML. */
export function languageOf(beginning: string): 'json' | 'yaml' {
  const start = beginning.replace(/^(?:\s|\/\/.*|#.*)+/, '');
  return /^(?:[{[](?!%)|"[^"]*"\s*:\s*[{[])/.test(start) ? 'json' : 'yaml';
}
