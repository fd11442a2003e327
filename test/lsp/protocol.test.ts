/** What LSP demands of any server: the session's order, positions, synchronisation, cancellation, pull diagnostics, and no death by bad messages. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  CancellationTokenSource,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type InitializeResult,
  type Location,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type WorkspaceSymbol,
} from 'vscode-languageserver-protocol/node';

const root = path.resolve(import.meta.dirname, '../..');
const bundle = path.join(root, 'test-output/lsp/protocol.cjs');
const uri = 'file:///envoy.yaml';
const TCP = 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';
const TEXT = `static_resources:
  listeners:
  - name: l
    filter_chains: [{ filters: [{ name: t, typed_config: { "@type": ${TCP}, stat_prefix: "äß𝄞", cluster: réviews } }] }]
  clusters:
  - { name: réviews, type: STATIC }
`;

interface Session {
  readonly connection: ProtocolConnection;
  readonly child: ChildProcessWithoutNullStreams;
  readonly published: PublishDiagnosticsParams[];
  /** Requests that the server sent, by method. */
  readonly asked: string[];
}

const sessions: Session[] = [];

beforeAll(async () => {
  await build({
    entryPoints: [path.join(root, 'server/src/main.cli.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    outfile: bundle,
    logLevel: 'error',
  });
});

afterEach(() => {
  for (const { connection, child } of sessions.splice(0)) {
    connection.dispose();
    child.kill();
  }
});

function connect(): Session {
  const child = spawn(process.execPath, [bundle, 'lsp', '--stdio']);
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const session: Session = { connection, child, published: [], asked: [] };
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    session.published.push(params);
  });
  connection.onRequest('workspace/diagnostic/refresh', () => {
    session.asked.push('workspace/diagnostic/refresh');
    return null;
  });
  connection.listen();
  sessions.push(session);
  return session;
}

async function begin(capabilities: ClientCapabilities = {}): Promise<Session & { result: InitializeResult }> {
  const session = connect();
  const result = await session.connection.sendRequest<InitializeResult>('initialize', { processId: null, rootUri: null, capabilities });
  await session.connection.sendNotification('initialized', {});
  return { ...session, result };
}

function open({ connection }: Session, text = TEXT): Promise<void> {
  return connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
}

/** Where the word begins, in units of the encoding. */
function positionOf(word: string, encoding: 'utf-8' | 'utf-16' = 'utf-16', text = TEXT) {
  const before = text.slice(0, text.lastIndexOf(word)).split('\n');
  const last = before.at(-1) ?? '';
  return { line: before.length - 1, character: encoding === 'utf-8' ? Buffer.byteLength(last) : last.length };
}

const wait = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
const exitOf = (child: ChildProcessWithoutNullStreams) => new Promise<number | null>((done) => child.on('exit', done));
const hoverAt = (session: Session, position: object) =>
  session.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position });

describe('the session', () => {
  test('a request before initialize is refused', async () => {
    await expect(hoverAt(connect(), { line: 0, character: 0 })).rejects.toMatchObject({ code: -32002 });
  });
  test('after shutdown requests are refused, and exit ends the process well', async () => {
    const session = await begin();
    const exit = exitOf(session.child);
    expect(await session.connection.sendRequest('shutdown')).toBeNull();
    await expect(hoverAt(session, { line: 0, character: 0 })).rejects.toMatchObject({ code: -32600 });
    await session.connection.sendNotification('exit');
    expect(await exit).toBe(0);
  });
  test('exit without shutdown is an error', async () => {
    const session = await begin();
    const exit = exitOf(session.child);
    await session.connection.sendNotification('exit');
    expect(await exit).toBe(1);
  });
});

