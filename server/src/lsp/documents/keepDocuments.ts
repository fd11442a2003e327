/** Keeps the workspace as the editor and the disk have it: open documents, files that the editor is opening, files of the workspace. */
import type { Connection, InitializeParams } from 'vscode-languageserver';
import type { Arrivals } from './arrivals';
import { makeOpenedFiles } from './openedFiles';
import type { PositionCodec } from './positionEncoding';
import type { ReadFile, ReadText } from './readText';
import { makeWorkspaceFiles, type WorkspaceFiles } from './readWorkspaceFiles';
import { trackDocuments } from './trackDocuments';
import type { Workspace } from './workspace';
import type { WorkspaceFolders } from './workspaceFolders';

export interface Keeping {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly arrivals: Arrivals;
  /** See `ServerHost`. */
  readonly readFile: ReadFile | undefined;
  readonly readText: ReadText;
  readonly folders: WorkspaceFolders;
  /** Undefined before the session. */
  initialization(): InitializeParams | undefined;
  positions(): PositionCodec;
  /** Called after every event. */
  changed(cause: 'edit' | 'other'): void;
}

/** Listens to what happens to documents; files of the workspace are looked for when the caller starts that. */
export function keepDocuments({ readFile, initialization, ...keeping }: Keeping): WorkspaceFiles {
  const { connection, workspace, readText, arrivals, folders, changed } = keeping;
  const files = makeWorkspaceFiles(() => ({
    connection,
    workspace,
    folders,
    initialization: initialization(),
    readText,
    isComing: (uri) => (openedFiles?.isExpected(uri) ?? false) || arrivals.of(uri) !== undefined,
    changed: () => {
      changed('other');
    },
  }));
  const openedFiles = readFile && makeOpenedFiles({ workspace, readFile, dropped: files.closed });
  trackDocuments({ ...keeping, openedFiles, closed: files.closed });
  return files;
}
