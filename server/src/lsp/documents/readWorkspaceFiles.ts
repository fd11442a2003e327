/** Finds configurations among the workspace's files, which the client lists, so that a dump that is not open counts too. */
import {
  FileChangeType,
  type Connection,
  type FileEvent,
  type InitializeParams,
  type WorkDoneProgressServerReporter,
} from 'vscode-languageserver';
import { Requests, type FindFilesResult, type ReadFileResult } from '../../protocol/requests';
import { sniffConfiguration } from '../../protocol/sniffConfiguration';
import { delay } from '../turns/hostClock';
import type { ReadText } from './readText';
import type { Workspace } from './workspace';
import type { WorkspaceFolders } from './workspaceFolders';
import { fileNameOf } from '../../text/uriParts';
import { messageOfError } from '../../protocol/messageOfError';

export interface WorkspaceReading {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly folders: WorkspaceFolders;
  readonly initialization: InitializeParams | undefined;
  /** Of a file that was found, and so is not excluded. */
  readonly readText: ReadText;
  /** True for a document that is not open yet, but will be shortly. */
  isComing(uri: string): boolean;
  changed(): void;
}

export interface WorkspaceFiles {
  /** Looks for the files, in the background; again where folders come or go. */
  start(): void;
  /** The user wants so many at most, from now on: looks again where that is another number. */
  limitTo(maxFiles: number): void;
  /** The editor has closed a document: what the disk says counts, if it is a file of the workspace. */
  closed(uri: string): void;
  /** When the files are read, or after so much patience: a path may lead through a dump that lies on the disk. */
  settled(): Promise<unknown>;
}

const DEFAULT_LIMIT = 500;
/** What is done by then needs no progress on the screen. */
const PATIENCE_MILLISECONDS = 1_000;
/** A trace is not kept waiting for longer. */
const LONGEST_WAIT_MILLISECONDS = 10_000;

/** Reads files one after another, with progress where that takes long; other editors' clients know nothing of the requests and are left alone. */
export function makeWorkspaceFiles(reading: () => WorkspaceReading): WorkspaceFiles {
  // Open documents are known already; their files are read when they are closed.
  const postponed = new Set<string>();
  const listed = new Set<string>();
  const told = { ofLimit: false };
  let whole: Promise<unknown> = Promise.resolve();
  let options: FileOptions | undefined;
  const read = () => {
    const from = reading();
    options ??= readFileOptions(from.initialization?.initializationOptions);
    if (!options.servesFiles) return;
    whole = Promise.race([
      readWorkspaceFiles(from, { limit: options.maxFiles, postponed, listed, told }),
      delay(LONGEST_WAIT_MILLISECONDS),
    ]);
  };
  const reread = async (change: FileEvent) => {
    const isOneTooMany = !listed.has(change.uri) && listed.size >= (options?.maxFiles ?? 0);
    if (!options?.servesFiles || isOneTooMany) return;
    if (change.type === FileChangeType.Deleted) listed.delete(change.uri);
    else listed.add(change.uri);
    await rereadFile(reading(), change);
  };
  return {
    settled: () => whole,
    start() {
      const { connection, folders, changed } = reading();
      read();
      folders.onChange(read);
      connection.onDidChangeWatchedFiles(({ changes }) => {
        // Files that go make room for those that come, as in a renaming, where as many are read as may be.
        const isHere = ({ type }: FileEvent): number => Number(type !== FileChangeType.Deleted);
        const goingFirst = [...changes].sort((a, b) => isHere(a) - isHere(b));
        void Promise.all(goingFirst.map(reread)).then(changed);
      });
    },
    limitTo(maxFiles) {
      if (!options || options.maxFiles === maxFiles) return;
      options = { ...options, maxFiles };
      read();
    },
    closed(uri) {
      if (!postponed.delete(uri)) return;
      const { workspace, readText, changed } = reading();
      void readFile(workspace, readText, uri).then(changed, () => undefined);
    },
  };
}

interface Looking {
  /** So many files at most. */
  readonly limit: number;
  readonly postponed: Set<string>;
  /** The files of the time before, which are not read again. */
  readonly listed: Set<string>;
  /** What the user has been told once. */
  readonly told: { ofLimit: boolean };
}

