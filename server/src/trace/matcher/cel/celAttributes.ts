/** The attributes that Envoy gives to CEL expressions (Envoy: source/extensions/filters/common/expr/context.cc). */
import { formatAddress, joinHostPort } from '../../../model/address';
import type { ConfigNode } from '../../../schema/configNode';
import { hasClientCertificate } from '../clientNames';
import type { ConnectionFacts, OtherNames } from '../../facts/connection';
import { isAnywhere, type PeerAddress } from '../../facts/peerAddress';
import { hasHeader, knownHeader, type HttpRequest } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { HttpStream, StreamAnswer } from '../../httpStream';
import { say, words } from '../../record/sentence';
import { clientOf, type MatchContext } from '../matchContext';
import { parseTimestamp } from './celTime';
import { known, open, type CelData, type CelMap, type CelValue } from './celValue';

/** `request`: a condition, before there is an upstream and a response; `text`: then as well, but the router may have added headers; `any`: perhaps later. */
export type CelPhase = 'request' | 'text' | 'any';

/** Looks up a top name; undefined where Envoy has none of that name. */
export function celAttributes(context: MatchContext, phase: CelPhase): (name: string) => CelValue | undefined {
  return (name) => (Object.hasOwn(GROUPS, name) ? GROUPS[name]?.(context, phase) : undefined);
}

/** A value; null: certainly absent; undefined: there is one, or may be, that the files do not tell. */
type Found = CelValue | null | undefined;

const GROUPS: Readonly<Record<string, ((context: MatchContext, phase: CelPhase) => CelValue) | undefined>> = {
  request: ({ http, hop }, phase) =>
    group('request', (key) => (key === 'time' ? readTime(hop.request.time) : readRequest(http?.request, key, phase))),
  connection: ({ connection }) => group('connection', (key) => readConnection(connection, key)),
  source: (context) => group('source', (key) => readPeer(clientOf(context), key)),
  destination: ({ connection }) => group('destination', (key) => readDestination(connection, key)),
  metadata: (context) => message(known(metadataMap(context))),
  filter_state: (context) => known(filterStateMap(context)),
  xds: (context, phase) => group('xds', (key) => readConfiguration(context, key, phase)),
  response: ({ http }, phase) => group('response', (key) => (phase === 'any' ? readResponse(http?.answer, key) : readNoResponse(key))),
  upstream: ({ http }, phase) =>
    group('upstream', (key) => (phase === 'any' && !hasNoUpstream(http) ? undefined : readNoUpstream(key, http?.attempts ?? 0))),
};

function group(name: string, read: (key: string) => Found): CelValue {
  const map: CelMap = {
    lookUp: (key) => {
      if (typeof key !== 'string') return undefined;
      const found = read(key);
      return found === null
        ? undefined
        : (found ?? { kind: 'unknown', missing: say`the attribute ${`${name}.${key}`}`, exists: !MAY_BE_ABSENT.has(name) });
    },
    size: 0,
  };
  return known(map);
}

/** In the others only the value of an attribute is not known. */
const MAY_BE_ABSENT: ReadonlySet<string> = new Set(['response', 'upstream', 'xds']);

const FROM_RUNTIME: ReadonlySet<string> = new Set(['total_size', 'headers_bytes']);
const PLAIN_HEADERS: Readonly<Record<string, string>> = { referer: 'referer', useragent: 'user-agent', id: 'x-request-id' };

/** Where the trace's request tells it. */
function readTime(time: string | undefined): Found {
  const told = time === undefined ? undefined : parseTimestamp(time);
  return told && known(told);
}

