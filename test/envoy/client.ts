/** Sends a TraceRequest for real and tells what the client gets. */
import { connect as connectHttp2, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect as connectNet, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { InnerRequest, RequestConnection, RequestHttp, TraceRequest } from '../../server/src/protocol/trace';
import { leafOf } from './certificates';

export interface ClientResult {
  /** Of the client's socket; 0: the connection was refused. */
  readonly port: number;
  /** How it ended. Example: `response`, `closed`, `refused` */
  readonly end: string;
  readonly answer?: ClientAnswer;
  /** The answer inside the tunnel. */
  readonly inner?: ClientAnswer;
  readonly tlsFailed?: boolean;
}

export interface ClientAnswer {
  readonly code: number;
  readonly headers: readonly [string, string][];
  readonly body: string;
}

/** What raw clients say first. */
const HELLO = 'LAB-HELLO\n';
const PATIENCE = 1500;

export async function sendRequest({ connection, http, inner }: TraceRequest): Promise<ClientResult> {
  let socket: Socket;
  try {
    socket = await openPatiently(connection);
  } catch {
    return { port: 0, end: 'refused' };
  }
  const port = socket.localPort ?? 0;
  try {
    const stream = connection.transport === 'tls' ? await encrypt(socket, connection) : socket;
    return { port, ...(await speak(stream, http, inner)) };
  } catch (error) {
    return { port, end: `closed: ${error instanceof Error ? error.message : String(error)}`, tlsFailed: connection.transport === 'tls' };
  } finally {
    // A port of the client's own must be free again at once: a reset leaves no TIME_WAIT.
    if (splitAddress(connection.source ?? '')[1] !== undefined) socket.resetAndDestroy();
    else socket.destroy();
  }
}

const PORT_TRIES = 50;

/** A port of the client's own may still be taken by the request before; and Envoy may close so soon that the connecting itself fails. */
const PASSING: ReadonlySet<unknown> = new Set(['EADDRINUSE', 'EADDRNOTAVAIL', 'ECONNRESET']);

async function openPatiently(connection: RequestConnection): Promise<Socket> {
  for (let tries = 1; ; tries++) {
    try {
      return await open(connection);
    } catch (error) {
      const isPassing = error instanceof Error && 'code' in error && PASSING.has(error.code);
      if (!isPassing || tries === PORT_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Where a load balancer stands between, the socket is its own, and it announces the client by a PROXY header. */
function open({ destination = '', source = '', directSource }: RequestConnection): Promise<Socket> {
  const [host, port = ''] = splitAddress(destination);
  const [localAddress, localPort] = splitAddress(directSource ?? source);
  const header = directSource === undefined ? '' : proxyHeader(source, destination);
  return new Promise((resolve, reject) => {
    const from = { ...(localAddress ? { localAddress } : {}), ...(localPort ? { localPort: Number(localPort) } : {}) };
    const socket = connectNet({ host, port: Number(port), noDelay: true, ...from }, () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      if (header !== '') socket.write(header);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

function proxyHeader(source: string, destination: string): string {
  const [from, fromPort = '40000'] = splitAddress(source);
  const [to, toPort = ''] = splitAddress(destination);
  return `PROXY ${from.includes(':') ? 'TCP6' : 'TCP4'} ${from} ${to} ${fromPort} ${toPort}\r\n`;
}

/** `10.1.1.1:80`, `[::1]:80`, or an address alone. */
function splitAddress(text: string): [host: string, port?: string] {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/u.exec(text);
  const host = match?.[1] ?? match?.[2] ?? text;
  return match?.[3] === undefined ? [host] : [host, match[3]];
}

function encrypt(socket: Socket, { sni, alpn, peerPrincipals }: RequestConnection): Promise<Duplex> {
  const principal = peerPrincipals?.[0];
  const leaf = principal === undefined ? undefined : leafOf(principal);
  return new Promise((resolve, reject) => {
    const secure = connectTls(
      {
        socket,
        rejectUnauthorized: false,
        ...(sni ? { servername: sni } : {}),
        ...(alpn && alpn.length > 0 ? { ALPNProtocols: [...alpn] } : {}),
        ...(leaf ? { cert: leaf.certificate, key: leaf.key } : {}),
      },
      () => {
        secure.off('error', reject);
        secure.on('error', () => undefined);
        resolve(secure);
      },
    );
    secure.once('error', reject);
    secure.once('close', () => reject(new Error('closed')));
    setTimeout(() => reject(new Error('handshake timeout')), PATIENCE).unref();
  });
}

type Spoken = Omit<ClientResult, 'port'>;

async function speak(stream: Duplex, http: RequestHttp | undefined, inner: InnerRequest | undefined): Promise<Spoken> {
  if (!http) return sayHello(stream);
  const tunnel = http.method === 'CONNECT';
  const talk = http.version === 'http2' ? talkHttp2 : talkHttp1;
  const { answer, tunnelStream } = await talk(stream, http);
  if (!answer) return { end: 'closed' };
  if (!tunnel || answer.code !== 200 || !tunnelStream) return { end: 'response', answer };
  const said = await speak(tunnelStream, inner?.http, inner?.inner);
  return { end: said.end, answer, ...(said.answer ? { inner: said.answer } : {}) };
}

/** Raw bytes: an answer, a close, or silence. */
function sayHello(stream: Duplex): Promise<Spoken> {
  return new Promise((resolve) => {
    const done = (end: string): void => resolve({ end });
    stream.once('data', () => done('answered'));
    stream.once('close', () => done('closed'));
    stream.once('end', () => done('closed'));
    stream.once('error', () => done('closed'));
    stream.write(HELLO);
    setTimeout(() => done('silence'), PATIENCE).unref();
  });
}

interface Talk {
  readonly answer?: ClientAnswer;
  readonly tunnelStream?: Duplex;
}

function talkHttp1(stream: Duplex, http: RequestHttp): Promise<Talk> {
  const tunnel = http.method === 'CONNECT';
  const names = new Set(http.headers.map(([name]) => name.toLowerCase()));
  const announces = names.has('content-length') || names.has('transfer-encoding');
  const none = (http.method === 'POST' || http.method === 'PUT') && !announces ? 'content-length: 0\r\n' : '';
  const headers = http.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const start = `${http.method} ${tunnel ? http.authority : http.path} HTTP/1.1\r\n${http.authority === '' ? '' : `host: ${http.authority}\r\n`}`;
  return new Promise((resolve) => {
    let text = '';
    const finish = (talk: Talk): void => {
      stream.off('data', onData);
      resolve(talk);
    };
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const answer = parseAnswer(text, http.method === 'HEAD' || tunnel);
      if (answer) finish({ answer, ...(tunnel ? { tunnelStream: stream } : {}) });
    };
    const onClose = (): void => finish({ answer: parseAnswer(text, true) });
    stream.on('data', onData);
    stream.once('close', onClose);
    stream.once('end', onClose);
    stream.write(Buffer.from(`${start}${headers}${none}\r\n${tunnel ? '' : bodyOf(http)}`, 'latin1'));
    setTimeout(() => finish({ answer: parseAnswer(text, true) }), PATIENCE).unref();
  });
}

/** As many bytes as the headers announce. */
function bodyOf({ headers }: RequestHttp): string {
  const valueOf = (wanted: string): string | undefined => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  if (valueOf('transfer-encoding')?.toLowerCase() === 'chunked') return '3\r\nlab\r\n0\r\n\r\n';
  const length = valueOf('content-length') ?? '';
  return /^\d{1,6}$/u.test(length) ? 'b'.repeat(Number(length)) : '';
}

/** The whole answer, or undefined while more must come; `100 Continue` is none. */
function parseAnswer(given: string, headOnly: boolean): ClientAnswer | undefined {
  const text = given.replace(/^(?:HTTP\/1\.1 100 Continue\r\n(?:[^\r\n]+\r\n)*\r\n)+/u, '');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [start = '', ...lines] = text.slice(0, end).split('\r\n');
  const code = Number(start.split(' ')[1] ?? 0);
  const headers = lines.map((line): [string, string] => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  const rest = text.slice(end + 4);
  const length = headers.find(([name]) => name === 'content-length')?.[1];
  const chunked = headers.some(([name, value]) => name === 'transfer-encoding' && value === 'chunked');
  if (headOnly || code === 204 || code === 304) return { code, headers, body: rest };
  if (chunked) return rest.endsWith('0\r\n\r\n') ? { code, headers, body: unchunk(rest) } : undefined;
  if (length === undefined) return { code, headers, body: rest };
  return rest.length >= Number(length) ? { code, headers, body: rest.slice(0, Number(length)) } : undefined;
}

function unchunk(text: string): string {
  let body = '';
  for (let at = 0; at < text.length;) {
    const line = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, line), 16);
    if (line < 0 || !(size > 0)) break;
    body += text.slice(line + 2, line + 2 + size);
    at = line + 4 + size;
  }
  return body;
}

function talkHttp2(stream: Duplex, http: RequestHttp): Promise<Talk> {
  return new Promise((resolve) => {
    const session = connectHttp2('http://lab.test', { createConnection: () => stream, settings: { enablePush: false } });
    session.on('error', () => resolve({}));
    session.once('close', () => resolve({}));
    setTimeout(() => resolve({}), PATIENCE).unref();
    readHttp2(requestHttp2(session, http), http, resolve);
  });
}

function requestHttp2(session: ClientHttp2Session, http: RequestHttp): ClientHttp2Stream {
  const tunnel = http.method === 'CONNECT';
  const pseudo = tunnel ? { ':method': 'CONNECT', ':authority': http.authority } : pseudoHeaders(http);
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of http.headers) {
    const before = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  const body = bodyOf(http);
  const stream = session.request({ ...pseudo, ...headers }, { endStream: !tunnel && body === '' });
  if (!tunnel && body !== '') stream.end(body);
  return stream;
}

function pseudoHeaders({ method, scheme, authority, path }: RequestHttp): Record<string, string> {
  return { ':method': method, ':scheme': scheme, ':authority': authority, ':path': path };
}

function readHttp2(stream: ClientHttp2Stream, http: RequestHttp, resolve: (talk: Talk) => void): void {
  let answer: ClientAnswer | undefined;
  let body = '';
  stream.on('response', (headers) => {
    const code = headers[':status'] ?? 0;
    const pairs = Object.entries(headers).map(([name, value]): [string, string] => [
      name,
      Array.isArray(value) ? value.join(', ') : String(value),
    ]);
    answer = { code, headers: pairs.filter(([name]) => !name.startsWith(':')), body: '' };
    if (http.method === 'CONNECT' && code === 200) resolve({ answer, tunnelStream: stream });
  });
  if (http.method !== 'CONNECT') stream.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
  const finish = (): void => resolve(answer ? { answer: { ...answer, body } } : {});
  stream.on('error', finish);
  stream.on('end', finish);
  stream.on('close', finish);
}