async function readWorkspaceFiles(reading: WorkspaceReading, { limit, postponed, listed, told }: Looking): Promise<void> {
  const { connection, workspace, changed } = reading;
  try {
    const { uris, truncated } = limit === 0 ? NO_FILES : await connection.sendRequest<FindFilesResult>(Requests.findFiles, { limit });
    const added = uris.filter((uri) => !listed.has(uri));
    const found = new Set(uris);
    const gone = [...listed].filter((uri) => !found.has(uri));
    for (const uri of added) listed.add(uri);
    for (const uri of gone) {
      listed.delete(uri);
      postponed.delete(uri);
      workspace.setFile(uri, undefined);
    }
    if ((await readAll(reading, added, { postponed, listed })) + gone.length > 0) changed();
    if (truncated) await tellOfLimit(reading, uris.length, told);
  } catch (error) {
    connection.console.warn(`the workspace's files were not read: ${messageOfError(error)}`);
  }
}

/** Once, and to nobody whose workspace is about other things. */
async function tellOfLimit({ connection, workspace }: WorkspaceReading, count: number, told: Looking['told']): Promise<void> {
  const message = `Envoy Lens reads only ${count} files of this workspace: names that others define are not found. The setting envoyLens.maxFiles says how many.`;
  connection.console.info(message);
  if (told.ofLimit) return;
  await workspace.settle();
  const isOurs = [...workspace.snapshot().documents.values()].some(({ parts }) => parts.length > 0);
  if (told.ofLimit || !isOurs) return;
  told.ofLimit = true;
  connection.window.showInformationMessage(message);
}

const NO_FILES: FindFilesResult = { uris: [], truncated: false };

/** How many are ours. The user may end it; then what was read by then counts. */
async function readAll(
  reading: WorkspaceReading,
  uris: readonly string[],
  { postponed, listed }: Pick<Looking, 'postponed' | 'listed'>,
): Promise<number> {
  const { connection, workspace, initialization, readText, isComing } = reading;
  const patience = Date.now() + PATIENCE_MILLISECONDS;
  const canShow = initialization?.capabilities.window?.workDoneProgress === true;
  let progress: WorkDoneProgressServerReporter | undefined;
  let found = 0;
  for (const [index, uri] of uris.entries()) {
    if (canShow && !progress && Date.now() > patience) {
      progress = await connection.window.createWorkDoneProgress();
      progress.begin('Envoy Lens', 0, undefined, true);
    }
    progress?.report((100 * index) / uris.length, fileNameOf(uri));
    if (progress?.token.isCancellationRequested) break;
    // Meanwhile its folder went, or fewer files are wanted.
    if (!listed.has(uri)) continue;
    if (workspace.isOpen(uri) || isComing(uri)) postponed.add(uri);
    else if (await readFile(workspace, readText, uri)) found++;
  }
  progress?.done();
  return found;
}

async function rereadFile({ connection, workspace }: WorkspaceReading, { uri, type }: FileEvent): Promise<void> {
  if (type === FileChangeType.Deleted) workspace.setFile(uri, undefined);
  // The client knows whether a file that was just written is excluded.
  else await readFile(workspace, (params) => connection.sendRequest<ReadFileResult>(Requests.readFile, params), uri);
}

/** True when the file is one of ours. */
async function readFile(workspace: Workspace, readText: ReadText, uri: string): Promise<boolean> {
  const answer = await readText({ uri, onlyConfigurations: true });
  if ('error' in answer || !sniffConfiguration(answer.text)) {
    workspace.setFile(uri, undefined);
    return false;
  }
  workspace.setFile(uri, answer.text);
  return true;
}

export interface FileOptions {
  /** The client answers our file requests; other editors' clients know nothing of them. */
  readonly servesFiles: boolean;
  /** `envoyLens.maxFiles` */
  readonly maxFiles: number;
}

/** Of the initialization options, or of a configuration change (which says nothing of `servesFiles`); anything else is ignored. */
export function readFileOptions(options: unknown): FileOptions {
  const given = typeof options === 'object' && options !== null ? options : {};
  const servesFiles = 'servesFiles' in given && given.servesFiles === true;
  const maxFiles = 'maxFiles' in given && typeof given.maxFiles === 'number' ? given.maxFiles : DEFAULT_LIMIT;
  return { servesFiles, maxFiles };
}
