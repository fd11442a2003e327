/** How the server talks in a web worker (vscode.dev). */
import type { Connection } from 'vscode-languageserver';
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { countMessages } from './lsp/turns/quiet';
import type { ServerHost } from './lsp/startServer';

/** The worker's own scope, as far as it is used here. */
declare const self: MessagePort & { readonly location: { readonly href: string } };

/** What the worker brings to the server: the files beside its script. */
export const workerHost: ServerHost = {
  readSchemaComments: async () => (await fetch(new URL('schemaComments.json', self.location.href))).text(),
};

export function connectInWorker(): Connection {
  return createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self), { messageStrategy: countMessages });
}
