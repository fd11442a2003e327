/** The entry of VS Code in the browser: the server is a web worker. */
import { Uri, workspace, type ExtensionContext } from 'vscode';
import type { MessageTransports } from 'vscode-languageclient/browser';
import { activate as activateShared } from './activate';

export { deactivate } from './activate';

export function activate(context: ExtensionContext): void {
  const script = Uri.joinPath(context.extensionUri, 'dist', 'server.js');
  // The client's code is run when the first document of ours needs it: most windows have none.
  activateShared(context, {
    createClient: async (options) => {
      const { LanguageClient, State } = await import('vscode-languageclient/browser');
      let worker: Worker | undefined;
      const connect = async () => transportsOf((worker = await startWorker(script)));
      const client = new LanguageClient('envoyLens', 'Envoy Lens', connect, options);
      // Unlike a process, a worker does not end by itself.
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Stopped) worker?.terminate();
      });
      return client;
    },
  });
}

/** Reader and writer, not the worker itself: VS Code's own class for workers makes workers that are no instances of it. */
async function transportsOf(worker: Worker): Promise<MessageTransports> {
  const { BrowserMessageReader, BrowserMessageWriter } = await import('vscode-languageclient/browser');
  return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
}

/** VS Code refuses to make a worker of a script that lies on a remote; that one is read and handed over as text. */
async function startWorker(script: Uri): Promise<Worker> {
  if (script.scheme !== 'vscode-remote') return new Worker(script.toString(true));
  const bytes = await workspace.fs.readFile(script);
  const url = URL.createObjectURL(new Blob([bytes.slice()], { type: 'text/javascript' }));
  return new Worker(url);
}
