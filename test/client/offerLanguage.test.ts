/** Plain text that looks like ours: which language is offered, and when nobody is asked. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const { editor, events } = vi.hoisted(() => {
  const events: Record<'shown' | 'changed', ((event: object) => void) | undefined> = { shown: undefined, changed: undefined };
  const listen = (name: 'shown' | 'changed') => (listener: (event: object) => void) => {
    events[name] = listener;
    return { dispose: () => undefined };
  };
  const editor = {
    Range: vi.fn(),
    Disposable: { from: () => ({ dispose: () => undefined }) },
    l10n: { t: (words: string, ...values: string[]) => words.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? '') },
    languages: { setTextDocumentLanguage: vi.fn() },
    window: {
      activeTextEditor: undefined as { document: object } | undefined,
      showInformationMessage: vi.fn(),
      onDidChangeActiveTextEditor: listen('shown'),
    },
    workspace: { onDidChangeTextDocument: listen('changed'), asRelativePath: ({ path }: { path: string }) => path },
  };
  return { editor, events };
});
vi.mock('vscode', () => editor);

const { languageOf, offerLanguage } = await import('../../client/src/offerLanguage');

let opened = 0;

function documentOf(text: string, languageId = 'plaintext', scheme = 'untitled') {
  const lines = text.split('\n');
  const lineAt = (line: number) => ({ text: lines[line] ?? '' });
  return {
    languageId,
    uri: { scheme, path: `Untitled-${++opened}` },
    lineCount: lines.length,
    lineAt,
    getText: () => text,
    isClosed: false,
  };
}

async function show(document: object) {
  editor.window.activeTextEditor = { document };
  events.shown?.(editor.window.activeTextEditor);
  await vi.advanceTimersByTimeAsync(5000);
}

const OURS = 'weighted_clusters:\n  clusters: [{ name: a, weight: 1 }]\n';

beforeEach(() => {
  vi.useFakeTimers();
  editor.window.activeTextEditor = undefined;
  vi.clearAllMocks();
});
afterEach(() => vi.useRealTimers());

test('a paste of ours becomes YAML when one wants it', async () => {
  editor.window.showInformationMessage.mockImplementation((_: string, yes: string) => Promise.resolve(yes));
  offerLanguage();
  const document = documentOf(OURS);
  await show(document);
  expect(editor.window.showInformationMessage).toHaveBeenCalledWith(expect.stringContaining('Envoy'), 'Read as YAML');
  expect(editor.languages.setTextDocumentLanguage).toHaveBeenCalledWith(document, 'yaml');
});

test('one is asked once, and after a no never again', async () => {
  editor.window.showInformationMessage.mockResolvedValue(undefined);
  offerLanguage();
  const document = documentOf(OURS);
  await show(document);
  await show(document);
  await show(documentOf(OURS));
  expect(editor.window.showInformationMessage).toHaveBeenCalledTimes(1);
});

test('offers of several documents name them, for VS Code shows only one of equal messages', async () => {
  editor.window.showInformationMessage.mockReturnValue(new Promise(() => undefined));
  offerLanguage();
  const documents = [documentOf(OURS), documentOf(OURS)];
  for (const document of documents) await show(document);
  for (const { uri } of documents)
    expect(editor.window.showInformationMessage).toHaveBeenCalledWith(expect.stringContaining(uri.path), 'Read as YAML');
});

test.each([
  ['another text', documentOf('Dear all,\nthe cluster is down.\n')],
  ['a language that somebody has chosen', documentOf(OURS, 'markdown')],
  ['what an extension shows', documentOf(OURS, 'plaintext', 'output')],
])('nobody is asked for %s', async (_, document) => {
  offerLanguage();
  await show(document);
  expect(editor.window.showInformationMessage).not.toHaveBeenCalled();
});

test.each([
  ['{\n "configs": []}', 'json'],
  ['// comment\n[{}]', 'json'],
  ['"route": { "cluster": "a" }', 'json'],
  ['static_resources:\n', 'yaml'],
  ['# comment\n- name: a\n', 'yaml'],
  ['"@type": type.googleapis.com/a\n', 'yaml'],
  ['{% if x %}\na: 1\n', 'yaml'],
])('%j is %s', (text, language) => expect(languageOf(text)).toBe(language));