describe('positions', () => {
  test('are UTF-16 units, unless the client says that it knows only UTF-8', async () => {
    expect((await begin()).result.capabilities.positionEncoding).toBe('utf-16');
    const both = await begin({ general: { positionEncodings: ['utf-8', 'utf-16'] } });
    expect(both.result.capabilities.positionEncoding).toBe('utf-16');
    const bytes = await begin({ general: { positionEncodings: ['utf-8'] } });
    expect(bytes.result.capabilities.positionEncoding).toBe('utf-8');
  });
  test.each(['utf-8', 'utf-16'] as const)('references behind letters of several bytes, in %s', async (encoding) => {
    const session = await begin({ general: { positionEncodings: [encoding] } });
    await open(session);
    const name = positionOf('réviews', encoding);
    const found = await session.connection.sendRequest<Location[]>('textDocument/references', {
      textDocument: { uri },
      position: name,
      context: { includeDeclaration: true },
    });
    const use = positionOf('réviews } }] }]', encoding);
    const length = encoding === 'utf-8' ? 8 : 7;
    expect(found.map(({ range }) => range)).toEqual([
      { start: use, end: { line: use.line, character: use.character + length } },
      { start: name, end: { line: name.line, character: name.character + length } },
    ]);
  });
  test.each(['utf-8', 'utf-16'] as const)(
    'several edits in one message, each in the text that the one before left, in %s',
    async (encoding) => {
      const session = await begin({ general: { positionEncodings: [encoding] } });
      await open(session);
      const start = positionOf('réviews } }] }]', encoding);
      const letter = { line: start.line, character: start.character + 1 };
      await session.connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: 2 },
        contentChanges: [
          { range: { start, end: start }, text: 'é' },
          { range: { start, end: { line: start.line, character: start.character + (encoding === 'utf-8' ? 2 : 1) } }, text: 'x' },
          { range: { start, end: letter }, text: '' },
        ],
      });
      const links = await session.connection.sendRequest<unknown[]>('textDocument/definition', { textDocument: { uri }, position: letter });
      expect(links).toHaveLength(1);
    },
  );
  test('tokens in bytes', async () => {
    const tokensIn = async (encoding: 'utf-8' | 'utf-16') => {
      const session = await begin({ general: { positionEncodings: [encoding] } });
      await open(session);
      const { data } = await session.connection.sendRequest<{ data: number[] }>('textDocument/semanticTokens/full', {
        textDocument: { uri },
      });
      return data;
    };
    const [bytes, units] = [await tokensIn('utf-8'), await tokensIn('utf-16')];
    const use = positionOf('réviews } }] }]', 'utf-8');
    expect(bytes.slice(5, 8)).toEqual([1, use.character, 8]);
    expect(units.slice(5, 8)).toEqual([1, positionOf('réviews } }] }]').character, 7]);
  });
});

describe('cancellation and bad messages', () => {
  test('a cancelled request says so', async () => {
    const session = await begin();
    const { connection } = session;
    // The server is busy with this while the next request and its end come in.
    await open(session, TEXT + '  - { name: c, type: STATIC }\n'.repeat(20_000));
    const busy = connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri } });
    const controller = { isCancellationRequested: false, listeners: [] as ((event: unknown) => void)[] };
    const token = {
      get isCancellationRequested() {
        return controller.isCancellationRequested;
      },
      onCancellationRequested: (listener: (event: unknown) => void) => {
        controller.listeners.push(listener);
        return { dispose: () => undefined };
      },
    };
    const answer = connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri } }, token);
    controller.isCancellationRequested = true;
    controller.listeners.forEach((listener) => {
      listener(undefined);
    });
    await expect(answer).rejects.toMatchObject({ code: -32800 });
    expect(await busy).toHaveLength(2);
  });
  test('a question about a place overtakes what the editor asks about the whole document', async () => {
    const session = await begin({ textDocument: { diagnostic: {} } });
    await open(session);
    const order: string[] = [];
    const ask = async (method: string, params: object) => {
      await session.connection.sendRequest(method, { textDocument: { uri }, ...params });
      order.push(method);
    };
    await Promise.all([
      ask('textDocument/diagnostic', {}),
      ask('textDocument/documentSymbol', {}),
      ask('textDocument/codeLens', {}),
      ask('textDocument/definition', { position: positionOf('réviews') }),
    ]);
    expect(order).toEqual(['textDocument/definition', 'textDocument/diagnostic', 'textDocument/documentSymbol', 'textDocument/codeLens']);
  });
  test('unknown requests are refused by name', async () => {
    const { connection } = await begin();
    await expect(connection.sendRequest('textDocument/noSuchThing', {})).rejects.toMatchObject({ code: -32601 });
  });
  test.each([
    ['textDocument/hover', {}],
    ['textDocument/hover', { textDocument: { uri }, position: { line: -5, character: 99_999 } }],
    ['textDocument/definition', { textDocument: null }],
    ['textDocument/completion', []],
    ['textDocument/selectionRange', { textDocument: { uri }, positions: 7 }],
    ['textDocument/semanticTokens/full', { textDocument: { uri: 'file:///nowhere' } }],
    ['callHierarchy/incomingCalls', { item: null }],
    ['codeLens/resolve', { range: 1 }],
    ['textDocument/diagnostic', {}],
  ])('%s with wrong parameters does not kill the server', async (method, params) => {
    const session = await begin();
    await open(session);
    await session.connection.sendRequest(method, params).catch(() => undefined);
    await session.connection.sendNotification('textDocument/didChange', { textDocument: { uri }, contentChanges: [{ range: 3 }] });
    await session.connection.sendNotification('textDocument/didOpen', {});
    await expect(hoverAt(session, positionOf('réviews'))).resolves.toMatchObject({ contents: { kind: 'markdown' } });
  });
});

