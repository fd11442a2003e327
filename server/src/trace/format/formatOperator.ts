/** The operators of format strings, by name. What is decided at run time only is unknown. */
import { formatAddress, joinHostPort, type Address } from '../../model/address';
import { isJsonObject, readJson } from '../../protocol/jsonValue';
import { hasClientCertificate } from '../matcher/clientNames';
import { isAnywhere } from '../facts/peerAddress';
import { printCel } from '../matcher/cel/printCel';
import { evaluateCelText } from '../matcher/cel/testCelMatcher';
import { words } from '../record/sentence';
import { shownCertificate, type OwnCertificate } from '../upstream/ownCertificate';
import { answerOperators } from './answerOperators';
import { cutText } from './cutText';
import { maskAddress, withoutPort } from './maskAddress';
import { metadataOperators } from './metadataOperators';
import {
  atRunTime,
  NOTHING,
  number,
  textOrNothing,
  unknown,
  value,
  type Operator,
  type Operators,
  type OperatorValue,
} from './operatorValue';
import type { FormatOperator } from './parseFormat';
import { requestOperators } from './requestOperators';
import { clientOf } from '../matcher/matchContext';
import type { FormatContext } from './formatContext';

export function formatOperator({ name, parameters = '' }: FormatOperator, context: FormatContext): OperatorValue {
  const { hop } = context;
  const [doubt] = TOLD_BY_LISTENER_FILTERS.test(name) && hop.listener?.get('listener_filters')?.isIncomplete ? (hop.doubts ?? []) : [];
  if (doubt) return unknown(doubt);
  const read = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  return read ? read(parameters, context) : atRunTime(name);
}

/** Addresses that one of them may restore, and the server name. */
const TOLD_BY_LISTENER_FILTERS = /^DOWNSTREAM_(?:LOCAL|REMOTE)_(?:ADDRESS|PORT)|^REQUESTED_SERVER_NAME/;

const OPERATORS: Operators = {
  ...requestOperators,
  ...metadataOperators,
  ...answerOperators,
  DOWNSTREAM_LOCAL_ADDRESS: (_, { connection }) => address(connection.destination),
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: (parameters, { connection }) => addressWithoutPort(connection.destination, parameters),
  DOWNSTREAM_LOCAL_PORT: (_, { connection }) => portOf(connection.destination),
  DOWNSTREAM_LOCAL_ADDRESS_ENDPOINT_ID: (_, { connection }) =>
    connection.destination?.kind === 'internal' ? textOrNothing(connection.destination.endpointId) : NOTHING,
  DOWNSTREAM_DIRECT_LOCAL_ADDRESS_ENDPOINT_ID: ofSocket((own) => (own?.kind === 'internal' ? textOrNothing(own.endpointId) : NOTHING)),
  DOWNSTREAM_DIRECT_LOCAL_ADDRESS: ofSocket((own) => address(own)),
  DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT: ofSocket(addressWithoutPort),
  DOWNSTREAM_DIRECT_LOCAL_PORT: ofSocket(portOf),
  DOWNSTREAM_REMOTE_ADDRESS: (_, context) => peer(remoteOf(context), 'both'),
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: (parameters, context) => peer(remoteOf(context), 'ip', parameters),
  DOWNSTREAM_REMOTE_PORT: (_, context) => peer(remoteOf(context), 'port'),
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS: (_, context) => peer(directOf(context), 'both'),
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT: (parameters, context) => peer(directOf(context), 'ip', parameters),
  DOWNSTREAM_DIRECT_REMOTE_PORT: (_, context) => peer(directOf(context), 'port'),
  DOWNSTREAM_PEER_URI_SAN: (_, { connection: { tls } }) =>
    tls?.hasUnknownPrincipals === true ? unknown(words("the names in the client's certificate")) : textOrNothing(tls?.principals.join(',')),
  ...ofClientCertificate(),
  ...ofTls(),
  DOWNSTREAM_LOCAL_URI_SAN: (_, context) => ownNames(context, 'principals'),
  DOWNSTREAM_LOCAL_DNS_SAN: (_, context) => ownNames(context, 'dns'),
  DOWNSTREAM_LOCAL_IP_SAN: (_, context) => ownNames(context, 'ips'),
  DOWNSTREAM_LOCAL_EMAIL_SAN: (_, context) => ownNames(context, 'emails'),
  DOWNSTREAM_TRANSPORT_FAILURE_REASON: () => NOTHING,
  DOWNSTREAM_LOCAL_CLOSE_REASON: () => NOTHING,
  DOWNSTREAM_DETECTED_CLOSE_TYPE: () => value('Normal'),
  ROUTE_NAME: (_, { http }) => textOrNothing(http?.route?.string('name')),
  VIRTUAL_HOST_NAME: (_, { http }) => textOrNothing(http?.virtualHost?.string('name')),
  VIRTUAL_CLUSTER_NAME: (_, { hop }) => textOrNothing(hop.record.virtualCluster),
  FILTER_CHAIN_NAME: (_, { hop }) => textOrNothing(hop.filterChain?.string('name')),
  LISTENER_NAME: (_, { hop }) => textOrNothing(hop.listener?.string('name')),
  ACCESS_LOG_TYPE: () => value('NotSet'),
  TRACE_ID: ofTracing('TRACE_ID'),
  SPAN_ID: ofTracing('SPAN_ID'),
  CEL: readCel,
  COALESCE: readFirst,
};

