/** How the server ends: what was asked a moment before gets through first, and whoever ends the extension waits for it. */
import { expect, test, vi } from 'vitest';
import type { BaseLanguageClient } from 'vscode-languageclient';

vi.mock('vscode', () => ({
  EventEmitter: class {
    fire = vi.fn();
    dispose = vi.fn();
  },
  Uri: { joinPath: () => ({ toString: () => 'file:///docs' }) },
  workspace: { createFileSystemWatcher: () => ({ dispose: vi.fn() }), textDocuments: [] },
}));

const { createLanguageServer } = await import('../../client/src/languageServer');

/** As the real one: on the way of a request through the client its end is an error. */
class Client {
  isDisposed = false;
  start = () => Promise.resolve();
  onNotification = vi.fn();
  onRequest = vi.fn();
  isRunning = () => !this.isDisposed;

  async ask(): Promise<string> {
    for (let step = 0; step < 10; step++) await this.start();
    if (this.isDisposed) throw new Error('Starting server failed');
    return 'sent';
  }

  dispose(): Promise<void> {
    this.isDisposed = true;
    return Promise.resolve();
  }
}

async function startServer(): Promise<{ server: ReturnType<typeof createLanguageServer>; client: Client }> {
  const client = new Client();
  const surroundings = { outputChannel: {} as never, extensionUri: {} as never };
  const server = createLanguageServer(() => Promise.resolve(client as unknown as BaseLanguageClient), surroundings);
  await server.start();
  return { server, client };
}

test('what was asked just before the end gets through', async () => {
  const { server, client } = await startServer();
  const ended = server.dispose();
  expect(await client.ask()).toBe('sent');
  await ended;
});

test('the end is awaited', async () => {
  const { server, client } = await startServer();
  await server.dispose();
  expect(client.isDisposed).toBe(true);
});
