/**
 * Operators that read the answer and the host that gave it (Envoy: source/common/formatter/stream_info_formatter.cc). While the request's headers are
 * made there is neither; in Envoy's own answers no host. Tried on 1.40.
 */
import { lostField } from '../../schema/keptBack';
import { formatAddress, type Address } from '../../model/address';
import { headerValues } from '../facts/httpRequest';
import { HTTP_PROTOCOLS } from '../matcher/cel/celAttributes';
import { say, words } from '../record/sentence';
import type { HttpStream } from '../httpStream';
import { knownCluster } from './knownCluster';
import { FLAG_NAMES } from './flagNames';
import { withoutPort } from './maskAddress';
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
import type { FormatContext } from './formatContext';

/** What the upstream's handshake decides. */
const OF_UPSTREAM_TLS = [
  ...['VERSION', 'CIPHER', 'SESSION_ID', 'GROUP'].map((part) => `UPSTREAM_TLS_${part}`),
  ...['URI_SAN', 'DNS_SAN', 'IP_SAN'].map((part) => `UPSTREAM_LOCAL_${part}`),
  ...['SUBJECT', 'ISSUER', 'URI_SAN', 'DNS_SAN', 'IP_SAN', 'CERT', 'CERT_V_START', 'CERT_V_END'].map((part) => `UPSTREAM_PEER_${part}`),
];

/** Of the connection to the host: nothing until there is one. */
const OF_UPSTREAM_CONNECTION = [
  ...['ADDRESS', 'ADDRESS_WITHOUT_PORT', 'PORT'].map((part) => `UPSTREAM_LOCAL_${part}`),
  ...['UPSTREAM_CONNECTION_IDS_ATTEMPTED', 'UPSTREAM_CONNECTION_POOL_READY_DURATION', 'UPSTREAM_FILTER_STATE'],
  ...['REQUEST_TX_DURATION', 'RESPONSE_DURATION'],
];

/** Zero until there is a host. */
const COUNTED_OF_UPSTREAM = [
  'UPSTREAM_CONNECTION_ID',
  ...['HEADER', 'DECOMPRESSED_HEADER', 'WIRE'].flatMap((what) => ['SENT', 'RECEIVED'].map((way) => `UPSTREAM_${what}_BYTES_${way}`)),
];

export const answerOperators: Operators = {
  RESP: readResponseHeader,
  RESPONSE_HEADER: readResponseHeader,
  RESPONSE_CODE: (_, { http, reply }) => (reply ? number(reply.code) : http ? codeOf(http) : number(0)),
  RESPONSE_CODE_DETAILS: (_, { http, reply }) => textOrNothing((reply ?? http?.answer)?.details),
  LOCAL_REPLY_BODY: (_, { reply }) => (reply?.isBodyUnknown ? atRunTime('LOCAL_REPLY_BODY') : reply ? value(reply.body ?? '') : NOTHING),
  RESPONSE_FLAGS: (_, context) => value(flagsOf(context).join(',') || '-'),
  RESPONSE_FLAGS_LONG: (_, context) =>
    value(
      flagsOf(context)
        .map((flag) => FLAG_NAMES[flag] ?? flag)
        .join(',') || '-',
    ),
  TRAILER: () => NOTHING,
  RESPONSE_TRAILER: () => NOTHING,
  RESPONSE_TRAILERS_BYTES: () => number(0),
  RESPONSE_TX_DURATION: () => NOTHING,
  ROUNDTRIP_DURATION: () => NOTHING,
  GRPC_STATUS: readGrpcStatus,
  GRPC_STATUS_NUMBER: readGrpcStatus,
  UPSTREAM_CLUSTER: (_, context) => clusterName(context, 'alt_stat_name'),
  UPSTREAM_CLUSTER_RAW: (_, context) => clusterName(context),
  UPSTREAM_REQUEST_ATTEMPT_COUNT: (_, { http }) =>
    http?.retries && http.answer?.isLocal === false ? atRunTime('UPSTREAM_REQUEST_ATTEMPT_COUNT') : number(http?.attempts ?? 0),
  UPSTREAM_HOST: ofHost(({ address }) => value(addressText(address))),
  UPSTREAM_HOSTS_ATTEMPTED: ofConnection(({ address }) => value(addressText(address))),
  UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT: ofConnection(({ address }) => withoutPort(address, '', value(addressText(address)))),
  UPSTREAM_HOST_NAME: hostName,
  UPSTREAM_HOST_NAME_WITHOUT_PORT: hostNameWithoutPort,
  UPSTREAM_HOST_NAMES_ATTEMPTED: onceAnswered(hostName),
  UPSTREAM_HOST_NAMES_ATTEMPTED_WITHOUT_PORT: onceAnswered(hostNameWithoutPort),
  UPSTREAM_REMOTE_ADDRESS: ofConnection(({ address }) => value(addressText(address))),
  UPSTREAM_REMOTE_ADDRESS_ENDPOINT_ID: ofConnection(({ address }) =>
    address.kind === 'internal' ? textOrNothing(address.endpointId) : NOTHING,
  ),
  UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: ofConnection(({ address }, parameters) =>
    withoutPort(address, parameters, value(addressText(address))),
  ),
  UPSTREAM_REMOTE_PORT: ofConnection(({ address }) => (address.kind === 'ip' ? number(address.port) : NOTHING)),
  UPSTREAM_PROTOCOL: ofConnection(({ version }) =>
    version === undefined ? unknown(words('the HTTP version that the upstream takes')) : value(HTTP_PROTOCOLS[version]),
  ),
  UPSTREAM_SERVER_NAME: ofConnection(({ sni }) => textOrNothing(sni)),
  UPSTREAM_DETECTED_CLOSE_TYPE: ofHost(() => value('Normal')),
  ...Object.fromEntries(
    OF_UPSTREAM_TLS.map((name): [string, Operator] => [name, ofConnection(({ isTls }) => (isTls ? atRunTime(name) : NOTHING))]),
  ),
  ...Object.fromEntries(OF_UPSTREAM_CONNECTION.map((name): [string, Operator] => [name, ofConnection(() => atRunTime(name))])),
  ...Object.fromEntries(COUNTED_OF_UPSTREAM.map((name): [string, Operator] => [name, countOfUpstream(name)])),
  UPSTREAM_TRANSPORT_FAILURE_REASON: () => NOTHING,
  UPSTREAM_LOCAL_CLOSE_REASON: () => NOTHING,
  CONNECTION_TERMINATION_DETAILS: () => NOTHING,
  CUSTOM_FLAGS: () => NOTHING,
  BYTES_RECEIVED: (_, { http }) => (http?.answer ? atRunTime('BYTES_RECEIVED') : number(0)),
  BYTES_SENT: (_, { http }) => (http?.answer?.isComplete === true ? atRunTime('BYTES_SENT') : number(0)),
};

