/** The operators of format strings, by name. What is decided at run time only is unknown. */
import { formatAddress, joinHostPort, type Address } from '../../model/address';
import { headerValues, unknownHeader } from '../facts/httpRequest';
import { printCel } from '../matcher/cel/celValue';
import { NotKnown } from '../facts/notKnown';
import { evaluateCelText } from '../matcher/cel/testCelMatcher';
import { HTTP_PROTOCOLS } from '../matcher/cel/celAttributes';
import { followPath } from '../matcher/inputs/httpInputs';
import { pathWithoutQuery } from '../matcher/pathMatcher';
import { say, words, type Sentence } from '../record/sentence';
import { ownCertificate } from '../upstream/ownCertificate';
import type { FormatContext } from './formatString';
import type { FormatOperator } from './parseFormat';

export type OperatorValue =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

const NOTHING: OperatorValue = { kind: 'absent' };

export function formatOperator({ name, parameters = '' }: FormatOperator, context: FormatContext): OperatorValue {
  const read = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  return read ? read(parameters, context) : { kind: 'unknown', missing: say`what ${`%${name}%`} gives at run time` };
}

const OPERATORS: Readonly<Record<string, (parameters: string, context: FormatContext) => OperatorValue>> = {
  REQ: readRequestHeader,
  REQUEST_HEADER: readRequestHeader,
  REQ_WITHOUT_QUERY: (parameters, context) => {
    const found = readRequestHeader(parameters, context);
    return found.kind === 'value' ? value(pathWithoutQuery(found.value)) : found;
  },
  PATH: readPath,
  QUERY_PARAM: readQuery,
  PROTOCOL: (_, { http }) => (http ? value(HTTP_PROTOCOLS[http.request.version]) : NOTHING),
  DYNAMIC_METADATA: (parameters, { connection, http }) =>
    readMetadata(parameters, (namespace) => (http ?? connection).metadata.get(namespace)),
  METADATA: readConfiguredMetadata,
  UPSTREAM_METADATA: (parameters, { endpoint }) =>
    endpoint
      ? readMetadata(parameters, (namespace) => endpoint.metadata?.get('filter_metadata')?.entry(namespace)?.toValue())
      : { kind: 'unknown', missing: words("the chosen host's metadata") },
  FILTER_STATE: readFilterState,
  PER_REQUEST_STATE: (parameters, context) => readFilterState(`${parameters}:PLAIN`, context),
  DOWNSTREAM_LOCAL_ADDRESS: (_, { connection }) => address(connection.destination),
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: (_, { connection }) =>
    connection.destination?.kind === 'ip' ? value(connection.destination.ip) : address(connection.destination),
  DOWNSTREAM_LOCAL_PORT: (_, { connection }) =>
    connection.destination?.kind === 'ip' ? value(String(connection.destination.port)) : NOTHING,
  DOWNSTREAM_REMOTE_ADDRESS: (_, context) => peer(remoteOf(context), 'both'),
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: (_, context) => peer(remoteOf(context), 'ip'),
  DOWNSTREAM_REMOTE_PORT: (_, context) => peer(remoteOf(context), 'port'),
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS: (_, context) => peer(directOf(context), 'both'),
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT: (_, context) => peer(directOf(context), 'ip'),
  DOWNSTREAM_DIRECT_REMOTE_PORT: (_, context) => peer(directOf(context), 'port'),
  DOWNSTREAM_PEER_URI_SAN: (_, { connection: { tls } }) =>
    tls?.hasUnknownPrincipals === true
      ? { kind: 'unknown', missing: words("the names in the client's certificate") }
      : textOrNothing(tls?.principals.join(',')),
  DOWNSTREAM_LOCAL_URI_SAN: (_, context) => ownNames(context, 'principals'),
  DOWNSTREAM_LOCAL_DNS_SAN: (_, context) => ownNames(context, 'dns'),
  REQUESTED_SERVER_NAME: (parameters, { connection }) =>
    parameters === '' ? textOrNothing(connection.serverName) : { kind: 'unknown', missing: words('a server name with a fallback') },
  ROUTE_NAME: (_, { http }) => textOrNothing(http?.route?.string('name')),
  VIRTUAL_HOST_NAME: (_, { http }) => textOrNothing(http?.virtualHost?.string('name')),
  FILTER_CHAIN_NAME: (_, { hop }) => textOrNothing(hop.filterChain?.string('name')),
  UPSTREAM_CLUSTER: (_, { http, hop }) => textOrNothing(http?.clusterName ?? hop.record.cluster),
  UPSTREAM_CLUSTER_RAW: (_, { http, hop }) => textOrNothing(http?.clusterName ?? hop.record.cluster),
  CEL: readCel,
};

function value(text: string): OperatorValue {
  return { kind: 'value', value: text };
}

function textOrNothing(text: string | undefined): OperatorValue {
  return text === undefined || text === '' ? NOTHING : value(text);
}

/** Of the certificate that the filter chain shows its clients. */
function ownNames({ hop, connection }: FormatContext, kind: 'principals' | 'dns'): OperatorValue {
  if (!connection.tls) return NOTHING;
  const own = ownCertificate(hop.proxy, hop.filterChain?.get('transport_socket')?.typed()?.node.get('common_tls_context'));
  return own.isUnknown ? { kind: 'unknown', missing: words('the names in our own certificate') } : textOrNothing(own[kind].join(','));
}

