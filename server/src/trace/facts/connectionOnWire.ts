/** A connection's facts in the words of the trace contract. */
import type { TraceConnection, TraceHttp } from '../../protocol/trace';
import { formatAddress } from '../../model/address';
import { sentTls, type ConnectionFacts } from './connection';
import { ANY_HEADER, type HttpRequest } from './httpRequest';

/** What arrives: addresses, the outermost TLS, the first HTTP request inside, metadata and filter state. */
export function connectionOnWire(connection: ConnectionFacts): TraceConnection {
  const tls = sentTls(connection);
  const http = connection.layers.find((layer) => layer.kind === 'http');
  const onWire: TraceConnection = { transport: tls ? (tls.quic ? 'quic' : 'tls') : 'raw_buffer' };
  if (connection.destination) onWire.destination = formatAddress(connection.destination);
  if (connection.source) onWire.source = formatPeer(connection.source);
  if (connection.directSource) onWire.directSource = formatPeer(connection.directSource);
  if (tls?.sni) onWire.sni = tls.sni;
  if (tls && tls.alpn.length > 0) onWire.alpn = [...tls.alpn];
  if (tls?.lost) onWire.unknown = [...tls.lost];
  const principals = tls?.principals ?? connection.tls?.principals ?? [];
  if (principals.length > 0) onWire.principals = [...principals];
  if (http) onWire.http = httpOnWire(http.request);
  if (connection.metadata.size > 0) onWire.metadata = Object.fromEntries(connection.metadata);
  if (connection.filterState.size > 0)
    onWire.filterState = Object.fromEntries([...connection.filterState].map(([key, { value }]) => [key, value]));
  return onWire;
}

function httpOnWire(request: HttpRequest): TraceHttp {
  const { unknownHeaders, version, method, scheme, authority, path } = request;
  const headers = request.headers.map(([name, value]): [string, string] => [name, value]);
  const unknown = unknownHeaders ? unknownAmong(headers, unknownHeaders) : [];
  return { version, method, scheme, authority, path, headers, ...(unknown.length > 0 && { unknownHeaders: unknown }) };
}

function unknownAmong(headers: HttpRequest['headers'], unknownHeaders: ReadonlyMap<string, unknown>): string[] {
  const names = new Set([...headers.map(([name]) => name), ':method', ':path', ANY_HEADER]);
  return [...names].filter((name) => unknownHeaders.has(name));
}

function formatPeer({ ip, port }: { ip: string; port: number | undefined }): string {
  if (port === undefined) return ip;
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}
