/** Files of the workspace that are not open: read through the client, with progress, a limit, and never twice what is open. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { afterEach, beforeAll, expect, test } from 'vitest';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from 'vscode-languageserver-protocol/node';
import { buildServer } from './buildServer';

let bundle = '';

const LDS = `resources:
- "@type": type.googleapis.com/envoy.config.listener.v3.Listener
  name: l
  filter_chains: [{ filters: [{ name: t, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: s, cluster: shop } }] }]
`;
const CDS = 'resources:\n- { "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster, name: shop, type: STATIC }\n';
const atFirst: Record<string, string> = { 'file:///w/lds.yaml': LDS, 'file:///w/cds.yaml': CDS };

let files = atFirst;

interface Session {
  readonly connection: ProtocolConnection;
  readonly child: ChildProcessWithoutNullStreams;
  /** Uris that the server has read. */
  readonly read: string[];
  readonly progress: { kind: string; message?: string }[];
  /** What was shown to the user. */
  readonly shown: string[];
}

let session: Session;

beforeAll(async () => {
  bundle = await buildServer('workspaceFiles');
});

afterEach(() => {
  files = atFirst;
  session.connection.dispose();
  session.child.kill();
});

async function begin(readMilliseconds = 0): Promise<Session> {
  const child = spawn(process.execPath, [bundle, 'lsp', '--stdio']);
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  session = { connection, child, read: [], progress: [], shown: [] };
  connection.onRequest('envoyLens/findFiles', ({ limit }: { limit: number }) => ({
    uris: Object.keys(files).slice(0, limit),
    truncated: Object.keys(files).length > limit,
  }));
  connection.onRequest('envoyLens/readFile', async ({ uri }: { uri: string }) => {
    session.read.push(uri);
    await new Promise((done) => setTimeout(done, readMilliseconds));
    return { text: files[uri] };
  });
  connection.onRequest('window/workDoneProgress/create', () => null);
  connection.onRequest('window/showMessageRequest', ({ message }: { message: string }) => {
    session.shown.push(message);
    return null;
  });
  connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
    session.shown.push(message);
  });
  connection.onNotification('$/progress', ({ value }: { value: { kind: string; message?: string } }) => {
    session.progress.push(value);
  });
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    capabilities: { window: { workDoneProgress: true } },
    initializationOptions: { servesFiles: true },
  });
  return session;
}

const open = (uri: string) =>
  session.connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text: files[uri] },
  });

/** Of the cluster that the listener names. */
async function definitions(): Promise<string[]> {
  const line = LDS.split('\n').findIndex((each) => each.includes('cluster: shop'));
  const character = (LDS.split('\n')[line]?.indexOf('shop') ?? 0) + 1;
  const links = await session.connection.sendRequest<{ targetUri: string }[]>('textDocument/definition', {
    textDocument: { uri: 'file:///w/lds.yaml' },
    position: { line, character },
  });
  return links.map(({ targetUri }) => targetUri);
}

