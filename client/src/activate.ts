/** What the extension does in Node and in the browser alike: wait for a document of ours, then run the language server and offer the commands. */
import * as vscode from 'vscode';
import { rememberColumn } from './activeDocument';
import { registerCommands } from './commands/registerCommands';
import { createLanguageServer, type CreateClient } from './languageServer';
import { offerLanguage } from './offerLanguage';
import { sniffDocument } from './sniffDocument';
import { offerStarters } from './starters/offerStarters';
import { createTracePanel } from './traceView/tracePanel';
import { watchTabs, type PeekFile } from './watchTabs';
import { createProxyStatus } from './views/proxyStatus';
import { trackActiveConfiguration } from './views/trackActiveConfiguration';
import { isConfigurationLanguage } from './documentSelector';

/** What Node and the browser do differently. */
export interface Surroundings {
  readonly createClient: CreateClient;
  /** Undefined where there is no disk. */
  readonly peekFile?: PeekFile;
}

let end: (() => Promise<void>) | undefined;

/** VS Code waits for this, unlike for what it disposes of: the server says goodbye, and the log stays open until it has. */
export async function deactivate(): Promise<void> {
  await end?.();
}

/** Starts nothing but cheap listeners: the server runs once a document looks like ours, or when a command asks for it. */
export function activate(context: vscode.ExtensionContext, { createClient, peekFile }: Surroundings): void {
  const output = vscode.window.createOutputChannel('Envoy Lens', { log: true });
  const server = createLanguageServer(createClient, { outputChannel: output, extensionUri: context.extensionUri });
  const tracePanel = createTracePanel(context.extensionUri, server);
  end = async () => {
    await server.dispose();
    output.dispose();
  };
  context.subscriptions.push(rememberColumn(), tracePanel, createProxyStatus(server), trackActiveConfiguration());
  context.subscriptions.push(...registerCommands({ server, tracePanel, output, memory: context.workspaceState }));
  context.subscriptions.push(offerStarters(), offerLanguage());
  context.subscriptions.push(startOnFirstConfiguration(() => void server.start()));
  if (peekFile) context.subscriptions.push(watchTabs(peekFile, (uri, size) => void server.expect(uri, size)));
}

/** Calls `start` once, when a document that is open, opened or typed looks like ours. */
function startOnFirstConfiguration(start: () => void): vscode.Disposable {
  const listeners: vscode.Disposable[] = [];
  const stop = () => {
    for (const listener of listeners.splice(0)) listener.dispose();
  };
  const look = (document: vscode.TextDocument) => {
    if (!isConfigurationLanguage(document.languageId) || !sniffDocument(document)) return false;
    stop();
    start();
    return true;
  };
  if (!vscode.workspace.textDocuments.some(look)) {
    listeners.push(
      vscode.workspace.onDidOpenTextDocument(look),
      vscode.workspace.onDidChangeTextDocument((event) => look(event.document)),
    );
  }
  return new vscode.Disposable(stop);
}
