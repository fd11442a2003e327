/** Keeps the workspace in step with the editor: opened (with a text or without), changed (incrementally), closed documents. */
import type { Connection, DidChangeTextDocumentParams } from 'vscode-languageserver';
import { FileNotifications, type DidOpenFileParams, type TextWantedParams, type WillOpenFileParams } from '../../protocol/openFiles';
import { SNIFFED_LENGTH, sniffConfiguration } from '../../protocol/sniffConfiguration';
import { LineIndex, type LinedEdit, type LinedText } from '../../text/lineIndex';
import type { Text } from '../../text/text';
import type { Arrivals } from './arrivals';
import type { OpenedFiles } from './openedFiles';
import type { PositionCodec } from './positionEncoding';
import { changeText, trackText } from './trackedText';
import type { Workspace } from './workspace';

export interface Tracking {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly arrivals: Arrivals;
  /** Undefined where the host has no disk. */
  readonly openedFiles: OpenedFiles | undefined;
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

/** The documents as the editor has them, and what happens to them. */
interface TrackedDocuments {
  show(document: OpenDocument, cause: 'edit' | 'other'): void;
  change(params: DidChangeTextDocumentParams): void;
  close(uri: string): void;
}

/** A closed document stays in the snapshot as the disk has it, if it is a file of the workspace. */
export function trackDocuments(tracking: Tracking): void {
  const { connection, arrivals, openedFiles } = tracking;
  const documents = makeTrackedDocuments(tracking);
  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    documents.show({ uri, languageId, version, tracked: trackText(text) }, 'other');
    arrivals.end(uri);
  });
  connection.onDidChangeTextDocument((params) => {
    const arrival = arrivals.of(params.textDocument.uri);
    if (arrival) arrival.changes.push(params);
    else documents.change(params);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    documents.close(uri);
    arrivals.end(uri);
  });
  if (openedFiles) trackFiles(tracking, openedFiles, documents);
}

/** Documents of which the editor sends no text. */
function trackFiles({ connection, arrivals }: Tracking, openedFiles: OpenedFiles, documents: TrackedDocuments): void {
  connection.onNotification(FileNotifications.willOpenFile, (params: WillOpenFileParams) => {
    // The document may have overtaken its announcement, which waits for the server's start.
    if (!arrivals.of(params.uri)) void openedFiles.expect(params);
  });
  connection.onNotification(FileNotifications.didOpenFile, async (params: DidOpenFileParams) => {
    const { uri, languageId, version } = params;
    const arrival = arrivals.begin(uri);
    const text = await openedFiles.textFor(params);
    // Closed meanwhile, or opened with its text.
    if (arrivals.of(uri) !== arrival) return;
    if (text === undefined) {
      // The document is on its way until the editor has sent it; what is edited before that is in it already.
      const wanted: TextWantedParams = { uri };
      void connection.sendNotification(FileNotifications.textWanted, wanted);
      return;
    }
    documents.show({ uri, languageId, version, tracked: { text, lines: new LineIndex(text) } }, 'other');
    for (const change of arrival.changes) documents.change(change);
    arrivals.end(uri);
  });
}

/** A document that is not ours costs a look at its first KB, each time it changes, and nothing else. */
function makeTrackedDocuments({ workspace, positions, closed, changed }: Tracking): TrackedDocuments {
  const documents = new Map<string, OpenDocument>();
  const show = (document: OpenDocument, cause: 'edit' | 'other') => {
    const { uri, languageId, version, tracked } = document;
    documents.set(uri, document);
    // Once ours, always ours: while one types, the beginning may look like nothing.
    if (!workspace.isOpen(uri) && !sniffConfiguration(tracked.text.slice(0, SNIFFED_LENGTH)) && !beginsByName(uri, tracked.text)) return;
    workspace.open({ uri, text: tracked.text, languageId, version });
    changed(cause);
  };
  return {
    show,
    change({ textDocument: { uri, version }, contentChanges }) {
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
    },
    close(uri) {
      const wasOurs = workspace.isOpen(uri);
      documents.delete(uri);
      workspace.close(uri);
      closed(uri);
      if (wasOurs) changed('other');
    },
  };
}

/** A file that is hardly begun is ours by its name: there completion helps most. */
function beginsByName(uri: string, { length }: Text): boolean {
  return length < 200 && /(?:envoy|bootstrap)[^/]*\.(?:ya?ml|jsonc?)$/i.test(uri);
}