describe('parts and progress', () => {
  const COUNT = 2_500;
  const MANY = `static_resources:
  listeners:
  - name: l
    filter_chains:
    - filters:
      - name: h
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          route_config:
            name: r
            virtual_hosts:
            - name: v
              domains: ["*"]
              routes:
${Array.from({ length: COUNT }, (_, at) => `              - { match: { path: /${at} }, route: { cluster: popular } }\n`).join('')}  clusters:
  - { name: popular, type: STATIC }
  - { name: other, type: STATIC }
`;
  const references = { textDocument: { uri }, position: { line: 0, character: 0 }, context: { includeDeclaration: true } };
  const popular = { ...references, position: positionOf('popular, type', 'utf-16', MANY) };

  /** Asks with tokens for both kinds of progress. */
  async function askInParts(session: Session, method: string, params: object) {
    const parts: unknown[][] = [];
    const progress: string[] = [];
    session.connection.onNotification('$/progress', ({ token, value }: { token: string; value: unknown[] & { kind: string } }) => {
      if (token === 'parts') parts.push(value);
      else progress.push(value.kind);
    });
    const answer = await session.connection.sendRequest(method, { ...params, partialResultToken: 'parts', workDoneToken: 'work' });
    return { answer, parts, progress };
  }

  test('references come in parts of a thousand, and the answer is then empty', async () => {
    const session = await begin();
    await open(session, MANY);
    const whole = await session.connection.sendRequest<Location[]>('textDocument/references', popular);
    expect(whole).toHaveLength(COUNT + 1);
    const { answer, parts, progress } = await askInParts(session, 'textDocument/references', popular);
    expect(answer).toEqual([]);
    expect(parts.map(({ length }) => length)).toEqual([1_000, 1_000, COUNT + 1 - 2_000]);
    expect(parts.flat()).toEqual(whole);
    expect(progress).toEqual(['begin', 'end']);
  });
  test('a cancellation between two parts ends the request', async () => {
    const session = await begin();
    await open(session, MANY);
    await session.connection.sendRequest('textDocument/references', references);
    const cancellation = new CancellationTokenSource();
    let parts = 0;
    session.connection.onNotification('$/progress', () => {
      parts++;
      cancellation.cancel();
    });
    const answer = session.connection.sendRequest('textDocument/references', { ...popular, partialResultToken: 'p' }, cancellation.token);
    await expect(answer).rejects.toMatchObject({ code: -32800 });
    expect(parts).toBeLessThan(3);
  });
  test.each([
    ['textDocument/documentSymbol', { textDocument: { uri } }],
    ['workspace/symbol', { query: '' }],
  ])('%s, too', async (method, params) => {
    const session = await begin();
    await open(session, MANY);
    const whole = await session.connection.sendRequest<unknown[]>(method, params);
    expect(whole.length).toBeGreaterThan(1);
    const { answer, parts, progress } = await askInParts(session, method, params);
    expect(answer).toEqual([]);
    expect(parts.flat()).toEqual(whole);
    expect(progress).toEqual(['begin', 'end']);
  });
  test('a workspace symbol gets its range when it is chosen, at the place where it stands by then', async () => {
    const session = await begin({ workspace: { symbol: { resolveSupport: { properties: ['location.range'] } } } });
    await open(session);
    const [found] = await session.connection.sendRequest<WorkspaceSymbol[]>('workspace/symbol', { query: 'réviews' });
    expect(found?.location).toEqual({ uri });
    await session.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '# a comment\n' }],
    });
    const { location } = await session.connection.sendRequest<WorkspaceSymbol>('workspaceSymbol/resolve', found);
    const start = positionOf('réviews, type');
    expect(location).toEqual({
      uri,
      range: { start: { ...start, line: start.line + 1 }, end: { line: start.line + 1, character: start.character + 7 } },
    });
  });
  test('a client that cannot resolve gets ranges at once', async () => {
    const session = await begin();
    await open(session);
    const [found] = await session.connection.sendRequest<WorkspaceSymbol[]>('workspace/symbol', { query: 'réviews' });
    expect(found?.location).toMatchObject({ range: { start: positionOf('réviews, type') } });
  });
  test('tokens of a range are those of the document that touch it', async () => {
    const session = await begin();
    await open(session, MANY);
    const tokens = async (method: string, params: object) =>
      (await session.connection.sendRequest<{ data: number[] }>(method, { textDocument: { uri }, ...params })).data;
    const all = await tokens('textDocument/semanticTokens/full', {});
    const some = await tokens('textDocument/semanticTokens/range', {
      range: { start: { line: 20, character: 0 }, end: { line: 29, character: 999 } },
    });
    expect(all.length).toBeGreaterThan(COUNT * 5);
    expect(some.length).toBe(10 * 5);
    expect(some[0]).toBe(20);
  });
});

