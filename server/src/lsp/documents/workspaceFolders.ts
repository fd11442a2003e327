/** The workspace's folders: those that the client tells at the beginning, and those that join and leave later. */
import { DidChangeWorkspaceFoldersNotification, type Connection, type InitializeParams } from 'vscode-languageserver';

export interface WorkspaceFolders {
  /** Their uris. */
  uris(): readonly string[];
  onChange(listener: () => void): void;
}

/** `initialization`: what the client has said, undefined before the session. */
export function makeWorkspaceFolders(connection: Connection, initialization: () => InitializeParams | undefined): WorkspaceFolders {
  let changed: readonly string[] | undefined;
  const listeners: (() => void)[] = [];
  const uris = () => changed ?? (initialization()?.workspaceFolders ?? []).map(({ uri }) => uri);
  connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event: { added, removed } }) => {
    const gone = new Set(removed.map(({ uri }) => uri));
    changed = [...uris().filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
    for (const listener of listeners) listener();
  });
  return { uris, onChange: (listener) => listeners.push(listener) };
}
