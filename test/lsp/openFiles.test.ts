/** Files that are opened without their text: the server reads them itself, and asks for the text where the disk has another than the editor. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { DocumentSymbol, LocationLink } from 'vscode-languageserver-protocol/node';
import { FileNotifications, fingerprintText, type DidOpenFileParams } from '../../server/src/protocol/openFiles';
import type { ReadFileParams, ReadFileResult } from '../../server/src/protocol/requests';
import { begin, connect, serveSessions, type Session } from './session';

serveSessions('openFiles');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'open-files-'));
afterAll(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

/** A dump with a route to each cluster. */
function dump(clusters: readonly string[]): string {
  const routes = clusters.map((cluster) => ({ match: { prefix: `/${cluster}` }, route: { cluster } }));
  const section = (type: string, content: object) => ({ '@type': `type.googleapis.com/envoy.admin.v3.${type}`, ...content });
  const route = {
    '@type': 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
    name: 'r',
    virtual_hosts: [{ name: 'v', domains: ['*'], routes }],
  };
  const cluster = (name: string) => ({ cluster: { '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster', name, type: 'STATIC' } });
  return JSON.stringify(
    {
      configs: [
        section('RoutesConfigDump', { dynamic_route_configs: [{ route_config: route }] }),
        section('ClustersConfigDump', { dynamic_active_clusters: clusters.map(cluster) }),
      ],
    },
    undefined,
    2,
  );
}

const TEXT = dump(['first', 'shop', 'last']);

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return pathToFileURL(file).toString();
}

interface Editor extends Session {
  /** Uris of which the server wanted the text. */
  readonly wanted: string[];
}

/** An editor that has these texts, and gives one to the server when that wants it. */
async function edit(texts: ReadonlyMap<string, string>): Promise<Editor> {
  const session = await begin();
  const wanted: string[] = [];
  session.connection.onNotification(FileNotifications.textWanted, ({ uri }: { uri: string }) => {
    wanted.push(uri);
    const text = texts.get(uri);
    if (text !== undefined)
      void session.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'json', version: 9, text } });
  });
  return { ...session, wanted };
}

const announce = ({ connection }: Session, uri: string) => connection.sendNotification(FileNotifications.willOpenFile, { uri });

function openFile({ connection }: Session, uri: string, text: string): Promise<void> {
  const params: DidOpenFileParams = { uri, languageId: 'json', version: 1, fingerprint: fingerprintText([text]) };
  return connection.sendNotification(FileNotifications.didOpenFile, params);
}

/** Line and character of the last reference to a cluster, in a text with whatever line ends. */
function placeOf(text: string, cluster: string) {
  const lines = text.split(/\r\n|\r|\n/);
  const line = lines.findLastIndex((each) => each.includes(`"cluster": "${cluster}"`));
  return { line, character: (lines[line] ?? '').indexOf(cluster) + 1 };
}

/** What stands where the definition of a cluster leads; undefined where it leads nowhere. */
async function definitionOf({ connection }: Session, uri: string, text: string, cluster = 'shop') {
  const links = await connection.sendRequest<LocationLink[]>('textDocument/definition', {
    textDocument: { uri },
    position: placeOf(text, cluster),
  });
  const range = links[0]?.targetSelectionRange;
  return range && text.split(/\r\n|\r|\n/)[range.start.line]?.slice(range.start.character, range.end.character);
}

const changed = (uri: string, version: number, line: number, text: string) => ({
  textDocument: { uri, version },
  contentChanges: [{ range: { start: { line, character: 0 }, end: { line, character: 0 } }, text }],
});