/** Of the certificate that the filter chain shows its clients. */
function ownNames(
  { hop, connection }: FormatContext,
  kind: Exclude<keyof OwnCertificate, 'isPresented' | 'isUnknown' | 'isLost' | 'otherNames'>,
): OperatorValue {
  if (!connection.tls) return NOTHING;
  const common = hop.filterChain?.get('transport_socket')?.typed()?.node.get('common_tls_context');
  const own = shownCertificate(hop.proxy, common, connection.tls.sni);
  return own.isUnknown ? unknown(words('the names in our own certificate')) : textOrNothing(own[kind].join(','));
}

/** A request tells the URI names of the client's certificate, and nothing else of it. */
function ofClientCertificate(): Operators {
  const parts = ['DNS_SAN', 'IP_SAN', 'EMAIL_SAN', 'OTHERNAME_SAN', 'SUBJECT', 'ISSUER', 'SERIAL', 'CERT', 'CERT_V_START', 'CERT_V_END'];
  const prints = ['FINGERPRINT_1', 'FINGERPRINT_256', 'ISSUER_SERIAL', 'ISSUER_FINGERPRINT_256', 'CHAIN_SERIALS'];
  const names = [...parts, ...prints, 'CHAIN_FINGERPRINTS_1', 'CHAIN_FINGERPRINTS_256'].map((part) => `DOWNSTREAM_PEER_${part}`);
  const read: Operator = (_, { connection: { tls } }) =>
    hasClientCertificate(tls) ? unknown(words("more of the client's certificate than its URI names")) : NOTHING;
  const told = (kind: 'dns' | 'ips' | 'emails'): Operator => {
    return (parameters, context) => {
      const known = context.connection.tls?.otherNames;
      return known ? textOrNothing(known[kind].join(',')) : read(parameters, context);
    };
  };
  const subject: Operator = (parameters, context) => {
    const known = context.connection.tls?.otherNames?.subject;
    return known === undefined ? read(parameters, context) : textOrNothing(known);
  };
  const sans = {
    DOWNSTREAM_PEER_SUBJECT: subject,
    DOWNSTREAM_PEER_DNS_SAN: told('dns'),
    DOWNSTREAM_PEER_IP_SAN: told('ips'),
    DOWNSTREAM_PEER_EMAIL_SAN: told('emails'),
  };
  return { ...Object.fromEntries(names.map((name) => [name, read])), ...sans };
}

/** Absent without TLS. */
function ofTls(): Operators {
  const parts = ['TLS_VERSION', 'TLS_CIPHER', 'TLS_GROUP', 'TLS_SESSION_ID', 'LOCAL_SUBJECT', 'LOCAL_OTHERNAME_SAN'];
  const names = [
    ...parts.map((part) => `DOWNSTREAM_${part}`),
    'DOWNSTREAM_HANDSHAKE_DURATION',
    'TLS_JA3_FINGERPRINT',
    'TLS_JA4_FINGERPRINT',
  ];
  const read = (name: string): Operator => {
    return (_, { connection }) => (connection.tls || connection.transportProtocol === 'tls' ? atRunTime(name) : NOTHING);
  };
  return Object.fromEntries(names.map((name) => [name, read(name)]));
}

