/** The entry of the desktop and of remote windows: the server is a Node process of its own. */
import { open } from 'node:fs/promises';
import { Uri, type ExtensionContext } from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { SNIFFED_LENGTH } from '../../server/src/protocol/sniffConfiguration';
import { activate as activateShared } from './activate';

export { deactivate } from './activate';

export function activate(context: ExtensionContext): void {
  activateShared(context, { createClient: (options) => createClient(context, options), peekFile });
}

/** Reads what is needed to tell files of ours from others. */
async function peekFile(path: string): Promise<{ beginning: string; size: number }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(SNIFFED_LENGTH), position: 0 });
    return { beginning: new TextDecoder().decode(buffer.subarray(0, bytesRead)), size };
  } finally {
    await file.close();
  }
}

/** The client's code is loaded when the first document of ours needs it: most windows have none. */
async function createClient(context: ExtensionContext, options: LanguageClientOptions): Promise<BaseLanguageClient> {
  const { LanguageClient, TransportKind } = await import('./languageClient.node');
  const module = Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath;
  // The server's code, compiled once and kept (Node 22 and newer): it starts in half the time.
  const env = { NODE_COMPILE_CACHE: Uri.joinPath(context.globalStorageUri, 'compiled').fsPath };
  const run = { module, transport: TransportKind.ipc, options: { env } };
  const debug = { ...run, options: { env, execArgv: ['--nolazy', '--inspect=6019'] } };
  return new LanguageClient('envoyLens', 'Envoy Lens', { run, debug }, options);
}
