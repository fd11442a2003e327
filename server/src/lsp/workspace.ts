/** The documents the server knows (open in the editor, found on disk) and the snapshot of them: made anew when asked for after a change. */
import { joinDocuments, type Snapshot } from '../index/buildSnapshot';
import { readDocumentFacts, type DocumentFacts, type SourceText } from '../index/documentFacts';

export interface Workspace {
  /** A document was opened or changed in the editor; its text replaces what the disk says. */
  open(source: SourceText & { readonly version: number }): void;
  /** A document was closed; `onDisk` is what the disk says, undefined: it leaves the snapshot. */
  close(uri: string, onDisk: SourceText | undefined): void;
  /** A file of the workspace; ignored while the editor has it open. undefined: it is gone. */
  setFile(uri: string, text: string | undefined): void;
  isOpen(uri: string): boolean;
  version(uri: string): number | undefined;
  /** All documents joined; only what has changed is read again. */
  snapshot(): Snapshot;
}

interface Entry {
  source: SourceText;
  version: number | undefined;
  facts: DocumentFacts | undefined;
}

export function makeWorkspace(): Workspace {
  const entries = new Map<string, Entry>();
  let joined: Snapshot | undefined;
  const set = (source: SourceText, version: number | undefined) => {
    const known = entries.get(source.uri);
    if (known?.source.text === source.text && known.source.languageId === source.languageId) {
      known.version = version;
      return;
    }
    entries.set(source.uri, { source, version, facts: undefined });
    joined = undefined;
  };
  return {
    open: ({ version, ...source }) => set(source, version),
    close(uri, onDisk) {
      if (onDisk) return set(onDisk, undefined);
      if (entries.delete(uri)) joined = undefined;
    },
    setFile(uri, text) {
      if (entries.get(uri)?.version !== undefined) return;
      if (text !== undefined) set({ uri, text }, undefined);
      else if (entries.delete(uri)) joined = undefined;
    },
    isOpen: (uri) => entries.get(uri)?.version !== undefined,
    version: (uri) => entries.get(uri)?.version,
    snapshot: () => (joined ??= joinDocuments([...entries.values()].map((entry) => (entry.facts ??= readDocumentFacts(entry.source))))),
  };
}
