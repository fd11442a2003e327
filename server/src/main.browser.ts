/** The language server's entry in a web worker (vscode.dev). */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { startServer } from './lsp/startServer';

declare const self: DedicatedWorkerGlobalScope;

startServer(createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self)), {
  readSchemaComments: async () => (await fetch(new URL('schemaComments.json', self.location.href))).text(),
});
