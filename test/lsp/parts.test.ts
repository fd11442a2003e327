/** Long answers in parts, progress, what is resolved later, and our own requests. */
import { describe, expect, test } from 'vitest';
import { CancellationTokenSource, type Location, type WorkspaceSymbol } from 'vscode-languageserver-protocol/node';
import { begin, open, positionOf, serveSessions, uri, type Session } from './session';

serveSessions('parts');

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
  const popular = { textDocument: { uri }, context: { includeDeclaration: true }, position: positionOf('popular, type', 'utf-16', MANY) };

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
    const many = MANY.replace(
      '              - { match',
      '              - { match: { path: /again }, route: { cluster: popular } }\n'.repeat(30_000) + '              - { match',
    );
    await open(session, many);
    const position = positionOf('popular, type', 'utf-16', many);
    const cancellation = new CancellationTokenSource();
    let parts = 0;
    session.connection.onNotification('$/progress', () => {
      parts++;
      cancellation.cancel();
    });
    const answer = session.connection.sendRequest(
      'textDocument/references',
      { ...popular, position, partialResultToken: 'p' },
      cancellation.token,
    );
    await expect(answer).rejects.toMatchObject({ code: -32800 });
    expect(parts).toBeLessThan(33);
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
