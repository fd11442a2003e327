/** What editors ask beside the great requests: what is resolved later, what has not changed, what they cannot have, and names in other scripts. */
import { describe, expect, test } from 'vitest';
import {
  InsertTextFormat,
  type CodeLens,
  type CompletionItem,
  type DocumentDiagnosticReport,
  type InlayHint,
  type LocationLink,
  type Position,
  type Range,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol/node';
import { begin, open, positionOf, serveSessions, TEXT, uri, type Session } from './session';

serveSessions('answers');

const ask = <Answer>({ connection }: Session, method: string, params: object) =>
  connection.sendRequest<Answer>(method, { textDocument: { uri }, ...params });
const change = (session: Session, range: Range, text: string) =>
  session.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ range, text }] });

describe('resolved when it is on the screen', () => {
  test('a code lens gets its command, at the place where it stands by then', async () => {
    const session = await begin();
    await open(session);
    const lenses = await ask<CodeLens[]>(session, 'textDocument/codeLens', {});
    const [lens] = lenses.filter(({ command }) => command === undefined);
    expect(lens?.data).toBeDefined();
    const resolved = await session.connection.sendRequest<CodeLens>('codeLens/resolve', lens);
    expect(resolved.command).toMatchObject({ title: '1 reference', command: 'envoyLens.showReferences' });
    expect(resolved.command?.arguments?.[2]).toMatchObject([{ uri, range: { start: positionOf('réviews } }] }]') } }]);
  });
  test('an inlay hint gets its words', async () => {
    const session = await begin();
    await open(session);
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const [hint] = await ask<InlayHint[]>(session, 'textDocument/inlayHint', { range });
    expect(hint?.tooltip).toBeUndefined();
    expect(JSON.stringify((await session.connection.sendRequest<InlayHint>('inlayHint/resolve', hint)).tooltip)).toContain('**Cluster**');
  });
  test('what is not ours comes back as it is', async () => {
    const session = await begin();
    const lens = { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };
    expect(await session.connection.sendRequest('codeLens/resolve', lens)).toEqual(lens);
  });
});

describe('diagnostics that are pulled', () => {
  const BROKEN = TEXT.replace('cluster: réviews', 'cluster: nosuch');
  const pull = (session: Session, previousResultId?: string) =>
    ask<DocumentDiagnosticReport>(session, 'textDocument/diagnostic', { ...(previousResultId !== undefined && { previousResultId }) });
  const danglingIn = (report: DocumentDiagnosticReport) =>
    report.kind === 'full' ? report.items.find(({ code }) => code === 'dangling-reference') : undefined;

  test('come once, and again when they have changed', async () => {
    const session = await begin({ textDocument: { diagnostic: {} } });
    await open(session, BROKEN);
    const first = await pull(session);
    expect(danglingIn(first)?.range.start.line).toBe(3);
    expect(await pull(session, first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
    expect(await pull(session)).toMatchObject({ kind: 'full' });
    // A line above moves them.
    await change(session, { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, '# moved\n');
    const moved = await pull(session, first.resultId);
    expect(danglingIn(moved)?.range.start.line).toBe(4);
    expect(moved.resultId).not.toBe(first.resultId);
  });
  test('follow the settings', async () => {
    const session = await begin({ textDocument: { diagnostic: {} } });
    await open(session, BROKEN);
    const { resultId } = await pull(session);
    const settings = { envoyLens: { diagnostics: { 'dangling-reference': 'hint' } } };
    await session.connection.sendNotification('workspace/didChangeConfiguration', { settings });
    expect(danglingIn(await pull(session, resultId))?.severity).toBe(4);
  });
  test('of the whole workspace are not offered', async () => {
    const session = await begin({ textDocument: { diagnostic: {} } });
    expect(session.result.capabilities.diagnosticProvider).toMatchObject({ workspaceDiagnostics: false });
    await expect(session.connection.sendRequest('workspace/diagnostic', { previousResultIds: [] })).rejects.toMatchObject({ code: -32601 });
  });
});

describe('nothing that the client has not offered', () => {
  test('no capability is registered later, no folder is asked for', async () => {
    const session = await begin({ workspace: { workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: false } } });
    const asked: string[] = [];
    session.connection.onRequest('client/registerCapability', () => {
      asked.push('client/registerCapability');
    });
    session.connection.onRequest('workspace/workspaceFolders', () => {
      asked.push('workspace/workspaceFolders');
      return [];
    });
    await open(session);
    const event = { added: [{ uri: 'file:///else', name: 'else' }], removed: [] };
    await session.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event });
    await session.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: 'file:///a.yaml', type: 3 }] });
    const links = await ask<LocationLink[]>(session, 'textDocument/definition', { position: positionOf('réviews } }] }]') });
    expect(links).toHaveLength(1);
    expect(asked).toEqual([]);
  });
  test('snippets only for clients that take them', async () => {
    const text = 'static_resources:\n  clusters:\n  - name: a\n    \n';
    const position = { line: 3, character: 4 };
    const itemFor = async (snippetSupport: boolean) => {
      const session = await begin({ textDocument: { completion: { completionItem: { snippetSupport } } } });
      await open(session, text);
      const { items } = await ask<{ items: CompletionItem[] }>(session, 'textDocument/completion', { position });
      return items.find(({ label }) => label === 'load_assignment');
    };
    expect(await itemFor(true)).toMatchObject({
      insertTextFormat: InsertTextFormat.Snippet,
      textEdit: { newText: 'load_assignment:\n  cluster_name: $0', range: { start: position, end: position } },
    });
    const plain = await itemFor(false);
    expect(plain?.insertTextFormat).toBeUndefined();
    expect(plain?.textEdit?.newText).toBe('load_assignment:');
    expect(plain?.command).toBeUndefined();
  });
  test('the command that asks again only where the client names it', async () => {
    const session = await begin({}, { suggestCommand: 'editor.again' });
    await open(session, 'static_resources:\n  clusters:\n  - name: a\n    \n');
    const { items } = await ask<{ items: CompletionItem[] }>(session, 'textDocument/completion', { position: { line: 3, character: 4 } });
    expect(items.find(({ label }) => label === 'lb_policy')?.command?.command).toBe('editor.again');
  });
});

