/** Keeps the workspace in step with the editor: opened, changed (incrementally), closed documents. */
import type { Connection } from 'vscode-languageserver';
import { SNIFFED_LENGTH, sniffConfiguration } from '../protocol/sniffConfiguration';
import type { LinedEdit, LinedText } from '../text/lineIndex';
import type { Text } from '../text/text';
import type { PositionCodec } from './positionEncoding';
import { changeText, trackText } from './trackedText';
import type { Workspace } from './workspace';

export interface Tracking {
  readonly connection: Connection;
  readonly workspace: Workspace;
  positions(): PositionCodec;
  /** A document was closed. */
  closed(uri: string): void;
  /** Called after every event. */
  changed(cause: 'edit' | 'other'): void;
}

interface OpenDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  readonly tracked: LinedText;
}

/**
 * A document that is not ours costs a look at its first KB, each time it changes, and nothing else.
 * A closed document stays in the snapshot as the disk has it, if it is a file of the workspace.
 */
export function trackDocuments({ connection, workspace, positions, closed, changed }: Tracking): void {
  const documents = new Map<string, OpenDocument>();
  const show = (document: OpenDocument, cause: 'edit' | 'other') => {
    const { uri, languageId, version, tracked } = document;
    documents.set(uri, document);
    // Once ours, always ours: while one types, the beginning may look like nothing.
    if (!workspace.isOpen(uri) && !sniffConfiguration(tracked.text.slice(0, SNIFFED_LENGTH)) && !beginsByName(uri, tracked.text)) return;
    workspace.open({ uri, text: tracked.text, languageId, version });
    changed(cause);
  };
  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    show({ uri, languageId, version, tracked: trackText(text) }, 'other');
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const document = documents.get(uri);
    if (!document) return;
    let { tracked } = document;
    const edits: (LinedEdit | undefined)[] = [];
    // Each change counts in the text that the one before has left.
    for (const change of contentChanges) {
      const result = changeText(tracked, change, positions());
      tracked = result.tracked;
      edits.push(result.edit);
    }
    if (!workspace.isOpen(uri) || edits.includes(undefined)) {
      show({ ...document, version, tracked }, 'edit');
      return;
    }
    documents.set(uri, { ...document, version, tracked });
    workspace.edit(
      uri,
      version,
      edits.filter((edit) => edit !== undefined),
    );
    changed('edit');
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    documents.delete(uri);
    workspace.close(uri);
    closed(uri);
    changed('other');
  });
}

/** A file that is hardly begun is ours by its name: there completion helps most. */
function beginsByName(uri: string, { length }: Text): boolean {
  return length < 200 && /(?:envoy|bootstrap)[^/]*\.(?:ya?ml|jsonc?)$/i.test(uri);
}