describe('a file that the editor has as it is', () => {
  test('needs no text', async () => {
    const uri = write('plain.json', TEXT);
    const editor = await edit(new Map());
    await openFile(editor, uri, TEXT);
    expect(await definitionOf(editor, uri, TEXT)).toBe('"shop"');
    expect(editor.wanted).toEqual([]);
  });
  test('the server says that it can', async () => {
    const { result } = await begin();
    expect(result.capabilities.experimental).toEqual({ envoyLensReadsFiles: true });
  });
  test('announced ahead, once or twice, in no answer before it is opened', async () => {
    const uri = write('ahead.json', TEXT);
    const editor = await edit(new Map());
    await announce(editor, uri);
    await announce(editor, uri);
    await new Promise((done) => setTimeout(done, 100));
    expect(await editor.connection.sendRequest('workspace/symbol', { query: 'shop' })).toEqual([]);
    await openFile(editor, uri, TEXT);
    expect(await definitionOf(editor, uri, TEXT)).toBe('"shop"');
    expect(await editor.connection.sendRequest('workspace/symbol', { query: 'shop' })).not.toEqual([]);
    expect(editor.wanted).toEqual([]);
  });
  test('a byte order mark is not part of the text', async () => {
    const uri = write('mark.json', `\ufeff${TEXT}`);
    const editor = await edit(new Map());
    await openFile(editor, uri, TEXT);
    expect(await definitionOf(editor, uri, TEXT)).toBe('"shop"');
    expect(editor.wanted).toEqual([]);
  });
  test.each([
    ['all of one kind', TEXT.replaceAll('\n', '\r\n'), TEXT.replaceAll('\n', '\r\n')],
    ['mostly with a carriage return', TEXT.replaceAll('\n', '\r\n').replace('\r\n', '\n'), TEXT.replaceAll('\n', '\r\n')],
    ['mostly without', TEXT.replace('\n', '\r\n'), TEXT],
  ])('line ends as the editor makes them: %s', async (name, content, text) => {
    const uri = write(`${name.replaceAll(' ', '-')}.json`, content);
    const editor = await edit(new Map());
    await openFile(editor, uri, text);
    expect(await definitionOf(editor, uri, text)).toBe('"shop"');
    expect(editor.wanted).toEqual([]);
  });
  test('edits count from then on, also those that come while the file is read', async () => {
    const uri = write('edited.json', TEXT);
    const editor = await edit(new Map());
    void openFile(editor, uri, TEXT);
    void editor.connection.sendNotification('textDocument/didChange', changed(uri, 2, 0, '\n'));
    void editor.connection.sendNotification('textDocument/didChange', changed(uri, 3, 0, '\n\n'));
    expect(await definitionOf(editor, uri, `\n\n\n${TEXT}`)).toBe('"shop"');
    await editor.connection.sendNotification('textDocument/didChange', changed(uri, 4, 0, '\n'));
    expect(await definitionOf(editor, uri, `\n\n\n\n${TEXT}`)).toBe('"shop"');
    expect(editor.wanted).toEqual([]);
  });
  test('the outline is that of a document that was sent', async () => {
    const uri = write('outline.json', TEXT);
    const editor = await edit(new Map());
    await openFile(editor, uri, TEXT);
    const symbols = () => editor.connection.sendRequest<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument: { uri } });
    const read = await symbols();
    await editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await editor.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'json', version: 1, text: TEXT } });
    expect(read).not.toEqual([]);
    expect(await symbols()).toEqual(read);
  });
});

describe('a file that the editor has otherwise', () => {
  const other = TEXT.replaceAll('first', 'début');

  test.each([
    ['another content of the same length', Buffer.from(TEXT.replaceAll('shop', 'pohs')), TEXT],
    ['another length', Buffer.from(`${TEXT}\n`), TEXT],
    ['another encoding', Buffer.from(other, 'latin1'), other],
    ['UTF-16', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), TEXT],
    ['no file at all', undefined, TEXT],
  ])('%s: the server wants the text', async (name, content, text) => {
    const uri = content ? write(`${name.replaceAll(' ', '-')}.json`, content) : pathToFileURL(path.join(folder, 'missing.json')).toString();
    const editor = await edit(new Map([[uri, text]]));
    await announce(editor, uri);
    await openFile(editor, uri, text);
    expect(await definitionOf(editor, uri, text)).toBe('"shop"');
    expect(editor.wanted).toEqual([uri]);
  });
  test('a file that changes after it was announced is read again', async () => {
    const uri = write('changing.json', dump(['old']));
    const editor = await edit(new Map());
    await announce(editor, uri);
    await new Promise((done) => setTimeout(done, 100));
    write('changing.json', TEXT);
    await openFile(editor, uri, TEXT);
    expect(await definitionOf(editor, uri, TEXT)).toBe('"shop"');
    expect(editor.wanted).toEqual([]);
  });
  test('what was edited before the text came is in it, and counts once', async () => {
    const uri = write('late.json', dump(['old']));
    const now = `\n${TEXT}`;
    const editor = await edit(new Map([[uri, now]]));
    void openFile(editor, uri, TEXT);
    void editor.connection.sendNotification('textDocument/didChange', changed(uri, 2, 0, '\n'));
    expect(await definitionOf(editor, uri, now)).toBe('"shop"');
    await editor.connection.sendNotification('textDocument/didChange', changed(uri, 10, 0, '\n'));
    expect(await definitionOf(editor, uri, `\n${now}`)).toBe('"shop"');
  });
  test('one that is closed before its text came leaves nobody waiting', async () => {
    const uri = write('closed.json', dump(['old']));
    const editor = await edit(new Map());
    await openFile(editor, uri, TEXT);
    const asked = definitionOf(editor, uri, TEXT);
    await editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    expect(await asked).toBeUndefined();
  });
  test('a request that is cancelled does not wait for the text', async () => {
    const uri = write('cancelled.json', dump(['old']));
    const editor = await edit(new Map());
    await openFile(editor, uri, TEXT);
    const hover = {
      jsonrpc: '2.0',
      id: 77,
      method: 'textDocument/hover',
      params: { textDocument: { uri }, position: { line: 0, character: 0 } },
    };
    const answered = new Promise<string>((done) => {
      let output = '';
      editor.child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = /"id":77,.*?"code":-32800/.exec(output);
        if (found) done(found[0]);
      });
    });
    for (const message of [hover, { jsonrpc: '2.0', method: '$/cancelRequest', params: { id: 77 } }]) {
      const body = JSON.stringify(message);
      editor.child.stdin.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
    }
    expect(await answered).toContain('-32800');
  });
});

