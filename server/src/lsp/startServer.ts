/** The language server: capabilities, document events, and one line a feature. */
import { PositionEncodingKind, type Connection, type InitializeParams, type InitializeResult } from 'vscode-languageserver';
import { answerRequests } from './requests/answerRequests';
import { answerCustomRequests } from './requests/answerCustomRequests';
import { makeArrivals } from './documents/arrivals';
import { capabilitiesFor } from './capabilities';
import { makeFindProblems } from './diagnostics/findProblems';
import { makeGuard, type Guard } from './requests/guard';
import { keepDocuments } from './documents/keepDocuments';
import { choosePositionEncoding, makePositionCodec } from './documents/positionEncoding';
import { answerDiagnostics, publishDiagnostics, type Publishing } from './diagnostics/publishDiagnostics';
import { makeHiddenDocumentReader } from './documents/readHiddenDocument';
import { makeCertificateReader } from './documents/readCertificateFile';
import { makeReadText, type ReadFile } from './documents/readText';
import { readFileOptions } from './documents/readWorkspaceFiles';
import { noSchemaComments, readSchemaComments, type SchemaComments } from '../schema/table/schemaComments';
import { readSettings } from './settings';
import { makeSettle } from './documents/settleWorkspace';
import { VERSION } from '../protocol/version';
import { makeWorkspace, type Workspace } from './documents/workspace';
import { makeWorkspaceFolders } from './documents/workspaceFolders';

/** What the server's surroundings bring. */
export interface ServerHost {
  /** The text of dist/schemaComments.json; rejects where it is not there (then hovers say less). */
  readSchemaComments(): Promise<string>;
  /** Undefined where there is no disk. */
  readonly readFile?: ReadFile;
}

/** Wires a connection and listens. */
export function startServer(connection: Connection, host: ServerHost): void {
  const workspace = makeWorkspace();
  const said: SaidByClient = {
    initialization: undefined,
    settings: readSettings(undefined),
    positions: makePositionCodec(PositionEncodingKind.UTF16, workspace.lineOf),
  };
  const client = () => said.initialization?.capabilities;
  const arrivals = makeArrivals();
  const settle = makeSettle({ connection, workspace, arrivals, client });
  const guard = makeGuard(connection, settle);
  answerLifecycle(connection, said, { guard, workspace, hasDisk: host.readFile !== undefined });
  const shared = {
    connection,
    workspace,
    guard,
    settings: () => said.settings,
    positions: () => said.positions,
    client,
    findProblems: makeFindProblems(workspace),
  };
  const publishing: Publishing = { ...shared, settle };
  const diagnostics = publishDiagnostics(publishing);
  answerDiagnostics(publishing, guard);
  const readText = makeReadText(connection, host.readFile);
  const folders = makeWorkspaceFolders(connection, () => said.initialization);
  const files = keepDocuments({
    ...shared,
    folders,
    arrivals,
    readText,
    readFile: host.readFile,
    initialization: () => said.initialization,
    changed: diagnostics.refresh,
  });
  watchSettings(connection, said, (given) => {
    diagnostics.refresh('other');
    files.limitTo(readFileOptions(given).maxFiles);
  });
  const servesFiles = () => readFileOptions(said.initialization?.initializationOptions).servesFiles;
  answerRequests({
    ...shared,
    comments: makeCommentReader(connection, host),
    readCertificateFile: makeCertificateReader({ readFile: host.readFile, readText, servesFiles, folders: folders.uris }),
  });
  answerCustomRequests({
    ...shared,
    readHidden: makeHiddenDocumentReader({ connection, workspace, readText, servesFiles }),
    filesRead: files.settled,
  });
  connection.onInitialized(files.start);
  connection.listen();
}

/** What the client tells of itself, at the beginning and later. */
interface SaidByClient {
  initialization: InitializeParams | undefined;
  settings: ReturnType<typeof readSettings>;
  positions: ReturnType<typeof makePositionCodec>;
}

/** The first request and the last. */
function answerLifecycle(
  connection: Connection,
  said: SaidByClient,
  { guard, workspace, hasDisk }: { guard: Guard; workspace: Workspace; hasDisk: boolean },
): void {
  connection.onInitialize((params): InitializeResult => {
    said.initialization = params;
    said.settings = readSettings(params.initializationOptions);
    said.positions = makePositionCodec(choosePositionEncoding(params.capabilities), workspace.lineOf);
    guard.setPhase('running');
    return { capabilities: capabilitiesFor(params.capabilities, hasDisk), serverInfo: { name: 'envoy-lens', version: VERSION } };
  });
  connection.onShutdown(() => {
    guard.setPhase('shut down');
  });
}

/** What a client says once, when it starts the server, stays. */
function watchSettings(connection: Connection, said: SaidByClient, changed: (section: unknown) => void): void {
  connection.onDidChangeConfiguration(({ settings: given }: { settings: unknown }) => {
    const { diagnosticPages, suggestCommand } = said.settings;
    const section = sectionOf(given);
    said.settings = { ...readSettings(section), diagnosticPages, suggestCommand };
    if (said.initialization?.capabilities.workspace?.inlayHint?.refreshSupport)
      void connection.languages.inlayHint.refresh().catch(() => undefined);
    changed(section);
  });
}

/** Read when first asked for. */
function makeCommentReader(connection: Connection, host: ServerHost): () => Promise<SchemaComments> {
  let comments: Promise<SchemaComments> | undefined;
  return () =>
    (comments ??= host.readSchemaComments().then(readSchemaComments, (error: unknown) => {
      connection.console.warn(`the comments of the API are not there: ${String(error)}`);
      return noSchemaComments;
    }));
}

/** Clients send `{envoyLens: {…}}`. */
function sectionOf(given: unknown): unknown {
  return typeof given === 'object' && given !== null && 'envoyLens' in given ? given.envoyLens : given;
}
