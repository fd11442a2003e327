/** A session with the server as a process: what the tests of the protocol have in common. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { afterEach, beforeAll } from 'vitest';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol/node';
import { buildServer } from './buildServer';

let bundle = '';
export const uri = 'file:///envoy.yaml';
const TCP = 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';
export const TEXT = `static_resources:
  listeners:
  - name: l
    filter_chains: [{ filters: [{ name: t, typed_config: { "@type": ${TCP}, stat_prefix: "äß𝄞", cluster: réviews } }] }]
  clusters:
  - { name: réviews, type: STATIC }
`;

export interface Session {
  readonly connection: ProtocolConnection;
  readonly child: ChildProcessWithoutNullStreams;
  readonly published: PublishDiagnosticsParams[];
  /** Requests that the server sent, by method. */
  readonly asked: string[];
}

const sessions: Session[] = [];

/** To be called at the top of a test file, with a name of its own. */
export function serveSessions(name: string): void {
  beforeAll(async () => {
    bundle = await buildServer(name);
  });

  afterEach(() => {
    for (const { connection, child } of sessions.splice(0)) {
      connection.dispose();
      child.kill();
    }
  });
}

export function connect(): Session {
  const child = spawn(process.execPath, [bundle, 'lsp', '--stdio']);
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const session: Session = { connection, child, published: [], asked: [] };
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    session.published.push(params);
  });
  connection.onRequest('workspace/diagnostic/refresh', () => {
    session.asked.push('workspace/diagnostic/refresh');
    return null;
  });
  connection.listen();
  sessions.push(session);
  return session;
}

export async function begin(
  capabilities: ClientCapabilities = {},
  initializationOptions?: object,
): Promise<Session & { result: InitializeResult }> {
  const session = connect();
  const result = await session.connection.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: null,
    capabilities,
    initializationOptions,
  });
  await session.connection.sendNotification('initialized', {});
  return { ...session, result };
}

export function open({ connection }: Session, text = TEXT): Promise<void> {
  return connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
}

/** Where the word begins, in units of the encoding. */
export function positionOf(word: string, encoding: 'utf-8' | 'utf-16' = 'utf-16', text = TEXT) {
  const before = text.slice(0, text.lastIndexOf(word)).split('\n');
  const last = before.at(-1) ?? '';
  return { line: before.length - 1, character: encoding === 'utf-8' ? Buffer.byteLength(last) : last.length };
}
