/** How the server talks in Node: over IPC when VS Code starts it, over standard input and output for other editors. */
import { open, readFile } from 'node:fs/promises';
import module from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Connection } from 'vscode-languageserver';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { countMessages } from './lsp/turns/quiet';
import type { Beginning } from './lsp/documents/readText';
import type { ServerHost } from './lsp/startServer';

/** What Node brings to the server: the files beside the bundle, and the user's. */
export const nodeHost: ServerHost = {
  readSchemaComments: () => readFile(path.join(__dirname, 'schemaComments.json'), 'utf8'),
  readFile: readTextFile,
};

/** By then the first document is read, and so the code for that is compiled, too. */
const COMPILED_MILLISECONDS = 10_000;

/**
 * Keeps the compiled code where the environment names a folder for it (`NODE_COMPILE_CACHE`, Node 22.10 and newer). Node does so by itself at a
 * clean end only, and servers are killed as often as not.
 */
export function keepCompiledCode(): void {
  const { flushCompileCache } = module as { flushCompileCache?: () => void };
  if (flushCompileCache && process.env['NODE_COMPILE_CACHE'] !== undefined) setTimeout(flushCompileCache, COMPILED_MILLISECONDS).unref();
}

async function readTextFile(uri: string, beginning?: Beginning): Promise<string | undefined> {
  const file = await open(fileURLToPath(uri));
  try {
    if (beginning) {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(beginning.length), position: 0 });
      if (!beginning.isWanted(new TextDecoder().decode(buffer.subarray(0, bytesRead)))) return undefined;
    }
    return new TextDecoder().decode(await file.readFile());
  } finally {
    await file.close();
  }
}

/** By the arguments of the process; without any that an editor gives, standard input and output. */
export function connectInNode(): Connection {
  const isGiven = process.argv.some((arg) => /^--(?:node-ipc$|clientProcessId|pipe=|socket=)/.test(arg));
  const options = { messageStrategy: countMessages };
  if (isGiven) return createConnection(ProposedFeatures.all, options);
  return createConnection(ProposedFeatures.all, process.stdin, process.stdout, options);
}
