/** The first facts of a request: addresses and layers, as the client's side of the contract says them. Nothing is added. */
import type { InnerRequest, PeerNames, RequestHttp, TraceRequest } from '../../protocol/trace';
import { canonicalIp, parseIpPort, type Address } from '../../model/address';
import { newConnection, type ConnectionFacts, type Layer, type TlsLayer } from '../facts/connection';
import { httpRequestOf } from '../facts/httpRequest';

/** The connection as it reaches the first proxy; `destination` may come from a resolved host name. */
export function firstConnection(request: TraceRequest, destination: Address | undefined): ConnectionFacts {
  const { connection } = request;
  return newConnection({
    destination,
    source: readPeer(connection.source),
    directSource: readPeer(connection.directSource),
    layers: layersOf(request),
    metadata: new Map(Object.entries(connection.metadata ?? {})),
    filterState: new Map(Object.entries(connection.filterState ?? {}).map(([key, value]) => [key, { value, shared: 'none' as const }])),
  });
}

/** `10.4.0.5`, `10.4.0.5:41000`, `fd00::1`, `[fd00::1]:41000`; undefined when it is no IP. */
export function readPeer(text: string | undefined): ConnectionFacts['source'] {
  if (text === undefined) return undefined;
  const withPort = parseIpPort(text);
  if (withPort) return { ip: withPort.ip, port: withPort.port };
  const ip = canonicalIp(text.replace(/^\[(.*)\]$/, '$1'));
  return ip === undefined ? undefined : { ip, port: undefined };
}

/** What the bytes are, outermost first. TLS where it is said, or where an SNI or a client certificate is given (default of the contract). */
function layersOf({ connection, http, inner }: TraceRequest): Layer[] {
  const { transport, sni, alpn, peerPrincipals, peerNames } = connection;
  const isQuic = transport === 'quic' || (transport === undefined && http?.version === 'http3');
  const isTls =
    isQuic ||
    transport === 'tls' ||
    (transport === undefined && (sni !== undefined || peerNames !== undefined || (peerPrincipals?.length ?? 0) > 0));
  const tls = isTls ? [tlsLayer({ quic: isQuic, sni, alpn, principals: peerPrincipals, names: peerNames })] : [];
  return [...tls, ...httpLayer(http), ...innerLayers(inner)];
}

/** Depth is bounded by the request itself, which a person or a test wrote. */
function innerLayers(inner: InnerRequest | undefined): Layer[] {
  if (!inner) return [];
  const { transport, sni, alpn } = inner.connection ?? {};
  const isTls = transport === 'tls' || (transport === undefined && sni !== undefined);
  return [...(isTls ? [tlsLayer({ quic: false, sni, alpn })] : []), ...httpLayer(inner.http), ...innerLayers(inner.inner)];
}

function httpLayer(http: RequestHttp | undefined): Layer[] {
  return http ? [{ kind: 'http', request: httpRequestOf(http) }] : [];
}

interface SaidTls {
  readonly quic: boolean;
  readonly sni: string | undefined;
  readonly alpn: readonly string[] | undefined;
  readonly principals?: readonly string[] | undefined;
  readonly names?: PeerNames | undefined;
}

function tlsLayer({ quic, sni = '', alpn = [], principals = [], names }: SaidTls): TlsLayer {
  const { dns = [], ips = [], emails = [], subject = '' } = names ?? {};
  return { kind: 'tls', quic, sni, alpn, principals, ...(names && { otherNames: { dns, ips, emails, subject } }) };
}
