/** The server as the extension ships it: a bundle for Node and browsers in one. */
import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from 'vscode-languageserver-protocol/node';

const root = path.resolve(import.meta.dirname, '../..');
let child: ChildProcessWithoutNullStreams;
let connection: ProtocolConnection;

beforeAll(() => {
  execFileSync(process.execPath, ['tools/build.mjs', '--only=server'], { cwd: root });
  child = spawn(process.execPath, [path.join(root, 'dist/server.js'), '--stdio']);
  connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.listen();
});

afterAll(() => {
  connection.dispose();
  child.kill();
});

test('refusals are errors with their codes, not results', async () => {
  const hover = () => connection.sendRequest('textDocument/hover', { textDocument: {} });
  await expect(hover()).rejects.toMatchObject({ code: -32002 });
  await connection.sendRequest('initialize', { processId: null, workspaceFolders: null, capabilities: {} });
  await expect(hover()).rejects.toMatchObject({ code: -32602 });
  await connection.sendNotification('initialized', {});
});
