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

export function answerFileRequests(client: BaseLanguageClient): void {
  client.onRequest(Requests.readFile, (params: ReadFileParams) => readFile(params));
  client.onRequest(Requests.findFiles, (params: FindFilesParams, token: vscode.CancellationToken) => findFiles(params, token));
}

/** The text of a file without its byte order mark, as the editor shows it; an unreadable file is an answer, not an exception. */
async function readFile({ uri, onlyConfigurations }: ReadFileParams): Promise<ReadFileResult> {
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.parse(uri, true));
    // Most files of a workspace are not ours: their beginning tells, and the rest need not travel.
    if (onlyConfigurations && !sniffConfiguration(new TextDecoder().decode(bytes.subarray(0, SNIFFED_LENGTH))))
      return { error: 'no configuration' };
    return { text: new TextDecoder().decode(bytes) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** `files.exclude` is honoured by findFiles itself; packages and repositories' innards hold no configuration of the user's. */
async function findFiles({ limit }: FindFilesParams, token: vscode.CancellationToken): Promise<FindFilesResult> {
  if (limit <= 0) return { uris: [], truncated: false };
  const found = await vscode.workspace.findFiles(configurationFiles, '**/{node_modules,.git}/**', limit + 1, token);
  return { uris: found.slice(0, limit).map(String), truncated: found.length > limit };
}
