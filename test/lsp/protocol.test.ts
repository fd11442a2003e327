/** What LSP demands of any server: the session's order, positions, synchronisation, cancellation, pull diagnostics, and no death by bad messages. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Location } from 'vscode-languageserver-protocol/node';
import { begin, connect, open, positionOf, serveSessions, TEXT, uri, type Session } from './session';

serveSessions('protocol');

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

test('a rename that would make two clusters one is refused with the reason', async () => {
  const session = await begin();
  await open(session, `${TEXT}  - { name: other, type: STATIC }\n`);
  const rename = session.connection.sendRequest('textDocument/rename', {
    textDocument: { uri },
    position: positionOf('réviews, type'),
    newName: 'other',
  });
  await expect(rename).rejects.toMatchObject({ code: -32803, message: 'There is a cluster "other" already.' });
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

test('what cannot be renamed says why; all fixes on request; pages on diagnostics where the client has them', async () => {
  const session = connect();
  await session.connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    capabilities: { textDocument: { diagnostic: {} } },
    initializationOptions: { diagnosticPages: 'file:///extension/docs/diagnostics/' },
  });
  await session.connection.sendNotification('initialized', {});
  const text = `${TEXT}  - { name: b, type: STATIC, lb_polic: RANDOM }\n  - { name: c, load_assignment: { cluster_name: c } }\n`;
  await open(session, text);
  const report = await session.connection.sendRequest<{ items: { code: string; codeDescription?: { href: string } }[] }>(
    'textDocument/diagnostic',
    { textDocument: { uri } },
  );
  expect(report.items.find(({ code }) => code === 'unknown-field')?.codeDescription?.href).toBe(
    'file:///extension/docs/diagnostics/unknown-field.md',
  );
  const all = await session.connection.sendRequest<{ kind: string }[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    context: { diagnostics: [], only: ['source.fixAll'] },
  });
  expect(all.map(({ kind }) => kind)).toEqual(['source.fixAll.envoyLens']);
  const dump = 'file:///dump.json';
  await session.connection.sendNotification('textDocument/didOpen', {
    textDocument: {
      uri: dump,
      languageId: 'json',
      version: 1,
      text: '{"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "static_clusters": [\n{"cluster": {"name": "c"}}]}]}',
    },
  });
  const rename = session.connection.sendRequest('textDocument/prepareRename', {
    textDocument: { uri: dump },
    position: { line: 1, character: 22 },
  });
  await expect(rename).rejects.toMatchObject({
    code: -32803,
    message: 'This is the dump of a running proxy: it would not follow a rename.',
  });
});

test('tokens after an edit come as what has changed', async () => {
  const session = await begin();
  await open(session);
  const whole = await session.connection.sendRequest<{ resultId: string; data: number[] }>('textDocument/semanticTokens/full', {
    textDocument: { uri },
  });
  await session.connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version: 2 },
    contentChanges: [{ text: `${TEXT}  - { name: another, type: STATIC }\n` }],
  });
  const delta = await session.connection.sendRequest<{ edits: { start: number; deleteCount: number; data: number[] }[] }>(
    'textDocument/semanticTokens/full/delta',
    { textDocument: { uri }, previousResultId: whole.resultId },
  );
  expect(delta.edits).toMatchObject([{ start: whole.data.length, deleteCount: 0 }]);
  expect(delta.edits[0]?.data).toHaveLength(5);
});
