/** The language server: capabilities, document events, and one line a feature. */
import { type Connection, type InitializeParams, type InitializeResult } from 'vscode-languageserver';
import { answerRequests } from './answerRequests';
import { answerCustomRequests } from './answerCustomRequests';
import { CAPABILITIES } from './capabilities';
import { makeGuard } from './guard';
import { publishDiagnostics } from './publishDiagnostics';
import { readWorkspaceFiles } from './readWorkspaceFiles';
import { noSchemaComments, readSchemaComments, type SchemaComments } from '../schema/schemaComments';
import { readSettings } from './settings';
import { trackDocuments } from './trackDocuments';
import { makeWorkspace } from './workspace';

/** What the server's surroundings bring. */
export interface ServerHost {
  /** The text of dist/schemaComments.json; rejects where it is not there (then hovers say less). */
  readSchemaComments(): Promise<string>;
}

/** Wires a connection and listens. */
export function startServer(connection: Connection, host: ServerHost): void {
  const workspace = makeWorkspace();
  const guard = makeGuard(connection);
  let initialization: InitializeParams | undefined;
  let settings = readSettings(undefined);
  connection.onInitialize((params): InitializeResult => {
    initialization = params;
    settings = readSettings(params.initializationOptions);
    return { capabilities: CAPABILITIES, serverInfo: { name: 'envoy-lens' } };
  });
  const diagnostics = publishDiagnostics(connection, workspace, () => settings);
  connection.onDidChangeConfiguration(({ settings: given }: { settings: unknown }) => {
    settings = readSettings(sectionOf(given));
    diagnostics.refresh();
  });
  trackDocuments(connection, workspace, () => diagnostics.refresh());
  answerRequests({ connection, workspace, guard, comments: makeCommentReader(connection, host) });
  answerCustomRequests(connection, workspace, guard);
  connection.onInitialized(() => {
    void readWorkspaceFiles({ connection, workspace, initialization, changed: () => diagnostics.refresh() });
  });
  connection.listen();
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
