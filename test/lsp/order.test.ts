/** Who is answered first: on opening a large dump an editor asks ten things at once, and a person one. */
import { describe, expect, test } from 'vitest';
import type { CancellationToken, LocationLink } from 'vscode-languageserver-protocol/node';
import { CancellationTokenSource, LSPErrorCodes } from 'vscode-languageserver-protocol/node';
import { generateDump } from '../bench/generate/generateDump';
import { begin, serveSessions, type Session } from './session';

serveSessions('order');

const uri = 'file:///dump.json';
const TEXT = generateDump({ kind: 'sidecar', megabytes: 6, style: { format: 'json' } });
const textDocument = { uri };
const range = { start: { line: 0, character: 0 }, end: { line: 60, character: 0 } };

/** What VS Code asks of its own accord as soon as a document is open, or was edited. */
const UNASKED: readonly (readonly [string, object])[] = [
  ['textDocument/documentSymbol', { textDocument }],
  ['textDocument/codeAction', { textDocument, range, context: { diagnostics: [] } }],
  ['textDocument/documentLink', { textDocument }],
  ['textDocument/inlayHint', { textDocument, range }],
  ['textDocument/semanticTokens/full', { textDocument }],
  ['textDocument/semanticTokens/range', { textDocument, range }],
  ['textDocument/diagnostic', { textDocument }],
  ['textDocument/codeLens', { textDocument }],
  ['textDocument/foldingRange', { textDocument }],
];

/** In a reference to a cluster in the middle of the dump. */
const place = (() => {
  const before = TEXT.slice(0, TEXT.indexOf('"cluster": "outbound|', TEXT.length >> 1) + '"cluster": "out'.length);
  return { line: before.split('\n').length - 1, character: before.length - before.lastIndexOf('\n') - 1 };
})();

const pulling = { textDocument: { diagnostic: {} } };

/** Sends a request and notes its name when it is answered. */
async function ask(session: Session, answered: string[], [method, params]: readonly [string, object], token?: CancellationToken) {
  try {
    const { connection } = session;
    return await (token ? connection.sendRequest<unknown>(method, params, token) : connection.sendRequest<unknown>(method, params));
  } catch (error) {
    return error;
  } finally {
    answered.push(method);
  }
}

const definitionAt = (down: number) =>
  ['textDocument/definition', { textDocument, position: { ...place, line: place.line + down } }] as const;
const linksOf = (answer: unknown) => (answer as LocationLink[]).length;
const edit = (version: number, text: string) => ({
  textDocument: { uri, version },
  contentChanges: [{ range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }, text }],
});

describe('a dump of 6 MB', () => {
  test('a definition that is asked for behind all that comes with opening is answered before any of it', async () => {
    const session = await begin(pulling);
    const answered: string[] = [];
    void session.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'json', version: 1, text: TEXT } });
    const unasked = UNASKED.map((each) => ask(session, answered, each));
    expect(linksOf(await ask(session, answered, definitionAt(0)))).toBeGreaterThan(0);
    expect(answered).toEqual(['textDocument/definition']);
    const answers = await Promise.all(unasked);
    expect(answers.filter((answer) => answer instanceof Error)).toEqual([]);
    expect(answered).toHaveLength(UNASKED.length + 1);
  });

  test('while one types, each question is answered from the text of that moment, and before the editor’s own', async () => {
    const session = await begin(pulling);
    const answered: string[] = [];
    await session.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'json', version: 1, text: TEXT },
    });
    await ask(session, answered, definitionAt(0));
    const abandoned: Promise<unknown>[] = [];
    for (let key = 1; key <= 12; key++) {
      const source = new CancellationTokenSource();
      void session.connection.sendNotification('textDocument/didChange', edit(key + 1, '\n'));
      abandoned.push(...UNASKED.map((each) => ask(session, answered, each, source.token)));
      answered.splice(0);
      expect(linksOf(await ask(session, answered, definitionAt(key)))).toBeGreaterThan(0);
      // Of what the keys before left behind, some answers may be on their way; of this key's, none.
      expect(answered.filter((method) => method !== 'textDocument/definition').length).toBeLessThan(UNASKED.length);
      // As an editor does when the next key is pressed.
      source.cancel();
    }
    const codes = (await Promise.all(abandoned)).map((answer) => (answer instanceof Error && 'code' in answer ? answer.code : 'answered'));
    expect(codes.filter((code) => code !== 'answered' && code !== LSPErrorCodes.RequestCancelled)).toEqual([]);
    // One of each queue may have been at work when it was cancelled.
    expect(codes.filter((code) => code === 'answered').length).toBeLessThanOrEqual(2 * 12);
  });
});