/** Without tracing there is no span. */
function ofTracing(name: string): Operator {
  return (_, { http }) => (http?.manager.has('tracing') === true ? atRunTime(name) : NOTHING);
}

function address(found: Address | undefined): OperatorValue {
  if (!found || (found.kind === 'ip' && isAnywhere(found.ip))) return unknown(words('where the connection goes: give its destination'));
  return value(found.kind === 'internal' ? `envoy://${found.listener}/${found.endpointId}` : formatAddress(found));
}

function addressWithoutPort(found: Address | undefined, parameters: string): OperatorValue {
  const whole = address(found);
  return found && whole.kind === 'value' ? withoutPort(found, parameters, whole) : whole;
}

function portOf(found: Address | undefined): OperatorValue {
  return found?.kind === 'ip' ? number(found.port) : NOTHING;
}

/** The socket's own address: the one that the client connected to, unless the connection was redirected here. */
function ofSocket(read: (own: Address | undefined, parameters: string) => OperatorValue): Operator {
  return (parameters, { connection }) =>
    connection.originalDestination || connection.restored
      ? unknown(words("the socket's own address, since the connection was redirected"))
      : read(connection.destination, parameters);
}

interface Peer {
  readonly ip: string;
  readonly port: number | undefined;
}

/** The stream's remote address counts in HTTP (after X-Forwarded-For). */
function remoteOf(context: FormatContext): Peer | 'internal' | undefined {
  const client = clientOf(context);
  return typeof client === 'object' ? client : client === 'none' ? internalPeer(context.hop) : undefined;
}

function directOf({ connection, hop }: FormatContext): Peer | 'internal' | undefined {
  return connection.directSource ?? connection.source ?? internalPeer(hop);
}

function internalPeer({ arrival }: FormatContext['hop']): 'internal' | undefined {
  return arrival.kind === 'internal' ? 'internal' : undefined;
}

/** The address of whoever opens an internal connection (Envoy: internal_listener/client_connection_factory.cc). */
const INTERNAL_CLIENT = 'envoy://internal_client_address/';

function peer(from: Peer | 'internal' | undefined, part: 'both' | 'ip' | 'port', parameters = ''): OperatorValue {
  if (!from) return unknown(words('where the connection comes from: give its source'));
  if (from === 'internal') return part === 'port' ? NOTHING : value(INTERNAL_CLIENT);
  if (part === 'ip') return maskAddress(from.ip, parameters);
  if (from.port === undefined) return unknown(words("the connection's source port"));
  return part === 'port' ? number(from.port) : value(joinHostPort(from.ip, from.port));
}

/** `COALESCE({"operators": ["NAME", {"command": "NAME", "param": "…", "max_length": 5}]})`: the first that is there, be it empty (tried on 1.40). */
function readFirst(parameters: string, context: FormatContext): OperatorValue {
  const wanted = readJson(parameters);
  const operators: readonly unknown[] = isJsonObject(wanted) && Array.isArray(wanted['operators']) ? wanted['operators'] : [];
  for (const each of operators) {
    const fields = isJsonObject(each) ? each : { command: each };
    const [name, parameter, length] = [fields['command'], fields['param'], fields['max_length']];
    const found = formatOperator(
      { kind: 'operator', name: String(name), parameters: typeof parameter === 'string' ? parameter : undefined, maxLength: undefined },
      context,
    );
    if (found.kind === 'unknown') return found;
    if (found.kind === 'value') return typeof length === 'number' ? { ...found, value: cutText(found.value, length) } : found;
  }
  return NOTHING;
}

function readCel(parameters: string, context: FormatContext): OperatorValue {
  const result = evaluateCelText(parameters, context);
  if (result.kind === 'unknown') return result;
  if (result.kind === 'error') return NOTHING;
  const text = printCel(result.value);
  return text === undefined ? unknown(words('the text of a message')) : value(text);
}
