/** Keeps the workspace in step with the editor: opened, changed (incrementally), closed documents. */
import type { Connection } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { sniffConfiguration } from '../protocol/sniffConfiguration';
import type { Workspace } from './workspace';

/**
 * Calls `changed` after every event. A document that is not ours costs a look at its first KB, each time it changes, and nothing else.
 * A closed document stays in the snapshot as the disk has it, if it is a file of the workspace.
 */
export function trackDocuments(connection: Connection, workspace: Workspace, changed: () => void): void {
  const documents = new Map<string, TextDocument>();
  const show = (document: TextDocument) => {
    const { uri, languageId, version } = document;
    const text = document.getText();
    documents.set(uri, document);
    // Once ours, always ours: while one types, the beginning may look like nothing.
    if (!workspace.isOpen(uri) && !sniffConfiguration(text)) return;
    workspace.open({ uri, text, languageId, version });
    changed();
  };
  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) =>
    show(TextDocument.create(uri, languageId, version, text)),
  );
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const document = documents.get(uri);
    if (document) show(TextDocument.update(document, contentChanges, version));
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    documents.delete(uri);
    workspace.close(uri);
    changed();
  });
}
