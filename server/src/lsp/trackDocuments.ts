/** Keeps the workspace in step with the editor: opened, changed (incrementally), closed documents. */
import type { Connection } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Workspace } from './workspace';

/** Calls `changed` after every event. A closed document stays in the snapshot as the disk has it, if it is a file of the workspace. */
export function trackDocuments(connection: Connection, workspace: Workspace, changed: () => void): void {
  const documents = new Map<string, TextDocument>();
  const show = (document: TextDocument) => {
    documents.set(document.uri, document);
    workspace.open({ uri: document.uri, text: document.getText(), languageId: document.languageId, version: document.version });
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
