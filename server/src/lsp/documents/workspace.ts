/** The documents the server knows (open in the editor, found on disk) and the snapshot of them: made anew when asked for after a change. */
import { joinDocuments } from '../../index/buildSnapshot';
import type { DocumentFacts, SourceText } from '../../index/documentFacts';
import { finish, type Steps } from '../../text/steps';
import { editText } from '../../text/text';
import type { LinedEdit } from '../../text/lineIndex';
import { memoizeByObject } from '../../text/memoizeByObject';
import { isOtherVersion } from './otherVersions';
import { takeSteps } from '../turns/takeSteps';
import { editDocument, readDocumentInSteps } from '../../index/readDocumentFacts';
import type { Snapshot } from '../../index/snapshot';

export interface Workspace {
  /** A document is about to be opened: it is read in the background, and in no snapshot before `open` with the same text. */
  prepare(source: SourceText): void;
  /** Nobody opened it. */
  forget(uri: string): void;
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
  /**
   * All documents joined; only what has changed is read again. What is not read yet is read now, at once. For the `uri` of another version of
   * a file: that one alone, which no other snapshot has.
   */
  snapshot(uri?: string): Snapshot;
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
  readonly reading: Reading;
}

/** What is known of a text; those who have the same text share it. */
interface Reading {
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
  const prepared = new Map<string, Entry>();
  const open = new Map<string, Entry & { readonly version: number }>();
  let joined: Snapshot | undefined;
  const entries = () => [...[...files.values()].filter(({ source }) => !open.has(source.uri)), ...open.values()];
  const factsOf = ({ source, reading }: Entry) => reading.facts ?? finish((reading.steps ??= readText(source, reading)));
  const snapshot = (uri = ''): Snapshot => {
    const other = isOtherVersion(uri) ? open.get(uri) : undefined;
    return other ? alone(factsOf(other)) : (joined ??= joinDocuments(entries().filter(isJoined).map(factsOf)));
  };
  const isWanted = ({ source: { uri }, reading }: Entry) =>
    (open.get(uri) ?? files.get(uri))?.reading === reading || prepared.get(uri)?.reading === reading;
  return {
    prepare(source) {
      const entry = { source, reading: {} };
      prepared.set(source.uri, entry);
      void readInSlices(entry, {}, isWanted);
    },
    forget(uri) {
      prepared.delete(uri);
    },
    open({ version, ...source }) {
      const known = [open, prepared, files].map((each) => each.get(source.uri)).find((each) => each && isSameText(each.source, source));
      const reading = known?.reading ?? {};
      if (!reading.facts || joined?.documents.get(source.uri) !== reading.facts) joined = undefined;
      prepared.delete(source.uri);
      open.set(source.uri, { source, version, reading });
    },
    edit(uri, version, edits) {
      const known = open.get(uri);
      if (!known) return;
      open.set(uri, { ...editEntry(known, edits), version });
      joined = undefined;
    },
    close(uri) {
      if (open.delete(uri)) joined = undefined;
    },
    setFile(uri, text) {
      if (text === undefined) files.delete(uri);
      else files.set(uri, { source: { uri, text }, reading: {} });
      if (!open.has(uri)) joined = undefined;
    },
    isOpen: (uri) => open.has(uri),
    openUris: () => [...open.keys()],
    version: (uri) => open.get(uri)?.version,
    lineOf: (uri, line) => lineOf(snapshot(uri).documents.get(uri), line),
    snapshot,
    async settle(watch = {}) {
      const unread = () => entries().find(({ reading }) => !reading.facts);
      // A change while one is being read puts another in its place: then that one is read.
      for (let entry = unread(); entry; entry = unread()) if (!(await readInSlices(entry, watch, isWanted))) return;
    },
  };
}

const alone = memoizeByObject((facts: DocumentFacts) => joinDocuments([facts]));
const isJoined = ({ source }: Entry): boolean => !isOtherVersion(source.uri);

/** What was read before is kept beside the edits since, unless they are too many. */
function editEntry({ source, reading }: Entry, edits: readonly LinedEdit[]): Entry {
  const text = edits.reduce((before, edit) => edit.after?.text ?? editText(before, edit), source.text);
  const before = reading.facts
    ? { facts: reading.facts, edits }
    : reading.before && { ...reading.before, edits: [...reading.before.edits, ...edits] };
  return { source: { ...source, text }, reading: before && before.edits.length <= MAX_EDITS ? { before } : {} };
}

/** Without its end; '' where there is none. */
function lineOf(document: DocumentFacts | undefined, line: number): string {
  if (!document) return '';
  const { text, lines } = document.tree;
  return text.slice(lines.offsetAt({ line, column: 0 }), lines.offsetAt({ line, column: Infinity }));
}

function isSameText(a: SourceText, b: SourceText): boolean {
  return a.text.length === b.text.length && (a.text === b.text || String(a.text) === String(b.text));
}

/** From the state before, where its edits allow it. */
function* readText(source: SourceText, reading: Reading): Steps<DocumentFacts> {
  const { before } = reading;
  let facts = before?.facts;
  for (const edit of before?.edits ?? []) facts = facts && editDocument(facts, edit);
  return (reading.facts = facts ?? (yield* readDocumentInSteps(source)));
}

/** False where nobody waits any more. */
async function readInSlices({ source, reading }: Entry, watch: ReadingWatch, isWanted: (entry: Entry) => boolean): Promise<boolean> {
  let isAwaited = true;
  await takeSteps((reading.steps ??= readText(source, reading)), (share) => {
    watch.reading?.(source.uri, share);
    isAwaited = !watch.isCancelled?.();
    // Another one who waits may have read it to the end meanwhile.
    return isAwaited && isWanted({ source, reading }) && !reading.facts;
  });
  return isAwaited;
}
