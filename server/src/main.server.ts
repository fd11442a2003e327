/** The server's entry in VS Code, in Node and in a web worker alike: one bundle, of which each runs its own way to talk. */
import { startServer } from './lsp/startServer';

async function main(): Promise<void> {
  if ('process' in globalThis) {
    const { connectInNode, keepCompiledCode, nodeHost } = await import('./main.node');
    startServer(connectInNode(), nodeHost);
    keepCompiledCode();
  } else {
    const { connectInWorker, workerHost } = await import('./main.browser');
    startServer(connectInWorker(), workerHost);
  }
}

void main();
