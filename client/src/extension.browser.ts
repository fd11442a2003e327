/** The entry of VS Code in the browser: the server is a web worker. */
import { Uri, workspace, type ExtensionContext } from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient, type MessageTransports } from 'vscode-languageclient/browser';
import { activate as activateShared } from './activate';

export function activate(context: ExtensionContext): void {
  const script = Uri.joinPath(context.extensionUri, 'dist', 'server.js');
  activateShared(context, (options) => new LanguageClient('envoyLens', 'Envoy Lens', () => connect(script), options));
}

/** Reader and writer, not the worker itself: VS Code's own class for workers makes workers that are no instances of it. */
async function connect(script: Uri): Promise<MessageTransports> {
  const worker = await startWorker(script);
  return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
}

/** VS Code refuses to make a worker of a script that lies on a remote; that one is read and handed over as text. */
async function startWorker(script: Uri): Promise<Worker> {
  if (script.scheme !== 'vscode-remote') return new Worker(script.toString(true));
  const bytes = await workspace.fs.readFile(script);
  const url = URL.createObjectURL(new Blob([bytes.slice()], { type: 'text/javascript' }));
  return new Worker(url);
}