test('what is announced and not ours, or never opened, is in no answer', async () => {
  const editor = await edit(new Map());
  const foreign = write('foreign.json', '{ "name": "foreign" }');
  await announce(editor, foreign);
  await openFile(editor, foreign, '{ "name": "foreign" }');
  for (const name of ['a', 'b', 'c', 'd']) await announce(editor, write(`${name}.json`, dump([`only-in-${name}`])));
  await new Promise((done) => setTimeout(done, 200));
  expect(await editor.connection.sendRequest('workspace/symbol', { query: 'only' })).toEqual([]);
  expect(await editor.connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri: foreign } })).toEqual([]);
});

describe('files of the workspace', () => {
  /** A client that lists these files, and notes which it is asked to read. */
  async function beginIn(uris: readonly string[]): Promise<{ session: Session; read: string[] }> {
    const session = connect();
    const read: string[] = [];
    session.connection.onRequest('envoyLens/findFiles', () => ({ uris, truncated: false }));
    session.connection.onRequest<ReadFileResult, unknown>('envoyLens/readFile', ({ uri }: ReadFileParams) => {
      read.push(uri);
      return uri.startsWith('memory:') ? { text: dump(['in-memory']) } : { error: 'not here' };
    });
    await session.connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      capabilities: {},
      initializationOptions: { servesFiles: true },
    });
    await session.connection.sendNotification('initialized', {});
    return { session, read };
  }
  const symbols = ({ connection }: Session, query: string) =>
    connection.sendRequest<{ name: string }[]>('workspace/symbol', { query }).then((found) => found.map(({ name }) => name));

  test('on the disk are read by the server; others through the client', async () => {
    const plain = write('on-disk.json', `\ufeff${dump(['on-disk'])}`);
    const foreign = write('not-ours.json', '{ "name": "foreign" }');
    const missing = pathToFileURL(path.join(folder, 'gone.json')).toString();
    const { session, read } = await beginIn([plain, foreign, missing, 'memory:/w/dump.json']);
    await expect.poll(() => symbols(session, 'in-memory'), { timeout: 10_000 }).toContain('in-memory');
    expect(await symbols(session, 'on-disk')).toContain('on-disk');
    expect(await symbols(session, 'foreign')).toEqual([]);
    expect(read).toEqual([missing, 'memory:/w/dump.json']);
  });
  test('one that is being opened is read once, and from the disk again when it is closed', async () => {
    const uri = write('opening.json', TEXT);
    const { session, read } = await beginIn([uri]);
    await announce(session, uri);
    await openFile(session, uri, TEXT);
    expect(await definitionOf(session, uri, TEXT)).toBe('"shop"');
    await session.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await expect.poll(() => symbols(session, 'shop'), { timeout: 10_000 }).toContain('shop');
    expect(read).toEqual([]);
  });
});
