/** The language server's entry in Node: over IPC when VS Code starts it, over standard input and output for other editors. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer, type ServerHost } from './lsp/startServer';

const host: ServerHost = { readSchemaComments: () => readFile(path.join(__dirname, 'schemaComments.json'), 'utf8') };

/** The server on standard input and output (`envoy-lens lsp --stdio`). */
export function startStdioServer(): void {
  startServer(createConnection(ProposedFeatures.all, process.stdin, process.stdout), host);
}

// Started as a module of its own, not bundled into the command line.
if (
  process.argv.some(
    (arg) => arg === '--node-ipc' || arg.startsWith('--clientProcessId') || arg.startsWith('--pipe=') || arg.startsWith('--socket='),
  )
)
  startServer(createConnection(ProposedFeatures.all), host);
else if (process.argv.includes('--stdio') && !process.argv.includes('lsp')) startStdioServer();