describe.each(['utf-8', 'utf-16'] as const)('names in other scripts, in %s', (encoding) => {
  const name = '集群🚀é';
  const text = `static_resources:
  clusters:
  - { name: "${name}", type: STATIC, alt_stat_name: "${name}" }
  - { name: 'b', type: STATIC }
  listeners:
  - name: l
    filter_chains:
    - filters: [{ name: "🧩", typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: "🧩🧩", cluster: ${name} } }]
`;
  const lengthOf = (word: string) => (encoding === 'utf-8' ? Buffer.byteLength(word) : word.length);
  const moved = ({ line, character }: Position, word: string) => ({ line, character: character + lengthOf(word) });
  const use = positionOf(`${name} } }]`, encoding, text);
  const definition = positionOf(`"${name}", type`, encoding, text);
  const beginHere = async () => {
    const session = await begin({ general: { positionEncodings: [encoding] } });
    await open(session, text);
    return session;
  };

  test('the definition is found from the last letter too', async () => {
    const session = await beginHere();
    const [link] = await ask<LocationLink[]>(session, 'textDocument/definition', { position: moved(use, '集群🚀') });
    expect(link?.targetSelectionRange.start).toEqual(definition);
    expect(link?.originSelectionRange).toEqual({ start: use, end: moved(use, name) });
  });
  test('a rename replaces whole names', async () => {
    const session = await beginHere();
    const edit = await ask<WorkspaceEdit>(session, 'textDocument/rename', { position: use, newName: '新' });
    const edits = edit.changes?.[uri] ?? [];
    expect(edits.map(({ range: { start } }) => start)).toEqual(expect.arrayContaining([use, definition]));
    for (const { range } of edits) expect(range.end.character - range.start.character).toBeGreaterThanOrEqual(lengthOf(name));
    expect(edits).toHaveLength(2);
  });
  test('an edit in the middle of a line is read at its place', async () => {
    const session = await beginHere();
    const start = use;
    await change(session, { start, end: moved(start, name) }, 'b');
    const [link] = await ask<LocationLink[]>(session, 'textDocument/definition', { position: start });
    expect(link?.targetSelectionRange.start).toEqual(positionOf("'b'", encoding, text));
  });
});
