/** Keeps the workspace in step with the editor: opened, changed (incrementally), closed documents. */
import type { Connection, TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { sniffConfiguration } from '../protocol/sniffConfiguration';
import type { PositionCodec } from './positionEncoding';
import type { Workspace } from './workspace';

export interface Tracking {
  readonly connection: Connection;
  readonly workspace: Workspace;
  positions(): PositionCodec;
  /** Called after every event. */
  changed(cause: 'edit' | 'other'): void;
}

/**
 * A document that is not ours costs a look at its first KB, each time it changes, and nothing else.
 * A closed document stays in the snapshot as the disk has it, if it is a file of the workspace.
 */
export function trackDocuments({ connection, workspace, positions, changed }: Tracking): void {
  const documents = new Map<string, TextDocument>();
  const show = (document: TextDocument, cause: 'edit' | 'other') => {
    const { uri, languageId, version } = document;
    const text = document.getText();
    documents.set(uri, document);
    // Once ours, always ours: while one types, the beginning may look like nothing.
    if (!workspace.isOpen(uri) && !sniffConfiguration(text) && !beginsByName(uri, text)) return;
    workspace.open({ uri, text, languageId, version });
    changed(cause);
  };
  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    show(TextDocument.create(uri, languageId, version, text), 'other');
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const document = documents.get(uri);
    if (!document) return;
    // Each change counts in the text that the one before has left.
    for (const change of contentChanges) TextDocument.update(document, [readChange(positions(), document, change)], version);
    show(document, 'edit');
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    documents.delete(uri);
    workspace.close(uri);
    changed('other');
  });
}

/** A file that is hardly begun is ours by its name: there completion helps most. */
function beginsByName(uri: string, text: string): boolean {
  return text.length < 200 && /(?:envoy|bootstrap)[^/]*\.(?:ya?ml|jsonc?)$/i.test(uri);
}

function readChange(codec: PositionCodec, document: TextDocument, change: TextDocumentContentChangeEvent): TextDocumentContentChangeEvent {
  if (!('range' in change)) return change;
  const lineOf = (line: number) => document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  return { text: change.text, range: { start: codec.readIn(lineOf, change.range.start), end: codec.readIn(lineOf, change.range.end) } };
}