function flagsOf({ http, reply }: FormatContext): readonly string[] {
  return (reply ?? http?.answer)?.flags ?? [];
}

/** Envoy's own answers have their code only once they are put together. */
function codeOf({ answer, codeBefore = 0 }: HttpStream): OperatorValue {
  if (!answer) return number(codeBefore);
  if (!answer.isLocal) return unknown(words("the upstream's status"));
  return number(answer.hasCode === true ? (answer.ownCode ?? answer.code ?? 0) : codeBefore);
}

/** `RESP(MAIN?OTHER)`: what the configuration has written is known, the rest only of Envoy's own answers. */
function readResponseHeader(parameters: string, { http }: FormatContext): OperatorValue {
  if (!http?.answer) return NOTHING;
  for (const name of parameters.split('?')) {
    const found = responseHeader(http, name.toLowerCase());
    if (found.kind !== 'absent') return found;
  }
  return NOTHING;
}

/** A header of the answer as it is now; the name in lower case. */
export function responseHeader(
  { answer, responseHeaders: { set, append, remove, uncertain = [] } }: HttpStream,
  name: string,
): OperatorValue {
  if (name === ':status' && answer?.isLocal === true && answer.code !== undefined) return value(String(answer.code));
  if (uncertain.includes(name)) return unknown(say`the response header ${name}`);
  const written = set.find(([each]) => each === name)?.[1];
  if (written !== undefined) return value(written);
  if (remove.includes(name)) return textOrNothing(append.find(([each]) => each === name)?.[1]);
  if (answer?.isLocal !== true || answer.isComplete === true) return unknown(say`the response header ${name} of the upstream's answer`);
  return textOrNothing(append.find(([each]) => each === name)?.[1]);
}

/** Only of gRPC requests, and only the answer tells. */
function readGrpcStatus(_: string, { http }: FormatContext): OperatorValue {
  if (!http?.answer) return NOTHING;
  const type = headerValues(http.request, 'content-type')[0] ?? '';
  return /^application\/grpc(?:$|\+)/.test(type) ? unknown(words('the gRPC status of the answer')) : NOTHING;
}

/** `alt_stat_name` is what the cluster is called in logs. */
function clusterName(context: FormatContext, other?: 'alt_stat_name'): OperatorValue {
  const cluster = knownCluster(context);
  if (!cluster) return NOTHING;
  if (other && lostField(cluster, [other]) !== undefined) return unknown(say`the ${other} of the cluster, which the file leaves out`);
  return value((other && cluster.string(other)) || cluster.string('name'));
}

function hostName(parameters: string, context: FormatContext): OperatorValue {
  return ofHost(({ address, host }) => value(host?.hostname || addressText(address)))(parameters, context);
}

function hostNameWithoutPort(parameters: string, context: FormatContext): OperatorValue {
  const read = ofHost(({ address, host }) =>
    host?.hostname ? value(host.hostname.replace(/:\d+$/, '')) : withoutPort(address, '', value(addressText(address))),
  );
  return read(parameters, context);
}

function countOfUpstream(name: string): Operator {
  const read = ofConnection(() => atRunTime(name));
  return (parameters, context) => {
    const found = read(parameters, context);
    return found.kind === 'absent' ? number(0) : found;
  };
}

type ChosenHost = NonNullable<HttpStream['chosen']>;

/** Filters of the upstream run before there is a connection to the host that they see. */
function ofConnection(read: (chosen: ChosenHost, parameters: string) => OperatorValue): Operator {
  return onceAnswered(ofHost(read));
}

function onceAnswered(read: Operator): Operator {
  return (parameters, context) => (context.http?.answer?.isLocal === false ? read(parameters, context) : NOTHING);
}

/** Once the host has answered; filters of the upstream see it before. */
function ofHost(read: (chosen: ChosenHost, parameters: string) => OperatorValue): Operator {
  return (parameters, { http }) => {
    if (!http?.chosen || (http.seesHost !== true && http.answer?.isLocal !== false)) return NOTHING;
    return http.chosen.address.kind === 'dns' ? unknown(words('the address that DNS gives')) : read(http.chosen, parameters);
  };
}

function addressText(address: Address): string {
  return address.kind === 'internal' ? `envoy://${address.listener}/${address.endpointId}` : formatAddress(address);
}
