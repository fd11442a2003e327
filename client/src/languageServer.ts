/** The language server as the commands and views see it: started when first needed, asked by method name. */
import * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { configurationFiles, documentSelector } from './documentSelector';
import { FileNotifications, WORTH_READING, type WillOpenFileParams } from '../../server/src/protocol/openFiles';
import { answerFileRequests } from './answerFileRequests';
import { openWithoutText } from './openWithoutText';

/** Makes a client that is not yet started: the one thing that differs between Node and the browser. */
export type CreateClient = (options: LanguageClientOptions) => Promise<BaseLanguageClient>;

export interface LanguageServer {
  /** Fires when the server has started, or started again. */
  readonly onDidStart: vscode.Event<void>;
  /** True once it has started; commands may start it, views must not. */
  readonly isRunning: boolean;
  /** Starts it unless it runs already. */
  start(): Promise<BaseLanguageClient>;
  /** A file of ours will be opened shortly: starts the server, which reads a large one meanwhile. `size`: in bytes. */
  expect(uri: vscode.Uri, size: number): Promise<void>;
  restart(): Promise<void>;
  /** Sends a request, starting the server if need be. Rejects with the server's error. */
  request<Result>(method: string, params: object, token?: vscode.CancellationToken): Promise<Result>;
  dispose(): void;
}

/** What the extension brings with it. */
export interface Surroundings {
  readonly outputChannel: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
}

export function createLanguageServer(createClient: CreateClient, surroundings: Surroundings): LanguageServer {
  const { outputChannel } = surroundings;
  const started = new vscode.EventEmitter<void>();
  let starting: Promise<BaseLanguageClient> | undefined;
  let running: BaseLanguageClient | undefined;
  /** One for all servers that are started: clients do not dispose of theirs. */
  let watcher: vscode.FileSystemWatcher | undefined;

  const launch = async () => {
    const opening = openWithoutText();
    watcher ??= vscode.workspace.createFileSystemWatcher(configurationFiles);
    const client = await createClient({ ...clientOptions(surroundings, watcher), middleware: opening.middleware });
    opening.serve(client);
    answerFileRequests(client);
    await client.start();
    running = client;
    started.fire();
    return client;
  };
  const start = () => {
    // A start that failed is tried again by the next command.
    starting ??= launch().catch((error: unknown) => {
      starting = undefined;
      outputChannel.error(`The language server did not start: ${String(error)}`);
      throw error;
    });
    return starting;
  };
  const stop = async () => {
    const client = await starting?.catch(() => undefined);
    starting = running = undefined;
    // A server that hangs does not say goodbye: it is killed all the same, and another can be started.
    await client?.dispose().catch((error: unknown) => outputChannel.warn(String(error)));
  };
  return {
    onDidStart: started.event,
    get isRunning() {
      return running?.isRunning() ?? false;
    },
    start,
    async expect(uri, size) {
      // A start that failed is in the log.
      const client = await start().catch(() => undefined);
      const params: WillOpenFileParams = { uri: uri.toString() };
      if (size >= WORTH_READING) await client?.sendNotification(FileNotifications.willOpenFile, params);
    },
    async restart() {
      await stop();
      await start();
    },
    async request(method, params, token) {
      let client = await start();
      // It crashed so often that it stays down: who asks for something starts another.
      if (client.needsStart()) {
        await stop();
        client = await start();
      }
      // An absent token would be sent as a second parameter.
      return token ? client.sendRequest(method, params, token) : client.sendRequest(method, params);
    },
    dispose() {
      started.dispose();
      watcher?.dispose();
      void stop();
    },
  };
}

/** Settings are proxies, which cannot be posted to a worker: these are plain copies. */
interface InitialSettings {
  readonly maxFiles: number;
  readonly diagnostics: Record<string, string>;
  readonly inlayHints: Record<string, boolean>;
}

function initialSettings(): InitialSettings {
  const settings = vscode.workspace.getConfiguration('envoyLens');
  return {
    maxFiles: settings.get('maxFiles', 500),
    diagnostics: { ...settings.get<Record<string, string>>('diagnostics') },
    inlayHints: { ...settings.get<Record<string, boolean>>('inlayHints') },
  };
}

function clientOptions({ outputChannel, extensionUri }: Surroundings, fileEvents: vscode.FileSystemWatcher): LanguageClientOptions {
  const diagnosticPages = vscode.Uri.joinPath(extensionUri, 'docs/diagnostics').toString();
  return {
    documentSelector,
    outputChannel,
    diagnosticCollectionName: 'envoyLens',
    initializationOptions: () => ({
      servesFiles: true,
      diagnosticPages,
      suggestCommand: 'editor.action.triggerSuggest',
      ...initialSettings(),
    }),
    synchronize: {
      configurationSection: 'envoyLens',
      fileEvents,
    },
    // A dump is hostile input, and so is what a hover quotes from it: no HTML, and of the command links only these.
    markdown: { isTrusted: { enabledCommands: ['envoyLens.traceFromHere', 'envoyLens.showReferences'] }, supportHtml: false },
  };
}
