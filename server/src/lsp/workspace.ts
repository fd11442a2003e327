/** The documents the server knows (open in the editor, found on disk) and the snapshot of them: made anew when asked for after a change. */
import { joinDocuments, type Snapshot } from '../index/buildSnapshot';
import { readDocumentFacts, type DocumentFacts, type SourceText } from '../index/documentFacts';

export interface Workspace {
  /** A document was opened or changed in the editor; its text replaces what the disk says. */
  open(source: SourceText & { readonly version: number }): void;
  /** A document was closed: what the disk says counts again, or it leaves the snapshot. */
  close(uri: string): void;
  /** A file of the workspace, as the disk has it; undefined: it is gone. */
  setFile(uri: string, text: string | undefined): void;
  isOpen(uri: string): boolean;
  /** Uris of the open documents. */
  openUris(): readonly string[];
  version(uri: string): number | undefined;
  /** A line of a known document, '' where there is none. */
  lineOf(uri: string, line: number): string;
  /** All documents joined; only what has changed is read again. */
  snapshot(): Snapshot;
}

interface Entry {
  readonly source: SourceText;
  facts?: DocumentFacts;
}

export function makeWorkspace(): Workspace {
  const files = new Map<string, Entry>();
  const open = new Map<string, Entry & { readonly version: number }>();
  let joined: Snapshot | undefined;
  const factsOf = (entry: Entry) => (entry.facts ??= readDocumentFacts(entry.source));
  const snapshot = (): Snapshot =>
    (joined ??= joinDocuments(
      [...files.values()]
        .filter(({ source }) => !open.has(source.uri))
        .concat([...open.values()])
        .map(factsOf),
    ));
  return {
    open({ version, ...source }) {
      const known = open.get(source.uri) ?? files.get(source.uri);
      const facts = known?.source.text === source.text ? known.facts : undefined;
      if (!facts || !joined?.documents.has(source.uri)) joined = undefined;
      open.set(source.uri, { source, version, ...(facts && { facts }) });
    },
    close(uri) {
      if (open.delete(uri)) joined = undefined;
    },
    setFile(uri, text) {
      if (text === undefined) files.delete(uri);
      else files.set(uri, { source: { uri, text } });
      if (!open.has(uri)) joined = undefined;
    },
    isOpen: (uri) => open.has(uri),
    openUris: () => [...open.keys()],
    version: (uri) => open.get(uri)?.version,
    lineOf(uri, line) {
      const tree = snapshot().documents.get(uri)?.tree;
      return tree ? tree.text.slice(tree.lines.offsetAt({ line, column: 0 }), tree.lines.offsetAt({ line, column: Infinity })) : '';
    },
    snapshot,
  };
}