test('a file that is not open resolves names; one that is open is not read until it is closed', async () => {
  await begin();
  await open('file:///w/lds.yaml');
  await session.connection.sendNotification('initialized', {});
  await expect.poll(definitions).toEqual(['file:///w/cds.yaml']);
  expect(session.read).toEqual(['file:///w/cds.yaml']);
  await session.connection.sendNotification('textDocument/didClose', { textDocument: { uri: 'file:///w/lds.yaml' } });
  await expect.poll(() => session.read).toEqual(['file:///w/cds.yaml', 'file:///w/lds.yaml']);
  await expect.poll(definitions).toEqual(['file:///w/cds.yaml']);
  expect(session.progress).toEqual([]);
});
test('what takes long shows progress', async () => {
  await begin(1_100);
  await session.connection.sendNotification('initialized', {});
  await expect.poll(() => session.progress.map(({ kind }) => kind), { timeout: 5_000 }).toEqual(['begin', 'report', 'end']);
  expect(session.progress[1]?.message).toBe('cds.yaml');
});
test('a file that is deleted is forgotten', async () => {
  await begin();
  await open('file:///w/lds.yaml');
  await session.connection.sendNotification('initialized', {});
  await expect.poll(definitions).toEqual(['file:///w/cds.yaml']);
  await session.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: 'file:///w/cds.yaml', type: 3 }] });
  await expect.poll(definitions).toEqual([]);
});
test('a file that is renamed is read, also where no more may be', async () => {
  const { connection } = await begin();
  await open('file:///w/lds.yaml');
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('workspace/didChangeConfiguration', { settings: { envoyLens: { maxFiles: 2 } } });
  await expect.poll(definitions).toEqual(['file:///w/cds.yaml']);
  files = { 'file:///w/lds.yaml': LDS, 'file:///w/clusters.yaml': CDS };
  const changes = [
    { uri: 'file:///w/clusters.yaml', type: 1 },
    { uri: 'file:///w/cds.yaml', type: 3 },
  ];
  await connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
  await expect.poll(definitions).toEqual(['file:///w/clusters.yaml']);
});
test('a trace waits for files that are being read', async () => {
  await begin(300);
  await open('file:///w/lds.yaml');
  await session.connection.sendNotification('initialized', {});
  const trace = await session.connection.sendRequest<{ paths: { hops: { cluster?: string }[]; disposition: string }[] }>(
    'envoyLens/trace',
    {
      request: { connection: { destination: '10.0.0.1:80' }, start: { listener: 'l' } },
    },
  );
  expect(session.read).toContain('file:///w/cds.yaml');
  expect(trace.paths[0]?.disposition).toBe('no_endpoint');
});
test('so does a list of all proxies; one of those that are known already does not', async () => {
  files = { 'file:///w/envoy.yaml': 'node: { id: edge, cluster: mesh }\nstatic_resources: {}' };
  const { connection } = await begin(300);
  await connection.sendNotification('initialized', {});
  const ids = async (params: object) =>
    (await connection.sendRequest<{ id: string }[]>('envoyLens/listProxies', params)).map(({ id }) => id);
  expect(await ids({})).toEqual([]);
  expect(await ids({ all: true })).toEqual(['edge']);
});

test('a folder that comes is read, and one that goes is forgotten', async () => {
  files = { 'file:///w/lds.yaml': LDS };
  const { connection, read } = await begin();
  await connection.sendNotification('initialized', {});
  await open('file:///w/lds.yaml');
  await expect.poll(definitions).toEqual([]);
  const changeFolders = (added: string[], removed: string[]) => {
    const folders = (uris: string[]) => uris.map((uri) => ({ uri, name: uri }));
    return connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: folders(added), removed: folders(removed) },
    });
  };
  files = atFirst;
  await changeFolders(['file:///w'], []);
  await expect.poll(definitions).toEqual(['file:///w/cds.yaml']);
  expect(read).toEqual(['file:///w/cds.yaml']);
  files = { 'file:///w/lds.yaml': LDS };
  await changeFolders([], ['file:///w']);
  await expect.poll(definitions).toEqual([]);
});

test('another number of files counts at once, the watcher keeps to it, and the user is told once that files are left out', async () => {
  const { connection, shown } = await begin();
  await open('file:///w/lds.yaml');
  await connection.sendNotification('initialized', {});
  await expect.poll(definitions).toEqual(['file:///w/cds.yaml']);
  const want = (maxFiles: number) =>
    connection.sendNotification('workspace/didChangeConfiguration', { settings: { envoyLens: { maxFiles } } });
  await want(1);
  await expect.poll(definitions).toEqual([]);
  await connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: 'file:///w/cds.yaml', type: 2 }] });
  expect(await definitions()).toEqual([]);
  const toldOnce = [expect.stringMatching(/only 1 files of this workspace.*envoyLens\.maxFiles/)];
  await expect.poll(() => shown).toEqual(toldOnce);
  await want(2);
  await expect.poll(definitions).toEqual(['file:///w/cds.yaml']);
  await want(1);
  await expect.poll(definitions).toEqual([]);
  await want(0);
  await expect.poll(definitions).toEqual([]);
  expect(shown).toEqual(toldOnce);
});
