/** Texts of files: from the disk where the server has one, else through the client, whose file systems may be virtual. */
import type { Connection } from 'vscode-languageserver';
import { Requests, type ReadFileParams, type ReadFileResult } from '../../protocol/requests';
import { SNIFFED_LENGTH, sniffConfiguration } from '../../protocol/sniffConfiguration';

/**
 * The content of a file by its `file:` uri, as UTF-8 without its byte order mark; rejects where it cannot be read. With `isWanted` the first
 * so many characters are looked at, and the rest is read only where they are wanted: undefined where they are not.
 */
export type ReadFile = (uri: string, beginning?: Beginning) => Promise<string | undefined>;

export interface Beginning {
  readonly length: number;
  isWanted(beginning: string): boolean;
}

export type ReadText = (params: ReadFileParams) => Promise<ReadFileResult>;

const ONLY_CONFIGURATIONS: Beginning = { length: SNIFFED_LENGTH, isWanted: sniffConfiguration };

/** Of files that are not excluded from the workspace, or of which that does not matter. An unreadable file is an answer, not an exception. */
export function makeReadText(connection: Connection, readFile: ReadFile | undefined): ReadText {
  return async (params) => {
    if (readFile && params.uri.startsWith('file:')) {
      try {
        const text = await readFile(params.uri, params.onlyConfigurations ? ONLY_CONFIGURATIONS : undefined);
        return text === undefined ? { error: 'no configuration' } : { text };
      } catch {
        // The client tells why, or knows better.
      }
    }
    return connection.sendRequest<ReadFileResult>(Requests.readFile, params);
  };
}