describe('our own requests', () => {
  test.each(['utf-8', 'utf-16'] as const)('positions are the client’s, in %s', async (encoding) => {
    const session = await begin({ general: { positionEncodings: [encoding] } });
    // The first name is longer in bytes than in units: read as the other kind, the position would lie in the second cluster.
    const text = 'static_resources:\n  clusters: [{ name: "𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞", type: STATIC }, { name: second, type: EDS }]\n';
    await open(session, text);
    const implied = await session.connection.sendRequest<{ title: string } | null>('envoyLens/impliedRequest', {
      uri,
      position: positionOf('STATIC', encoding, text),
    });
    expect(implied?.title).toContain('𝄞');
  });
  test.each([
    ['envoyLens/trace', {}],
    ['envoyLens/trace', { request: 7 }],
    ['envoyLens/impliedRequest', { uri }],
    ['envoyLens/impliedRequest', { uri: 3, position: { line: 0, character: 0 } }],
    ['envoyLens/listResources', { kind: 'cluster' }],
    ['envoyLens/renderTrace', { trace: null, format: 'text' }],
    ['textDocument/references', { textDocument: { uri }, position: { line: 0, character: 0 } }],
    ['textDocument/rename', { textDocument: { uri }, position: { line: 0, character: 0 }, newName: 1 }],
    ['workspace/symbol', {}],
  ])('%s with wrong parameters is refused by name: %j', async (method, params) => {
    const session = await begin();
    await open(session);
    await expect(session.connection.sendRequest(method, params)).rejects.toMatchObject({ code: -32602 });
  });
});

describe('diagnostics', () => {
  const BROKEN = TEXT.replace('cluster: réviews', 'cluster: nosuch');
  test('a client that pulls gets them when it asks, and only then', async () => {
    const session = await begin({ textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } });
    expect(session.result.capabilities.diagnosticProvider).toMatchObject({ interFileDependencies: true });
    await open(session, BROKEN);
    const report = await session.connection.sendRequest<{ kind: string; items: { code: string }[] }>('textDocument/diagnostic', {
      textDocument: { uri },
    });
    expect(report.kind).toBe('full');
    expect(report.items.map(({ code }) => code)).toContain('dangling-reference');
    await expect.poll(() => session.asked).toContain('workspace/diagnostic/refresh');
    expect(session.published).toEqual([]);
  });
  test('the others are sent them', async () => {
    const session = await begin();
    expect(session.result.capabilities.diagnosticProvider).toBeUndefined();
    await open(session, BROKEN);
    await expect.poll(() => session.published.length, { timeout: 5_000 }).toBe(1);
    expect(session.published[0]?.diagnostics.map(({ code }) => code)).toContain('dangling-reference');
    await wait(300);
    expect(session.asked).not.toContain('workspace/diagnostic/refresh');
  });
});

test('a file that is hardly begun is completed by its name', async () => {
  const session = await begin();
  await open(session, 'static_');
  const list = await session.connection.sendRequest<{ items: { label: string }[] }>('textDocument/completion', {
    textDocument: { uri },
    position: { line: 0, character: 7 },
  });
  expect(list.items.map(({ label }) => label)).toContain('static_resources');
});

test('completion and quick fixes answer', async () => {
  const session = await begin();
  const text = `${TEXT}  - { name: b, type: STATIC, lb_polic: RANDOM }\n  - { name: c, type: }\n`;
  await open(session, text);
  const after = positionOf('type: }', 'utf-16', text);
  const list = await session.connection.sendRequest<{ items: { label: string }[] }>('textDocument/completion', {
    textDocument: { uri },
    position: { line: after.line, character: after.character + 6 },
  });
  expect(list.items.map(({ label }) => label)).toContain('STRICT_DNS');
  const wrong = positionOf('lb_polic:', 'utf-16', text);
  const actions = await session.connection.sendRequest<{ title: string; kind: string }[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: wrong, end: wrong },
    context: { diagnostics: [] },
  });
  expect(actions.map(({ kind }) => kind)).toEqual(['quickfix']);
});
