/** The addresses of a connection, and what is not known of them. */
import type { Arrival, Hop } from '../hop';
import type { ConnectionFacts } from './connection';

/** An IP; `none`: the peer has no IP (an internal connection), for certain; `unknown`: the request does not say it. */
export type PeerAddress = { readonly ip: string; readonly port: number | undefined } | 'none' | 'unknown';

/** Envoy's remote address: an internal connection has none until a listener filter sets one; the peer of a Unix domain socket has none. */
export function remoteAddress(connection: ConnectionFacts, arrival: Pick<Arrival, 'kind'>): PeerAddress {
  return connection.source ?? (arrival.kind === 'internal' || connection.destination?.kind === 'pipe' ? 'none' : 'unknown');
}

/** Of a request the stream's remote address counts, as X-Forwarded-For tells it; of a connection its own. */
export function clientAddress({ http, connection, arrival }: Pick<Hop, 'http' | 'connection' | 'arrival'>): PeerAddress {
  return http?.remote ?? remoteAddress(connection, arrival);
}

/** Envoy's local address. A listener at all addresses (`0.0.0.0`, `::`) does not tell which one the client has connected to. */
export function localAddress({ destination }: ConnectionFacts, arrival: Pick<Arrival, 'kind'>): PeerAddress {
  if (destination?.kind === 'ip') return isAnywhere(destination.ip) ? 'unknown' : destination;
  return destination || arrival.kind === 'internal' ? 'none' : 'unknown';
}

export function isAnywhere(ip: string): boolean {
  return ip === '0.0.0.0' || ip === '::';
}

/** The socket's peer, whatever a proxy protocol says. */
export function directAddress(connection: ConnectionFacts, arrival: Pick<Arrival, 'kind'>): PeerAddress {
  return connection.directSource ?? remoteAddress(connection, arrival);
}

/** A client that says no port got one from the kernel (Linux: 32768 to 60999); any other number is certainly not it. */
export function mayBeEphemeral(port: number): boolean {
  return port >= 32_768 && port <= 60_999;
}
