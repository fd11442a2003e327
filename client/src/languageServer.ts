/** The language server as the commands and views see it: started when first needed, asked by method name. */
import * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { clientOptions, type Surroundings } from './clientOptions';
import { configurationFiles } from './documentSelector';
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
  /** Done when the server has stopped. */
  dispose(): Promise<void>;
}

export function createLanguageServer(createClient: CreateClient, surroundings: Surroundings): LanguageServer {
  const started = new vscode.EventEmitter<void>();
  const { start, stop, dispose, running } = makeLifeCycle(createClient, surroundings, () => started.fire());
  return {
    onDidStart: started.event,
    get isRunning() {
      return running()?.isRunning() ?? false;
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
      return dispose();
    },
  };
}

interface LifeCycle {
  start(): Promise<BaseLanguageClient>;
  stop(): Promise<void>;
  dispose(): Promise<void>;
  /** The client whose server has started. */
  running(): BaseLanguageClient | undefined;
}

/** One client at a time, which may be replaced by another. */
function makeLifeCycle(createClient: CreateClient, surroundings: Surroundings, tellStarted: () => void): LifeCycle {
  const { outputChannel } = surroundings;
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
    tellStarted();
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
    // What VS Code has just asked is still on its way through the client, which would take its own end for an error of the server.
    await new Promise((letThrough) => setTimeout(letThrough, 0));
    // A server that hangs does not say goodbye: it is killed all the same, and another can be started.
    await client?.dispose().catch((error: unknown) => outputChannel.warn(String(error)));
  };
  const dispose = () => {
    watcher?.dispose();
    return stop();
  };
  return { start, stop, dispose, running: () => running };
}
