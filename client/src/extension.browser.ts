/** The entry of VS Code in the browser: the server is a web worker. */
import { Uri, type ExtensionContext } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { activate as activateShared } from './activate';

export function activate(context: ExtensionContext): void {
  const script = Uri.joinPath(context.extensionUri, 'dist', 'server.browser.js').toString(true);
  activateShared(context, (options) => new LanguageClient('envoyLens', 'Envoy Lens', () => Promise.resolve(new Worker(script)), options));
}
