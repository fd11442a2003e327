/** The upstream of every case: accepts on each address, answers, and tells what really arrived. */
import { createServer as createHttp2Server, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { leafOf } from './certificates';
import { readClientHello } from './clientHello';

/** What was said on one connection, outermost first. */
export type Layer = TlsLayer | HttpLayer | { readonly kind: 'bytes'; readonly text: string };

export interface TlsLayer {
  readonly kind: 'tls';
  readonly sni: string | null;
  readonly alpn: readonly string[];
}

export interface HttpLayer {
  readonly kind: 'http';
  readonly version: string;
  readonly method: string;
  readonly authority: string;
  readonly path: string;
  readonly headers: [string, string][];
}

export interface RecordedConnection {
  /** The endpoint that Envoy chose. Example: `10.200.0.1:9080` */
  readonly address: string;
  readonly layers: Layer[];
}

export interface Recorder {
  /** Connections since the last call on which something was said. */
  readonly take: () => RecordedConnection[];
  readonly close: () => void;
}

/** The header of every answer. */
export const SENT_HEADERS: readonly [string, string][] = [['x-lab', 'upstream']];

/** Ports of the endpoints that the generators use. */
const UPSTREAM_PORTS = [9080, 9081, 9082, 15008] as const;

/** Listens on all addresses at the ports. */
export async function startRecorder(ports: readonly number[] = UPSTREAM_PORTS): Promise<Recorder> {
  let connections: RecordedConnection[] = [];
  const servers = await Promise.all(
    ports
      .flatMap((port) => ['0.0.0.0', '::'].map((host): [string, number] => [host, port]))
      .map(([host, port]) =>
        listen(host, port, (socket) => {
          const seen: RecordedConnection = { address: addressOf(socket), layers: [] };
          connections.push(seen);
          serve(socket, { layers: seen.layers });
        }),
      ),
  );
  return {
    take: () => {
      const taken = connections.filter(({ layers }) => layers.length > 0);
      connections = [];
      return taken;
    },
    close: () => servers.forEach((server) => server.close()),
  };
}

interface Serving {
  readonly layers: Layer[];
}

/** As Envoy writes it. */
function addressOf({ localAddress = '', localPort = 0 }: Socket): string {
  return localAddress.includes(':') ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`;
}

function listen(host: string, port: number, onConnection: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true }, onConnection);
    server.once('error', reject);
    server.listen({ port, host, ipv6Only: true, backlog: 1024 }, () => resolve(server));
  });
}

/** Looks at the first bytes, which tell what is spoken. */
function serve(stream: Duplex, serving: Serving): void {
  let bytes: Buffer = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    const speak = recognize(bytes);
    if (!speak) return;
    stream.off('data', onData);
    stream.pause();
    speak(stream, bytes, serving);
  };
  stream.on('error', () => stream.destroy());
  stream.on('data', onData);
}

type Speaker = (stream: Duplex, bytes: Buffer, serving: Serving) => void;

function recognize(bytes: Buffer): Speaker | undefined {
  if (bytes[0] === 22) return readClientHello(bytes) ? serveTls : undefined;
  if (bytes[0] === 13 || bytes.subarray(0, 6).toString('latin1') === 'PROXY ') return lengthOfProxyHeader(bytes) ? serveProxied : undefined;
  const text = bytes.toString('latin1');
  if (text.startsWith('PRI * HTTP/2.0')) return serveHttp2;
  if ('PRI * HTTP/2.0'.startsWith(text)) return undefined;
  if (/^[A-Z]+ [^\r\n]* HTTP\/1\.[01]\r\n/u.test(text)) return text.includes('\r\n\r\n') ? serveHttp1 : undefined;
  if (/^[A-Z]+ [^\r\n]*$/u.test(text) && !text.startsWith('LAB')) return undefined;
  return serveBytes;
}

const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n';

/** Version 1 is a line, version 2 has its length in it; 0 while more must come. */
function lengthOfProxyHeader(bytes: Buffer): number {
  if (bytes[0] !== 13) return bytes.indexOf('\n') + 1;
  const isWhole = bytes.length >= 16 && bytes.toString('latin1', 0, 12) === SIGNATURE && bytes.length >= 16 + bytes.readUInt16BE(14);
  return isWhole ? 16 + bytes.readUInt16BE(14) : 0;
}

/** What comes after the header of the PROXY protocol. */
function serveProxied(stream: Duplex, bytes: Buffer, serving: Serving): void {
  const rest = bytes.subarray(lengthOfProxyHeader(bytes));
  if (rest.length > 0) stream.unshift(rest);
  serve(stream, serving);
  stream.resume();
}

function serveTls(stream: Duplex, bytes: Buffer, serving: Serving): void {
  const hello = readClientHello(bytes);
  serving.layers.push({ kind: 'tls', sni: hello?.sni ?? null, alpn: hello?.alpn ?? [] });
  const leaf = leafOf('upstream.test');
  stream.unshift(bytes);
  const options = {
    isServer: true,
    key: leaf.key,
    cert: leaf.certificate,
    ALPNCallback: ({ protocols }: { protocols: string[] }) => protocols[0],
  };
  serve(new TLSSocket(asSocket(stream), options), serving);
}

/** Node's types ask for a Socket; any duplex stream works (a tunnel inside HTTP/2 is one). */
function asSocket(stream: Duplex): Socket {
  const any: unknown = stream;
  return any as Socket;
}

function serveHttp1(stream: Duplex, bytes: Buffer, serving: Serving): void {
  const text = bytes.toString('latin1');
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [start = '', ...lines] = head.split('\r\n');
  const [method = '', path = ''] = start.split(' ');
  const headers = lines.map((line): [string, string] => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  const authority = headers.find(([name]) => name === 'host')?.[1] ?? '';
  const tunnel = method === 'CONNECT';
  const plain = headers.filter(([name]) => name !== 'host');
  serving.layers.push({
    kind: 'http',
    version: 'http1',
    method,
    authority: tunnel ? path : authority,
    path: tunnel ? '' : path,
    headers: plain,
  });
  if (tunnel) {
    stream.write('HTTP/1.1 200 OK\r\n\r\n');
    const left = rest.join('\r\n\r\n');
    if (left !== '') stream.unshift(Buffer.from(left, 'latin1'));
    serve(stream, serving);
    return;
  }
  stream.on('data', () => undefined);
  stream.write('HTTP/1.1 200 OK\r\nx-lab: upstream\r\ncontent-length: 2\r\n\r\nok');
}

function serveHttp2(stream: Duplex, bytes: Buffer, serving: Serving): void {
  stream.unshift(bytes);
  // A server of its own for each connection: its layers must not mix with another's.
  const server = createHttp2Server();
  server.on('sessionError', () => stream.destroy());
  server.on('stream', (http2Stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
    answerHttp2(http2Stream, { headers, raw, serving });
  });
  server.emit('connection', stream);
}

interface Http2Request {
  readonly headers: IncomingHttpHeaders;
  readonly raw: string[];
  readonly serving: Serving;
}

function answerHttp2(stream: ServerHttp2Stream, { headers, raw, serving }: Http2Request): void {
  const text = (name: string): string => (typeof headers[name] === 'string' ? headers[name] : '');
  const tunnel = text(':method') === 'CONNECT' && headers[':protocol'] === undefined;
  const path = tunnel ? '' : text(':path');
  serving.layers.push({
    kind: 'http',
    version: 'http2',
    method: text(':method'),
    authority: text(':authority'),
    path,
    headers: plainPairs(raw),
  });
  stream.on('error', () => stream.destroy());
  stream.respond({ ':status': 200, 'x-lab': 'upstream' });
  if (!tunnel) {
    stream.end('ok');
    return;
  }
  // A stream stays half open by itself: who waits for its end would wait for ever.
  stream.on('end', () => stream.end());
  serve(stream, serving);
}

function serveBytes(stream: Duplex, bytes: Buffer, serving: Serving): void {
  serving.layers.push({ kind: 'bytes', text: bytes.toString('latin1').slice(0, 200) });
  stream.on('data', () => undefined);
  stream.write('LAB-OK\n');
}

function plainPairs(raw: string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return pairs.filter(([name]) => !name.startsWith(':'));
}
