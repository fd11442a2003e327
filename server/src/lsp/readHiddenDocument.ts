/** Documents that the editor keeps from its extensions (VS Code: over 50 MB): read through the client when a request is about them. */
import type { Connection } from 'vscode-languageserver';
import { Requests, type ReadFileResult } from '../protocol/requests';
import type { Workspace } from './workspace';

/** Makes a document known, if it is not and the client can read it. `uri`: anything else than a uri is left alone. */
export type ReadHiddenDocument = (uri: string | undefined) => Promise<void>;

export function makeHiddenDocumentReader(connection: Connection, workspace: Workspace, servesFiles: () => boolean): ReadHiddenDocument {
  return async (uri) => {
    if (uri === undefined || !servesFiles() || !/^[a-z][a-z0-9+.-]*:/i.test(uri) || workspace.snapshot().documents.has(uri)) return;
    const answer = await connection.sendRequest<ReadFileResult>(Requests.readFile, { uri });
    if ('text' in answer) workspace.setFile(uri, answer.text);
    else connection.console.warn(`${uri} was not read: ${answer.error}`);
  };
}
