/** Finds configurations among the workspace's files, through the client, so that a dump that is not open counts too. */
import { FileChangeType, type Connection, type FileEvent, type InitializeParams } from 'vscode-languageserver';
import { Requests, type FindFilesResult, type ReadFileResult } from '../protocol/requests';
import { sniffConfiguration } from '../protocol/sniffConfiguration';
import type { Workspace } from './workspace';

export interface WorkspaceReading {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly initialization: InitializeParams | undefined;
  changed(): void;
}

const DEFAULT_LIMIT = 500;

/** Reads files one after another with progress; other editors' clients know nothing of the requests and are left alone. */
export async function readWorkspaceFiles({ connection, workspace, initialization, changed }: WorkspaceReading): Promise<void> {
  const options = readFileOptions(initialization?.initializationOptions);
  if (!options.servesFiles || options.maxFiles === 0) return;
  try {
    const { uris } = await connection.sendRequest<FindFilesResult>(Requests.findFiles, { limit: options.maxFiles });
    let found = 0;
    for (const uri of uris) if (await readFile(connection, workspace, uri)) found++;
    if (found > 0) changed();
    connection.onDidChangeWatchedFiles(({ changes }) => {
      void Promise.all(changes.map((change) => rereadFile(connection, workspace, change))).then(changed);
    });
  } catch (error) {
    connection.console.warn(`the workspace's files were not read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function rereadFile(connection: Connection, workspace: Workspace, { uri, type }: FileEvent): Promise<void> {
  if (type === FileChangeType.Deleted) workspace.setFile(uri, undefined);
  else await readFile(connection, workspace, uri);
}

/** True when the file is one of ours. */
async function readFile(connection: Connection, workspace: Workspace, uri: string): Promise<boolean> {
  const answer = await connection.sendRequest<ReadFileResult>(Requests.readFile, { uri });
  if ('error' in answer || !sniffConfiguration(answer.text)) {
    workspace.setFile(uri, undefined);
    return false;
  }
  workspace.setFile(uri, answer.text);
  return true;
}

/** `servesFiles`: the client answers our file requests; other editors' clients know nothing of them. */
export function readFileOptions(options: unknown): { servesFiles: boolean; maxFiles: number } {
  const given = typeof options === 'object' && options !== null ? options : {};
  const servesFiles = 'servesFiles' in given && given.servesFiles === true;
  const maxFiles = 'maxFiles' in given && typeof given.maxFiles === 'number' ? given.maxFiles : DEFAULT_LIMIT;
  return { servesFiles, maxFiles };
}