/** Without a request (network filters) every attribute but those of the clock is absent. */
function readRequest(request: HttpRequest | undefined, key: string, phase: CelPhase): Found {
  if (key === 'duration') return phase === 'any' ? open(words('how long the request takes')) : null;
  if (FROM_RUNTIME.has(key)) return undefined;
  if (!request) return key === 'headers' ? known({ lookUp: () => undefined, size: 0 }) : null;
  const header = Object.hasOwn(PLAIN_HEADERS, key) ? PLAIN_HEADERS[key] : undefined;
  if (header !== undefined) {
    const values = knownHeader(request, header);
    if (values instanceof NotKnown) return open(values.missing);
    // Envoy makes a request id where there is none.
    return values[0] === undefined ? (key === 'id' ? undefined : null) : known(values[0]);
  }
  switch (key) {
    case 'path':
      return request.path === '' ? null : known(request.path);
    case 'url_path':
      return known(request.path.split('?', 1)[0] ?? '');
    case 'query':
      return known(/^[^?]*\?([^#]*)/.exec(request.path)?.[1] ?? '');
    case 'host':
      return known(request.authority);
    case 'scheme':
      return known(request.scheme);
    case 'method':
      return known(request.method);
    case 'protocol':
      return known(HTTP_PROTOCOLS[request.version]);
    case 'size':
      return sizeOfBody(request);
    case 'headers':
      return known({
        lookUp: (name) => (typeof name === 'string' ? readHeader(request, name) : undefined),
        size: phase === 'request' ? countHeaders(request) : undefined,
      });
    default:
      return null;
  }
}

/** The announced length; no byte of the body has come when the headers are looked at. */
function sizeOfBody(request: HttpRequest): Found {
  const lengths = knownHeader(request, 'content-length');
  if (lengths instanceof NotKnown) return open(lengths.missing);
  const [length] = lengths;
  if (length === undefined) return known(0n);
  return /^\d{1,18}$/.test(length) ? known(BigInt(length)) : null;
}

export const HTTP_PROTOCOLS = { http1: 'HTTP/1.1', http2: 'HTTP/2', http3: 'HTTP/3' } as const;

function readHeader(request: HttpRequest, name: string): CelValue | undefined {
  const values = knownHeader(request, name);
  if (values instanceof NotKnown) return { kind: 'unknown', missing: values.missing, exists: hasHeader(request, name) === true };
  return values.length === 0 ? undefined : known(values.join(','));
}

/** By their names, the four pseudo headers counted in. Undefined for a CONNECT, which may lack some. */
function countHeaders(request: HttpRequest): number | undefined {
  if (request.method === 'CONNECT') return undefined;
  const names = new Set([...request.headers.map(([name]) => name), ...(request.unknownHeaders?.keys() ?? [])]);
  return names.size + PSEUDO_HEADERS;
}

const PSEUDO_HEADERS = 4;

const OF_TLS: ReadonlySet<string> = new Set(
  (
    'tls_version subject_local_certificate subject_peer_certificate uri_san_local_certificate dns_san_local_certificate dns_san_peer_certificate ' +
    'sha256_peer_certificate_digest peer_certificate'
  ).split(' '),
);

function readConnection({ tls, serverName }: ConnectionFacts, key: string): Found {
  const told = readOtherName(tls?.otherNames, key);
  if (told !== undefined) return told;
  if (OF_TLS.has(key)) return tls ? undefined : null;
  switch (key) {
    case 'mtls':
      return known(hasClientCertificate(tls));
    case 'requested_server_name':
      return known(serverName);
    case 'uri_san_peer_certificate': {
      const first = tls?.principals[0];
      if (first !== undefined) return known(first);
      return tls?.hasUnknownPrincipals === true ? open(words("the URI names in the client's certificate")) : null;
    }
    case 'id':
      return undefined;
    default:
      return null;
  }
}

/** The subject, and the first DNS name of the client's certificate; undefined where they are not told. */
function readOtherName(names: OtherNames | undefined, key: string): Found {
  if (key === 'subject_peer_certificate') return names?.subject === undefined ? undefined : orAbsent(names.subject);
  return key === 'dns_san_peer_certificate' && names ? orAbsent(names.dns[0]) : undefined;
}

function orAbsent(text: string | undefined): Found {
  return text === undefined || text === '' ? null : known(text);
}

function readPeer(peer: PeerAddress, key: string): Found {
  if (key !== 'address' && key !== 'port') return null;
  if (typeof peer !== 'object' || peer.port === undefined) return undefined;
  return known(key === 'address' ? joinHostPort(peer.ip, peer.port) : BigInt(peer.port));
}

function readDestination({ destination }: ConnectionFacts, key: string): Found {
  if (key !== 'address' && key !== 'port') return null;
  if (!destination) return undefined;
  if (key === 'address' && destination.kind === 'ip' && isAnywhere(destination.ip)) return undefined;
  if (key === 'address') return known(formatAddress(destination));
  return destination.kind === 'ip' ? known(BigInt(destination.port)) : null;
}

function metadataMap({ connection, http }: MatchContext): CelMap {
  const metadata = http?.metadata ?? connection.metadata;
  return {
    lookUp: (namespace) =>
      typeof namespace === 'string' && metadata.has(namespace) ? known(metadata.get(namespace) as CelData) : undefined,
    size: metadata.size,
  };
}

/** An object of filter state is bytes, which no text equals. */
function filterStateMap({ connection, http }: MatchContext): CelMap {
  return {
    lookUp: (key) => {
      if (typeof key !== 'string') return undefined;
      const found = http?.filterState.get(key) ?? connection.filterState.get(key);
      if (!found) return undefined;
      return found.unknown ? open(say`the filter state ${key}`) : known({ bytes: found.value });
    },
    size: 0,
  };
}

/** Of Envoy's own answer. */
function readResponse(answer: StreamAnswer | undefined, key: string): Found {
  if (answer?.isLocal !== true) return undefined;
  const code = answer.ownCode ?? answer.code;
  // The stream's information has it once the answer is put together.
  if (key === 'code') return answer.hasCode !== true ? null : code === undefined ? undefined : known(BigInt(code));
  return key === 'code_details' && answer.details !== undefined ? known(answer.details) : undefined;
}

/** A response that has not come: Envoy still counts its bytes. */
function readNoResponse(key: string): Found {
  if (key === 'headers' || key === 'trailers') return known({ lookUp: () => undefined, size: 0 });
  return ['size', 'headers_bytes', 'flags', 'total_size'].includes(key) ? known(0n) : null;
}

/** Envoy answers by itself, and has asked no host. */
function hasNoUpstream(http: HttpStream | undefined): boolean {
  return http?.answer?.isLocal === true && http.chosen === undefined;
}

function readNoUpstream(key: string, attempts: number): Found {
  if (key === 'request_attempt_count') return known({ uint: BigInt(attempts) });
  if (key === 'transport_failure_reason') return known('');
  return key === 'num_endpoints' ? undefined : null;
}

/** `core.v3.TrafficDirection`, which CEL sees as its number. */
const DIRECTIONS = { UNSPECIFIED: 0n, INBOUND: 1n, OUTBOUND: 2n } as const;

function readConfiguration({ hop, http }: MatchContext, key: string, phase: CelPhase): Found {
  switch (key) {
    case 'route_name':
      return http?.route ? known(http.route.string('name')) : null;
    case 'route_metadata':
      return http?.route ? metadataMessage(http.route) : null;
    case 'cluster_name':
      return http?.clusterName === undefined ? null : known(http.clusterName);
    case 'cluster_metadata': {
      const cluster = http?.clusterName === undefined ? undefined : hop.proxy.byName.cluster.get(http.clusterName);
      return cluster ? metadataMessage(cluster.node) : null;
    }
    case 'virtual_host_name':
      return http?.virtualHost ? known(http.virtualHost.string('name')) : null;
    case 'virtual_host_metadata':
      return http?.virtualHost ? metadataMessage(http.virtualHost) : null;
    case 'filter_chain_name':
      return known(hop.filterChain?.string('name') ?? '');
    case 'listener_direction':
      return known(DIRECTIONS[hop.listener?.enumValue('traffic_direction', ['UNSPECIFIED', 'INBOUND', 'OUTBOUND']) ?? 'UNSPECIFIED']);
    case 'listener_metadata':
      return hop.listener ? metadataMessage(hop.listener) : null;
    case 'node':
      return hop.proxy.proxyNode.node ? known(hop.proxy.proxyNode.node.toValue() as CelData) : undefined;
    default:
      return phase === 'any' ? undefined : null;
  }
}

/** `core.v3.Metadata`: a message, whose maps are there even when empty. */
function metadataMessage(holder: ConfigNode): CelValue {
  const namespaces = holder.path('metadata', 'filter_metadata');
  const read = (key: CelData): CelValue | undefined => {
    const found = typeof key === 'string' ? namespaces?.entry(key) : undefined;
    return found && known(found.toValue() as CelData);
  };
  return message(known({ lookUp: read, size: namespaces?.entries().length ?? 0 }));
}

function message(filterMetadata: CelValue): CelValue {
  return known({ lookUp: (key) => (key === 'filter_metadata' ? filterMetadata : undefined), size: undefined, isMessage: true });
}
