/** What is sent of an opened document: its fingerprint, its text, or nothing. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { BaseLanguageClient, MessageSignature } from 'vscode-languageclient';
import { FileNotifications, fingerprintText, WORTH_READING } from '../../server/src/protocol/openFiles';

const { editor } = vi.hoisted(() => ({
  editor: { workspace: { textDocuments: [] as { uri: { toString(): string }; isDirty: boolean; text: string }[] } },
}));
vi.mock('vscode', () => editor);

const { openWithoutText } = await import('../../client/src/openWithoutText');

const LARGE = ' '.repeat(WORTH_READING);
const DID_OPEN = 'textDocument/didOpen';
const DID_OPEN_TYPE = { method: DID_OPEN } as MessageSignature;

let sent: { method: string; params: unknown }[] = [];
let askForText: (params: { uri: string }) => Promise<void>;

/** As the language client does it: all notifications of documents go through the middleware. */
function connect(experimental: object | undefined) {
  const opening = openWithoutText();
  const send = (type: string | MessageSignature, params: unknown) => {
    sent.push({ method: typeof type === 'string' ? type : type.method, params });
    return Promise.resolve();
  };
  const through = (type: string | MessageSignature, params: unknown) =>
    opening.middleware.sendNotification?.(type, send, params) ?? Promise.reject(new Error('no middleware'));
  opening.serve({
    initializeResult: { capabilities: { experimental } },
    onNotification: (_: string, handler: typeof askForText) => {
      askForText = handler;
    },
    sendNotification: through,
    code2ProtocolConverter: { asOpenTextDocumentParams: ({ text }: { text: string }) => ({ textDocument: { text } }) },
  } as unknown as BaseLanguageClient);
  return through;
}

const opened = (uri: string, text: string) => ({ textDocument: { uri, languageId: 'json', version: 3, text } });
const methods = () => sent.map(({ method }) => method);

beforeEach(() => {
  sent = [];
  editor.workspace.textDocuments = [];
});

test('a large file: its fingerprint', async () => {
  await connect({ envoyLensReadsFiles: true })(DID_OPEN_TYPE, opened('file:///a.json', LARGE));
  const params = { uri: 'file:///a.json', languageId: 'json', version: 3, fingerprint: fingerprintText([LARGE]) };
  expect(sent).toEqual([{ method: FileNotifications.didOpenFile, params }]);
});

test.each([
  ['a short one', 'file:///a.json', LARGE.slice(1)],
  ['an untitled one', 'untitled:a', LARGE],
  ['one of another file system', 'vscode-vfs://github/a.json', LARGE],
  ['one with unsaved changes', 'file:///dirty.json', LARGE],
])('%s: its text', async (_, uri, text) => {
  editor.workspace.textDocuments = [{ uri: { toString: () => 'file:///dirty.json' }, isDirty: true, text: LARGE }];
  await connect({ envoyLensReadsFiles: true })(DID_OPEN_TYPE, opened(uri, text));
  expect(methods()).toEqual([DID_OPEN]);
});

test('a server without a disk: the text', async () => {
  await connect(undefined)(DID_OPEN_TYPE, opened('file:///a.json', LARGE));
  expect(methods()).toEqual([DID_OPEN]);
});

test.each(['vscode://schemas/a.json', 'vscode-userdata:/settings.json'])('VS Code’s own %s: nothing at all', async (uri) => {
  const send = connect({ envoyLensReadsFiles: true });
  await send(DID_OPEN_TYPE, opened(uri, LARGE));
  await send({ method: 'textDocument/didClose' } as MessageSignature, { textDocument: { uri } });
  expect(sent).toEqual([]);
});

test('what is not about a document passes', async () => {
  const send = connect({ envoyLensReadsFiles: true });
  await send('workspace/didChangeConfiguration', { settings: null });
  await send('initialized', undefined);
  expect(methods()).toEqual(['workspace/didChangeConfiguration', 'initialized']);
});

test('the text, when the server asks for it; nothing when the document is closed', async () => {
  connect({ envoyLensReadsFiles: true });
  editor.workspace.textDocuments = [{ uri: { toString: () => 'file:///a.json' }, isDirty: false, text: LARGE }];
  await askForText({ uri: 'file:///closed.json' });
  await askForText({ uri: 'file:///a.json' });
  expect(sent).toEqual([{ method: DID_OPEN, params: { textDocument: { text: LARGE } } }]);
});
