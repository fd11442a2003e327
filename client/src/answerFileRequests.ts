/** Answers the server's questions about files, through the editor's own file systems, so that virtual workspaces work. */
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  Requests,
  type FindFilesParams,
  type FindFilesResult,
  type ReadFileParams,
  type ReadFileResult,
} from '../../server/src/protocol/requests';
import { SNIFFED_LENGTH, sniffConfiguration } from '../../server/src/protocol/sniffConfiguration';
import { configurationFiles } from './documentSelector';
import { messageOfError } from '../../server/src/protocol/messageOfError';

export function answerFileRequests(client: BaseLanguageClient): void {
  /** Files that were found, and so are not excluded. */
  const listed = new Set<string>();
  client.onRequest(Requests.readFile, (params: ReadFileParams) => readFile(params, listed));
  client.onRequest(Requests.findFiles, async (params: FindFilesParams, token: vscode.CancellationToken) => {
    const result = await findFiles(params, token);
    for (const uri of result.uris) listed.add(uri);
    return result;
  });
}

/** The text of a file without its byte order mark, as the editor shows it; an unreadable file is an answer, not an exception. */
async function readFile({ uri, onlyConfigurations }: ReadFileParams, listed: ReadonlySet<string>): Promise<ReadFileResult> {
  try {
    if (onlyConfigurations && !listed.has(uri) && (await isExcluded(vscode.Uri.parse(uri, true)))) return { error: 'excluded' };
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.parse(uri, true));
    // Most files of a workspace are not ours: their beginning tells, and the rest need not travel.
    if (onlyConfigurations && !sniffConfiguration(new TextDecoder().decode(bytes.subarray(0, SNIFFED_LENGTH))))
      return { error: 'no configuration' };
    return { text: new TextDecoder().decode(bytes) };
  } catch (error) {
    return { error: messageOfError(error) };
  }
}

/** Packages and repositories' innards hold no configuration of the user's. */
const INNARDS = '**/{node_modules,.git}/**';

/** A file that was written since the files were found counts only where finding them would find it. */
async function isExcluded(uri: vscode.Uri): Promise<boolean> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const path = vscode.workspace.asRelativePath(uri, false);
  // A path with the signs of patterns cannot be asked for.
  if (!folder || /[[\]{}*?!]/.test(path)) return false;
  return (await vscode.workspace.findFiles(new vscode.RelativePattern(folder, path), INNARDS, 1)).length === 0;
}

/** `files.exclude` is honoured by findFiles itself. */
async function findFiles({ limit }: FindFilesParams, token: vscode.CancellationToken): Promise<FindFilesResult> {
  if (limit <= 0) return { uris: [], truncated: false };
  const found = await vscode.workspace.findFiles(configurationFiles, INNARDS, limit + 1, token);
  return { uris: found.slice(0, limit).map(String), truncated: found.length > limit };
}
