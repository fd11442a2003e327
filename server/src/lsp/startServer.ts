/** The language server: capabilities, document events, and one line a feature. */
import { type Connection, type InitializeParams, type InitializeResult } from 'vscode-languageserver';
import { answerRequests } from './answerRequests';
import { answerCustomRequests } from './answerCustomRequests';
import { CAPABILITIES } from './capabilities';
import { makeGuard } from './guard';
import { publishDiagnostics } from './publishDiagnostics';
import { readWorkspaceFiles } from './readWorkspaceFiles';
import { readSettings } from './settings';
import { trackDocuments } from './trackDocuments';
import { makeWorkspace } from './workspace';

/** Wires a connection and listens. */
export function startServer(connection: Connection): void {
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
  answerRequests(connection, workspace, guard);
  answerCustomRequests(connection, workspace, guard);
  connection.onInitialized(() => {
    void readWorkspaceFiles({ connection, workspace, initialization, changed: () => diagnostics.refresh() });
  });
  connection.listen();
}

/** Clients send `{envoyLens: {…}}`. */
function sectionOf(given: unknown): unknown {
  return typeof given === 'object' && given !== null && 'envoyLens' in given ? given.envoyLens : given;
}
