/** Certificates in files that a configuration names: the hover reads them, where the server has a disk or the client serves files. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { Hover, MarkupContent } from 'vscode-languageserver-protocol/node';
import { AUTHORITY_PEM, LEAF_PEM } from '../support/certificates';
import { connect, serveSessions } from './session';

serveSessions('certificateFiles');

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'certificates-'));
afterAll(() => {
  fs.rmSync(root, { recursive: true, force: true });
});

const KEY = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0LXNlY3JldA==\n-----END PRIVATE KEY-----\n';
const write = (file: string, text: string) => {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), text);
};

/** What a hover says on the name of the file, in `envoy/envoy.yaml` of a workspace; after `joined`, where that is given. */
async function hoverOn(filename: string, files: Record<string, string> = {}, joined?: object): Promise<string | undefined> {
  const { connection } = connect();
  const folder = pathToFileURL(root).toString();
  connection.onRequest('envoyLens/findFiles', () => ({ uris: [], truncated: false }));
  connection.onRequest('envoyLens/readFile', ({ uri }: { uri: string }) => ({ text: files[uri] ?? '' }));
  const isVirtual = Object.keys(files).length > 0;
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    workspaceFolders: [{ uri: isVirtual ? 'memory:/w' : folder, name: 'w' }],
    capabilities: {},
    initializationOptions: { servesFiles: isVirtual },
  });
  await connection.sendNotification('initialized', {});
  const uri = isVirtual ? 'memory:/w/envoy/envoy.yaml' : `${folder}/envoy/envoy.yaml`;
  const text = `tls_certificate:\n  certificate_chain: { filename: ${filename} }\n`;
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
  if (joined) await connection.sendNotification('workspace/didChangeWorkspaceFolders', { event: joined });
  const position = { line: 1, character: text.indexOf(filename) - text.indexOf('\n') + 1 };
  const hover = await connection.sendRequest<Hover | null>('textDocument/hover', { textDocument: { uri }, position });
  return (hover?.contents as MarkupContent | undefined)?.value;
}

test('beside the document, below it, or below the folder of the workspace', async () => {
  write('envoy/beside.pem', LEAF_PEM);
  write('envoy/certs/below.pem', LEAF_PEM);
  write('certs/root.pem', AUTHORITY_PEM);
  const leaf = 'spiffe://cluster.local/ns/default/sa/sleep';
  expect(await hoverOn('beside.pem')).toContain(leaf);
  expect(await hoverOn('./certs/below.pem')).toContain(leaf);
  expect(await hoverOn('/etc/envoy/beside.pem')).toContain(leaf);
  expect(await hoverOn('../certs/root.pem')).toMatch(/^\*\*Certificate of an authority\*\*[^]*`filename`/);
});
test('of a file with a key beside the certificate only the certificate is shown, and of a key alone nothing', async () => {
  write('envoy/both.pem', KEY + LEAF_PEM);
  write('envoy/key.pem', KEY);
  expect(await hoverOn('both.pem')).toContain('**Certificate**');
  expect(await hoverOn('both.pem')).not.toContain('c2VjcmV0');
  expect(await hoverOn('key.pem')).toMatch(/^`filename`/);
});
test('what lies outside of the workspace, or is not there, says what the field is', async () => {
  const outside = path.join(os.tmpdir(), `outside-${process.pid}.pem`);
  fs.writeFileSync(outside, LEAF_PEM);
  try {
    expect(await hoverOn(outside)).toMatch(/^`filename`/);
    expect(await hoverOn(`../../${path.basename(outside)}`)).toMatch(/^`filename`/);
  } finally {
    fs.rmSync(outside);
  }
  expect(await hoverOn('nowhere.pem')).toMatch(/^`filename`/);
});
test('in a virtual workspace the client reads it', async () => {
  expect(await hoverOn('certs/a.pem', { 'memory:/w/envoy/certs/a.pem': LEAF_PEM })).toContain('**Certificate**');
});
test('in a folder that joins the workspace later, and no longer in one that leaves it', async () => {
  const other = fs.mkdtempSync(path.join(os.tmpdir(), 'joined-'));
  const asFolder = (folder: string) => ({ uri: pathToFileURL(folder).toString(), name: path.basename(folder) });
  try {
    fs.writeFileSync(path.join(other, 'late.pem'), LEAF_PEM);
    expect(await hoverOn('/late.pem')).toMatch(/^`filename`/);
    expect(await hoverOn('/late.pem', {}, { added: [asFolder(other)], removed: [] })).toContain('**Certificate**');
    write('of-root.pem', LEAF_PEM);
    expect(await hoverOn('/of-root.pem')).toContain('**Certificate**');
    expect(await hoverOn('/of-root.pem', {}, { added: [], removed: [asFolder(root)] })).toMatch(/^`filename`/);
  } finally {
    fs.rmSync(other, { recursive: true });
  }
});
