/** The language server as any editor runs it: a process, LSP over standard input and output. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createProtocolConnection,
  DefinitionRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentSymbolRequest,
  HoverRequest,
  InitializeRequest,
  InitializedNotification,
  PublishDiagnosticsNotification,
  ReferencesRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  WorkspaceSymbolRequest,
  type InitializeResult,
  type LocationLink,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol/node';
import { Requests, type ImpliedRequestResult, type ListResourcesResult } from '../../server/src/protocol/requests';
import { VERSION } from '../../server/src/protocol/version';
import type { Trace } from '../../server/src/protocol/trace';
import { buildServer } from './buildServer';

const root = path.resolve(import.meta.dirname, '../..');
const sample = path.join(root, 'samples/static-weights/envoy.yaml');
const uri = 'untitled:envoy.yaml';
const text = fs.readFileSync(sample, 'utf8');

let child: ChildProcessWithoutNullStreams;
let connection: ProtocolConnection;
const diagnostics: PublishDiagnosticsParams[] = [];

beforeAll(async () => {
  const bundle = await buildServer('cli');
  child = spawn(process.execPath, [bundle, 'lsp', '--stdio']);
  connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.onNotification(PublishDiagnosticsNotification.method, (params: PublishDiagnosticsParams) => {
    diagnostics.push(params);
  });
  connection.listen();
});

afterAll(() => {
  connection.dispose();
  child.kill();
});

/** The place of the nth occurrence of a word, a little inside it. */
function positionOf(word: string, occurrence = 1, inText = text): { line: number; character: number } {
  let at = -1;
  for (let count = 0; count < occurrence; count++) at = inText.indexOf(word, at + 1);
  if (at < 0) throw new Error(`${word} is not in the sample`);
  const before = inText.slice(0, at + 1).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

const at = (word: string, occurrence?: number) => ({ textDocument: { uri }, position: positionOf(word, occurrence) });

describe('a session', () => {
  test('initialize says what the server can do', async () => {
    const { capabilities, serverInfo } = await connection.sendRequest<InitializeResult>(InitializeRequest.method, {
      processId: null,
      workspaceFolders: null,
      capabilities: {},
    });
    expect(serverInfo).toEqual({ name: 'envoy-lens', version: VERSION });
    expect(capabilities).toMatchObject({ definitionProvider: true, hoverProvider: true, codeLensProvider: { resolveProvider: true } });
    await connection.sendNotification(InitializedNotification.type, {});
    await connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'yaml', version: 1, text },
    });
  });

  test('definition of a cluster name: the cluster and its endpoints', async () => {
    const links = (await connection.sendRequest(DefinitionRequest.type, at('web_v1'))) as LocationLink[];
    expect(links.map((link) => link.targetUri)).toEqual([uri, uri]);
    expect(links.map((link) => link.targetSelectionRange.start)).toEqual([startOf('web_v1', 2), startOf('web_v1', 3)]);
  });

  test('hover, symbols, references and workspace symbols answer', async () => {
    const hover = await connection.sendRequest(HoverRequest.type, at('web_v1', 3));
    expect(JSON.stringify(hover)).toContain('Cluster');
    const symbols = await connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } });
    expect(symbols?.map(({ name }) => name)).toEqual(expect.arrayContaining(['Listeners', 'Clusters']));
    const references = await connection.sendRequest(ReferencesRequest.type, {
      ...at('web_v1', 3),
      context: { includeDeclaration: true },
    });
    expect(references?.length).toBeGreaterThan(1);
    expect((await connection.sendRequest(WorkspaceSymbolRequest.type, { query: '' }))?.length).toBeGreaterThan(0);
  });

  test('trace, implied request and lists', async () => {
    const clusters = await connection.sendRequest<ListResourcesResult>(Requests.listResources, { uri, kind: 'cluster' });
    expect(clusters.length).toBeGreaterThan(1);
    const implied = await connection.sendRequest<ImpliedRequestResult>(Requests.impliedRequest, {
      uri,
      position: positionOf('name: split'),
    });
    expect(implied?.request.connection).toBeDefined();
    const trace = await connection.sendRequest<Trace>(Requests.trace, { request: implied?.request });
    expect(trace.version).toBe(1);
    expect(trace.paths.length).toBeGreaterThan(0);
  });

  test('an incremental edit is seen at once, and its diagnostics follow', async () => {
    const { line, character } = startOf('web_v1', 1);
    await connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: 2 },
      contentChanges: [{ range: { start: { line, character }, end: { line, character } }, text: 'no-such-' }],
    });
    await expect
      .poll(() => diagnostics.some((each) => each.version === 2 && each.diagnostics.some(({ code }) => code === 'dangling-reference')), {
        timeout: 5_000,
      })
      .toBe(true);
    expect(diagnostics.at(-1)?.diagnostics[0]?.message).toContain('no-such-');
  });

  test('a closed document leaves nothing behind', async () => {
    await connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
    await expect.poll(() => diagnostics.at(-1)?.diagnostics.length, { timeout: 5_000 }).toBe(0);
    expect(await connection.sendRequest(HoverRequest.type, at('name'))).toBeNull();
  });

  test('shutdown', async () => {
    await connection.sendRequest(ShutdownRequest.type);
    expect(child.exitCode).toBeNull();
  });
});

function startOf(word: string, occurrence: number): { line: number; character: number } {
  const { line, character } = positionOf(word, occurrence);
  return { line, character: character - 1 };
}
