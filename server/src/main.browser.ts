/** The language server's entry in a web worker (vscode.dev). */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { startServer } from './lsp/startServer';

/** The worker's own scope, as far as it is used here. */
declare const self: MessagePort & { readonly location: { readonly href: string } };

startServer(createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self)), {
  readSchemaComments: async () => (await fetch(new URL('schemaComments.json', self.location.href))).text(),
});
