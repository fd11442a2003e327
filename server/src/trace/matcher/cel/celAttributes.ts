/** The attributes that Envoy gives to CEL expressions (Envoy: source/extensions/filters/common/expr/context.cc). */
import { formatAddress, joinHostPort } from '../../../model/address';
import { hasClientCertificate } from '../../facts/clientNames';
import type { ConnectionFacts } from '../../facts/connection';
import { headerValues, type HttpRequest } from '../../facts/httpRequest';
import { say, words } from '../../record/sentence';
import type { MatchContext } from '../matchContext';
import { pathWithoutQuery } from '../pathMatcher';
import { known, type CelData, type CelMap, type CelValue } from './evaluateCel';

/** Looks up a top name; undefined where Envoy has none of that name. */
export function celAttributes(context: MatchContext): (name: string) => CelValue | undefined {
  return (name) => (Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name]?.(context) : undefined);
}

const ATTRIBUTES: Readonly<Record<string, ((context: MatchContext) => CelValue) | undefined>> = {
  request: ({ http }) =>
    http ? known(attributeMap('request', (key) => readRequest(http.request, key))) : known(attributeMap('request', () => undefined)),
  connection: ({ connection }) => known(attributeMap('connection', (key) => readConnection(connection, key))),
  source: ({ connection, http }) => known(attributeMap('source', (key) => readPeer(http?.remote ?? connection.source, key))),
  destination: ({ connection }) => known(attributeMap('destination', (key) => readDestination(connection, key))),
  metadata: (context) => known(attributeMap('metadata', (key) => (key === 'filter_metadata' ? known(metadataMap(context)) : undefined))),
  filter_state: (context) => known(filterStateMap(context)),
  xds: (context) => known(attributeMap('xds', (key) => readConfiguration(context, key))),
  response: () => ({ kind: 'unknown', missing: words('the response') }),
  upstream: () => ({ kind: 'unknown', missing: words('attributes of the upstream connection') }),
  wasm: () => ({ kind: 'unknown', missing: words('attributes of Wasm filters') }),
};

/** What is asked of an attribute group and is not known is unknown rather than absent. */
function attributeMap(group: string, read: (key: string) => CelValue | null | undefined): CelMap {
  return {
    lookUp: (key) => {
      const found = read(key);
      if (found === null) return undefined;
      return found ?? { kind: 'unknown', missing: say`the attribute ${`${group}.${key}`}` };
    },
  };
}

function readRequest(request: HttpRequest, key: string): CelValue | null | undefined {
  switch (key) {
    case 'path':
      return known(request.path);
    case 'url_path':
      return known(pathWithoutQuery(request.path));
    case 'query':
      return known(/^[^?#]*\?([^#]*)/.exec(request.path)?.[1] ?? '');
    case 'host':
      return known(request.authority);
    case 'scheme':
      return known(request.scheme);
    case 'method':
      return known(request.method);
    case 'protocol':
      return known(HTTP_PROTOCOLS[request.version]);
    case 'referer':
    case 'useragent':
    case 'id': {
      const header = { referer: 'referer', useragent: 'user-agent', id: 'x-request-id' }[key];
      const value = headerValues(request, header)[0];
      if (key === 'id' && value === undefined) return undefined;
      return value === undefined ? null : known(value);
    }
    case 'headers':
      return known({ lookUp: (name) => joinValues(headerValues(request, name)) });
    default:
      return undefined;
  }
}

export const HTTP_PROTOCOLS = { http1: 'HTTP/1.1', http2: 'HTTP/2', http3: 'HTTP/3' } as const;

function joinValues(values: readonly string[]): CelValue | undefined {
  return values.length === 0 ? undefined : known(values.join(','));
}

function readConnection(connection: ConnectionFacts, key: string): CelValue | null | undefined {
  switch (key) {
    case 'mtls':
      return known(hasClientCertificate(connection.tls));
    case 'requested_server_name':
      return known(connection.serverName);
    case 'uri_san_peer_certificate': {
      const first = connection.tls?.principals[0];
      return first === undefined ? null : known(first);
    }
    default:
      return undefined;
  }
}

function readPeer(peer: { ip: string; port: number | undefined } | undefined, key: string): CelValue | undefined {
  if (!peer || peer.port === undefined) return undefined;
  return key === 'address' ? known(joinHostPort(peer.ip, peer.port)) : key === 'port' ? known(peer.port) : undefined;
}

function readDestination({ destination }: ConnectionFacts, key: string): CelValue | null | undefined {
  if (!destination) return undefined;
  if (key === 'address') return known(formatAddress(destination));
  if (key === 'port') return destination.kind === 'ip' ? known(destination.port) : null;
  return undefined;
}

function metadataMap({ connection, http }: MatchContext): CelMap {
  const metadata = http?.metadata ?? connection.metadata;
  return { lookUp: (namespace) => (metadata.has(namespace) ? known(metadata.get(namespace) as CelData) : undefined) };
}

function filterStateMap({ connection, http }: MatchContext): CelMap {
  return {
    lookUp: (key) => {
      const found = http?.filterState.get(key) ?? connection.filterState.get(key);
      if (!found) return undefined;
      return found.unknown ? { kind: 'unknown', missing: say`the filter state ${key}` } : known(found.value);
    },
  };
}

function readConfiguration({ hop, http }: MatchContext, key: string): CelValue | null | undefined {
  switch (key) {
    case 'route_name':
      return known(http?.route?.string('name') ?? '');
    case 'cluster_name':
      return http?.clusterName === undefined ? null : known(http.clusterName);
    case 'filter_chain_name':
      return known(hop.filterChain?.string('name') ?? '');
    case 'listener_direction':
      return known({ UNSPECIFIED: 0, INBOUND: 1, OUTBOUND: 2 }[hop.listener?.string('traffic_direction') || 'UNSPECIFIED'] ?? 0);
    case 'listener_metadata':
      return metadataNode(hop.listener?.get('metadata')?.toValue());
    case 'route_metadata':
      return metadataNode(http?.route?.get('metadata')?.toValue());
    case 'virtual_host_name':
      return known(http?.virtualHost?.string('name') ?? '');
    case 'node':
      return hop.proxy.proxyNode.node ? known(hop.proxy.proxyNode.node.toValue() as CelData) : undefined;
    default:
      return undefined;
  }
}

function metadataNode(value: unknown): CelValue | null {
  return value === undefined ? null : known(value as CelData);
}