/** `REQ(MAIN?OTHER)`: the first value of the main header, else of the other. */
function readRequestHeader(parameters: string, { http }: FormatContext): OperatorValue {
  if (!http) return NOTHING;
  const [main = '', other] = parameters.split('?');
  const missing =
    unknownHeader(http.request, main) ??
    (other && headerValues(http.request, main).length === 0 ? unknownHeader(http.request, other) : undefined);
  if (missing) return { kind: 'unknown', missing };
  const found = headerValues(http.request, main)[0] ?? (other ? headerValues(http.request, other)[0] : undefined);
  return found === undefined ? NOTHING : value(found);
}

function readPath(parameters: string, { http }: FormatContext): OperatorValue {
  if (!http) return NOTHING;
  const [query = '', source = ''] = parameters.split(':');
  if (source !== '' && source !== 'PATH') return { kind: 'unknown', missing: words('the path before it was rewritten') };
  return value(query === 'NQ' ? pathWithoutQuery(http.request.path) : http.request.path);
}

function readQuery(parameters: string, { http }: FormatContext): OperatorValue {
  const query = /^[^?#]*\?([^#]*)/.exec(http?.request.path ?? '')?.[1];
  const found = query?.split('&').find((part) => part === parameters || part.startsWith(`${parameters}=`));
  return found === undefined ? NOTHING : value(found.slice(parameters.length + 1));
}

/** `namespace:key:…`, or the older `["namespace", "key", …]`. A text is given as it is, anything else as JSON. */
function readMetadata(parameters: string, read: (namespace: string) => unknown): OperatorValue {
  const [namespace = '', ...path] = metadataPath(parameters);
  const found = followPath(read(namespace), path);
  if (found === undefined || found === null) return NOTHING;
  if (found instanceof NotKnown) return { kind: 'unknown', missing: found.missing };
  if (typeof found === 'string' && found === '[redacted]')
    return { kind: 'unknown', missing: say`the metadata ${parameters}, which the dump keeps back` };
  return value(typeof found === 'string' ? found : JSON.stringify(found));
}

function metadataPath(parameters: string): string[] {
  const trimmed = parameters.trim();
  if (!trimmed.startsWith('[')) return trimmed.split(':').map((part) => part.trim());
  try {
    const parsed: unknown = JSON.parse(trimmed);
    return Array.isArray(parsed) ? parsed.map(String) : [];
  } catch {
    return [];
  }
}

/** `METADATA(TYPE:namespace:key…)`. */
function readConfiguredMetadata(parameters: string, context: FormatContext): OperatorValue {
  const [type = '', ...rest] = parameters.split(':');
  const path = rest.join(':');
  const { hop, http, endpoint } = context;
  if (type === 'DYNAMIC')
    return formatOperator({ kind: 'operator', name: 'DYNAMIC_METADATA', parameters: path, maxLength: undefined }, context);
  const cluster = http?.clusterName === undefined ? undefined : hop.proxy.byName.cluster.get(http.clusterName)?.node;
  if (type === 'UPSTREAM_HOST')
    return endpoint ? readMetadata(path, (namespace) => endpoint.metadata?.get('filter_metadata')?.entry(namespace)?.toValue()) : NOTHING;
  const holders = new Map([
    ['ROUTE', http?.route],
    ['VIRTUAL_HOST', http?.virtualHost],
    ['CLUSTER', cluster],
    ['LISTENER', hop.listener],
    ['LISTENER_FILTER_CHAIN', hop.filterChain],
  ]);
  if (!holders.has(type)) return { kind: 'unknown', missing: say`the metadata of ${type}` };
  const holder = holders.get(type);
  return readMetadata(path, (namespace) => holder?.path('metadata', 'filter_metadata')?.entry(namespace)?.toValue());
}

/** `FILTER_STATE(key:PLAIN)`; without PLAIN (or FIELD) the object is printed as JSON. */
function readFilterState(parameters: string, { connection, http }: FormatContext): OperatorValue {
  const plain = /^(.*):PLAIN$/.exec(parameters);
  const key = plain?.[1] ?? parameters.replace(/:TYPED$/, '');
  const found = http?.filterState.get(key) ?? connection.filterState.get(key);
  if (!found) return NOTHING;
  if (found.unknown) return { kind: 'unknown', missing: say`the filter state ${key}, which an opaque filter sets` };
  if (/:FIELD:/.test(parameters)) return { kind: 'unknown', missing: say`a field of the filter state ${key}` };
  return value(plain ? found.value : JSON.stringify(found.value));
}

function address(found: Address | undefined): OperatorValue {
  if (!found) return { kind: 'unknown', missing: words('where the connection goes: give its destination') };
  return value(found.kind === 'internal' ? `envoy://${found.listener}/${found.endpointId}` : formatAddress(found));
}

interface Peer {
  readonly ip: string;
  readonly port: number | undefined;
}

/** The stream's remote address counts in HTTP (after X-Forwarded-For). */
function remoteOf({ connection, http }: FormatContext): Peer | undefined {
  return http?.remote ?? connection.source;
}

function directOf({ connection }: FormatContext): Peer | undefined {
  return connection.directSource ?? connection.source;
}

function peer(from: Peer | undefined, part: 'both' | 'ip' | 'port'): OperatorValue {
  if (!from) return { kind: 'unknown', missing: words('where the connection comes from: give its source') };
  if (part === 'ip') return value(from.ip);
  if (from.port === undefined) return { kind: 'unknown', missing: words("the connection's source port") };
  return value(part === 'port' ? String(from.port) : joinHostPort(from.ip, from.port));
}

function readCel(parameters: string, context: FormatContext): OperatorValue {
  const result = evaluateCelText(parameters, context);
  if (result.kind === 'unknown') return result;
  if (result.kind === 'error') return NOTHING;
  const text = printCel(result.value);
  return text === undefined ? { kind: 'unknown', missing: words('the text of a message') } : value(text);
}
