/** The documents the server knows (open in the editor, found on disk) and the snapshot of them: made anew when asked for after a change. */
import { joinDocuments, type Snapshot } from '../index/buildSnapshot';
import { editDocument, readDocumentInSteps, type DocumentFacts, type SourceText } from '../index/documentFacts';
import { finish, type Steps } from '../text/steps';
import { editText } from '../text/text';
import type { LinedEdit } from '../text/lineIndex';
import { takeSteps } from './takeSteps';

export interface Workspace {
  /** A document was opened or replaced in the editor; its text replaces what the disk says. */
  open(source: SourceText & { readonly version: number }): void;
  /** An open document was changed; each edit counts in the text that the one before has left. */
  edit(uri: string, version: number, edits: readonly LinedEdit[]): void;
  /** A document was closed: what the disk says counts again, or it leaves the snapshot. */
  close(uri: string): void;
  /** A file of the workspace, as the disk has it; undefined: it is gone. */
  setFile(uri: string, text: SourceText['text'] | undefined): void;
  isOpen(uri: string): boolean;
  /** Uris of the open documents. */
  openUris(): readonly string[];
  version(uri: string): number | undefined;
  /** A line of a known document, '' where there is none. */
  lineOf(uri: string, line: number): string;
  /** All documents joined; only what has changed is read again. What is not read yet is read now, at once. */
  snapshot(): Snapshot;
  /** Reads what is not read yet, in slices between which the server answers others; after it a snapshot is at hand. */
  settle(watch?: ReadingWatch): Promise<void>;
}

export interface ReadingWatch {
  /** A document is being read; `share` of it is done (0 to 1). */
  reading?(uri: string, share: number): void;
  /** Nobody waits any more: the rest is read when somebody asks. */
  isCancelled?(): boolean;
}

interface Entry {
  readonly source: SourceText;
  facts?: DocumentFacts;
  /** The last state that was read, and what was edited since. */
  readonly before?: { readonly facts: DocumentFacts; readonly edits: readonly LinedEdit[] };
  /** Under way; whoever needs the facts takes part. */
  steps?: Steps<DocumentFacts>;
}

/** So many edits at once are no typing. */
const MAX_EDITS = 16;

export function makeWorkspace(): Workspace {
  const files = new Map<string, Entry>();
  const open = new Map<string, Entry & { readonly version: number }>();
  let joined: Snapshot | undefined;
  const entries = () => [...[...files.values()].filter(({ source }) => !open.has(source.uri)), ...open.values()];
  const factsOf = (entry: Entry) => (entry.facts ??= finish((entry.steps ??= readEntry(entry))));
  const snapshot = (): Snapshot => (joined ??= joinDocuments(entries().map(factsOf)));
  return {
    open({ version, ...source }) {
      const known = open.get(source.uri) ?? files.get(source.uri);
      const facts = known && isSameText(known.source, source) ? known.facts : undefined;
      if (!facts || !joined?.documents.has(source.uri)) joined = undefined;
      open.set(source.uri, { source, version, ...(facts && { facts }) });
    },
    edit(uri, version, edits) {
      const known = open.get(uri);
      if (!known) return;
      const source = { ...known.source, text: edits.reduce((text, edit) => edit.after?.text ?? editText(text, edit), known.source.text) };
      const before = known.facts
        ? { facts: known.facts, edits }
        : known.before && { ...known.before, edits: [...known.before.edits, ...edits] };
      open.set(uri, { source, version, ...(before && before.edits.length <= MAX_EDITS && { before }) });
      joined = undefined;
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
    async settle(watch = {}) {
      const isCurrent = (entry: Entry) => (open.get(entry.source.uri) ?? files.get(entry.source.uri)) === entry;
      // A change while one is being read puts another in its place: then that one is read.
      for (let entry = entries().find(({ facts }) => !facts); entry; entry = entries().find(({ facts }) => !facts))
        if (!(await readInSlices(entry, watch, isCurrent))) return;
    },
  };
}

function isSameText(a: SourceText, b: SourceText): boolean {
  return a.text.length === b.text.length && (a.text === b.text || String(a.text) === String(b.text));
}

/** From the state before, where its edits allow it. */
function* readEntry({ source, before }: Entry): Steps<DocumentFacts> {
  let facts = before?.facts;
  for (const edit of before?.edits ?? []) facts = facts && editDocument(facts, edit);
  return facts ?? (yield* readDocumentInSteps(source));
}

/** False where nobody waits any more. */
async function readInSlices(entry: Entry, watch: ReadingWatch, isCurrent: (entry: Entry) => boolean): Promise<boolean> {
  let isWanted = true;
  const facts = await takeSteps((entry.steps ??= readEntry(entry)), (share) => {
    watch.reading?.(entry.source.uri, share);
    isWanted = !watch.isCancelled?.();
    // Another one who waits may have read it to the end meanwhile.
    return isWanted && isCurrent(entry) && !entry.facts;
  });
  if (facts) entry.facts ??= facts;
  return isWanted;
}
