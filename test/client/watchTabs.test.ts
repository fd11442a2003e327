/** Which tabs tell that a file of ours is being opened. */
import { afterEach, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';

const { editor, listeners } = vi.hoisted(() => {
  const listeners: (() => void)[] = [];
  const listen = (listener: () => void) => {
    listeners.push(listener);
    return { dispose: () => listeners.splice(0) };
  };
  class TabInputText {
    constructor(readonly uri: unknown) {}
  }
  const editor = {
    TabInputText,
    Disposable: { from: (...all: { dispose(): void }[]) => ({ dispose: () => all.forEach((each) => each.dispose()) }) },
    workspace: { textDocuments: [] as { uri: unknown }[] },
    window: { tabGroups: { all: [] as { activeTab: { input: unknown } }[], onDidChangeTabs: listen, onDidChangeTabGroups: listen } },
  };
  return { editor, listeners };
});
vi.mock('vscode', () => editor);

const { watchTabs } = await import('../../client/src/watchTabs');

const OURS = '{ "configs": [{ "@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump"';
const uriOf = (path: string, scheme = 'file') => ({ scheme, path, fsPath: path, toString: () => `${scheme}://${path}` });
const show = (...uris: object[]) => {
  editor.window.tabGroups.all = uris.map((uri) => ({ activeTab: { input: new editor.TabInputText(uri) } }));
  for (const listener of listeners) listener();
};

/** Watches with a disk of these files; paths that were peeked at, and those that were found. */
function watch(files: Record<string, { beginning: string; size: number }>) {
  const peeked: string[] = [];
  const found: [string, number][] = [];
  const peek = (path: string) => {
    peeked.push(path);
    const file = files[path];
    return file ? Promise.resolve(file) : Promise.reject(new Error('no such file'));
  };
  watchTabs(peek, (uri: vscode.Uri, size) => found.push([uri.fsPath, size]));
  return { peeked, found };
}

afterEach(() => {
  listeners.splice(0);
  editor.workspace.textDocuments = [];
  editor.window.tabGroups.all = [];
});

test('a file of ours in a tab that comes to the front, once while it stays there', async () => {
  const { found, peeked } = watch({ '/a.json': { beginning: OURS, size: 20_000_000 } });
  show(uriOf('/a.json'));
  show(uriOf('/a.json'));
  await vi.waitFor(() => expect(found).toEqual([['/a.json', 20_000_000]]));
  expect(peeked).toEqual(['/a.json']);
});
test('a tab that is there already when the extension is activated', async () => {
  show(uriOf('/a.yaml'));
  const { found } = watch({ '/a.yaml': { beginning: OURS, size: 10 } });
  await vi.waitFor(() => expect(found).toEqual([['/a.yaml', 10]]));
});
test('not: foreign files, other endings and schemes, what cannot be read, what VS Code hides, and what is open', async () => {
  const { found, peeked } = watch({
    '/foreign.json': { beginning: '{ "name": "foreign" }', size: 10 },
    '/huge.json': { beginning: OURS, size: 60 * 1024 * 1024 },
    '/notes.txt': { beginning: OURS, size: 10 },
    '/open.json': { beginning: OURS, size: 10 },
    '/last.json': { beginning: OURS, size: 10 },
  });
  editor.workspace.textDocuments = [{ uri: uriOf('/open.json') }];
  show(
    ...['/foreign.json', '/huge.json', '/notes.txt', '/open.json', '/missing.json'].map((path) => uriOf(path)),
    uriOf('/last.json', 'vscode-vfs'),
  );
  show(uriOf('/last.json'));
  await vi.waitFor(() => expect(found).toEqual([['/last.json', 10]]));
  expect(peeked.sort()).toEqual(['/foreign.json', '/huge.json', '/last.json', '/missing.json']);
});
