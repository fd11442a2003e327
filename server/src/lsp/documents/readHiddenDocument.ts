/** Documents that the editor keeps from its extensions (VS Code: over 50 MB): read when a request is about them. */
import type { Connection } from 'vscode-languageserver';
import type { ReadText } from './readText';
import type { Workspace } from './workspace';

/** Makes a document known, if it is not and the client can read it. `uri`: anything else than a uri is left alone. */
export type ReadHiddenDocument = (uri: string | undefined) => Promise<void>;

export interface HiddenReading {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly readText: ReadText;
  servesFiles(): boolean;
}

export function makeHiddenDocumentReader({ connection, workspace, readText, servesFiles }: HiddenReading): ReadHiddenDocument {
  return async (uri) => {
    if (uri === undefined || !servesFiles() || !/^[a-z][a-z0-9+.-]*:/i.test(uri) || workspace.snapshot(uri).documents.has(uri)) return;
    const answer = await readText({ uri });
    if ('text' in answer) workspace.setFile(uri, answer.text);
    else connection.console.warn(`${uri} was not read: ${answer.error}`);
  };
}
