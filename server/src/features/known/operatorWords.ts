/** Command operators in words: what Envoy puts in their place (Envoy: source/common/formatter). */
import { code, escapeMarkdown } from '../writing/markdown';
import { inWords } from '../../text/inWords';
import { wordTable } from '../../text/wordTable';

/** In words, without what the text around it says; undefined for names that nobody knows. */
export function explainOperator(name: string, parameters: string | undefined): string | undefined {
  const described = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : explainByParts(name);
  if (described === undefined) return undefined;
  const words = typeof described === 'string' ? described : described(parameters ?? '');
  return `${words}.`;
}

/** Operators that are put together: whose, and what of it. */
function explainByParts(name: string): string | undefined {
  const [, side = '', what = ''] = /^(DOWNSTREAM|UPSTREAM)_(\w+)$/.exec(name) ?? [];
  const [, whose = '', field = ''] = /^(PEER|LOCAL)_(\w+)$/.exec(what) ?? [];
  const certificate = CERTIFICATE_PARTS[field];
  if (certificate !== undefined) {
    const owner =
      side === 'DOWNSTREAM' ? (whose === 'PEER' ? "the client's" : 'our server') : whose === 'PEER' ? "the upstream host's" : 'our client';
    return `${certificate} of ${owner} certificate`;
  }
  const connection = CONNECTION_PARTS[what];
  return connection === undefined
    ? undefined
    : `${connection} of the ${side === 'DOWNSTREAM' ? "client's connection to us" : 'connection to the upstream host'}`;
}

const CERTIFICATE_PARTS: Readonly<Record<string, string>> = wordTable({
  URI_SAN: 'The URI names (SPIFFE ids)',
  DNS_SAN: 'The DNS names',
  IP_SAN: 'The IP names',
  EMAIL_SAN: 'The e-mail names',
  OTHERNAME_SAN: 'The names of other kinds',
  SUBJECT: 'The subject',
  ISSUER: 'The issuer',
  CERT: 'The whole text (URL-encoded PEM)',
  CERT_V_START: 'The beginning of the validity',
  CERT_V_END: 'The end of the validity',
  SERIAL: 'The serial number',
  FINGERPRINT_1: 'The SHA-1 fingerprint',
  FINGERPRINT_256: 'The SHA-256 fingerprint',
  CHAIN_FINGERPRINTS_1: 'The SHA-1 fingerprints of the whole chain',
  CHAIN_FINGERPRINTS_256: 'The SHA-256 fingerprints of the whole chain',
  CHAIN_SERIALS: 'The serial numbers of the whole chain',
  ISSUER_FINGERPRINT_256: 'The SHA-256 fingerprint of the issuer',
  ISSUER_SERIAL: 'The serial number of the issuer',
});

const CONNECTION_PARTS: Readonly<Record<string, string>> = wordTable({
  TLS_VERSION: 'The TLS version',
  TLS_CIPHER: 'The cipher',
  TLS_SESSION_ID: 'The TLS session id',
  TLS_GROUP: 'The key exchange group',
  LOCAL_ADDRESS: 'Our own address and port',
  LOCAL_ADDRESS_WITHOUT_PORT: 'Our own address, without the port,',
  LOCAL_PORT: 'Our own port',
  REMOTE_ADDRESS: "The other side's address and port",
  REMOTE_ADDRESS_WITHOUT_PORT: "The other side's address, without the port,",
  REMOTE_PORT: "The other side's port",
  DECOMPRESSED_HEADER_BYTES_SENT: 'The bytes of headers sent, before they were compressed,',
  DECOMPRESSED_HEADER_BYTES_RECEIVED: 'The bytes of headers received, after they were decompressed,',
  SERVER_NAME: 'The server name (SNI)',
  CX_RTT: 'The round trip time in milliseconds, as measured last,',
  CONNECTION_ID: 'The number',
});

type Words = string | ((parameters: string) => string);

const header =
  (of: string): Words =>
  (parameters) => {
    const [main = '', other] = parameters.split('?');
    return `The ${of} ${code(main)}${other === undefined ? '' : `, or ${code(other)} where that is not set`}`;
  };

/** `KEY`, `KEY:PLAIN`, `KEY:FIELD:name`; istio/proxy puts what it knows of the workload at the other end under four keys. */
function filterState(parameters: string): string {
  const [key = '', format = '', field = ''] = parameters.split(':');
  const [, side] = /^(down|up)stream_peer(?:_obj)?$/.exec(key) ?? [];
  const peer =
    side === undefined ? '' : ` (the workload ${side === 'down' ? 'that sent the request' : 'that the request went to'}, by Istio)`;
  return `The ${format === 'FIELD' ? `field ${code(field)} of the ` : ''}filter state object ${code(key)}${peer}`;
}

const metadata =
  (of: string): Words =>
  (parameters) =>
    metadataOf(of, /^\s*\[/.test(parameters) ? readList(parameters) : parameters.split(':'));

function metadataOf(of: string, [namespace = '', ...path]: readonly string[]): string {
  return `From the metadata of ${of}: namespace ${code(namespace)}${path.length > 0 ? `, key ${path.map(code).join(' › ')}` : ''}`;
}

/** The old way to write them: `["tunnel", "destination"]`. */
function readList(parameters: string): string[] {
  return [...parameters.matchAll(/"([^"]*)"/g)].map(([, word = '']) => word);
}

const timed =
  (of: string): Words =>
  (format) =>
    `${of}${format === '' ? '' : `, written as ${code(format)}`}`;

const OPERATORS: Readonly<Record<string, Words>> = {
  REQ: header('request header'),
  REQUEST_HEADER: header('request header'),
  RESP: header('response header'),
  RESPONSE_HEADER: header('response header'),
  TRAILER: header('response trailer'),
  RESPONSE_TRAILER: header('response trailer'),
  STREAM_INFO_REQ: header('request header'),
  XFCC_VALUE: (key) => `The value of ${code(key)} in the header \`x-forwarded-client-cert\``,
  REQ_WITHOUT_QUERY: header('request header without its query'),
  REQUEST_HEADERS_BYTES: 'The size of the request headers in bytes',
  RESPONSE_HEADERS_BYTES: 'The size of the response headers in bytes',
  RESPONSE_TRAILERS_BYTES: 'The size of the response trailers in bytes',
  PATH: 'The path of the request; the parameters say whether with the query and whether before rewrites',
  QUERY_PARAM: (parameter) => `The query parameter ${code(parameter)} of the request`,
  QUERY_PARAMS: 'The query of the request',
  PROTOCOL: 'The HTTP version of the request',
  START_TIME: timed('When the request (or connection) began'),
  START_TIME_LOCAL: timed('When the request (or connection) began, in local time'),
  EMIT_TIME: timed('When the log entry is written'),
  EMIT_TIME_LOCAL: timed('When the log entry is written, in local time'),
  DURATION: 'Milliseconds from the beginning of the request to its last byte',
  COMMON_DURATION: (points) => `The time between two points of the request: ${code(points)}`,
  REQUEST_DURATION: 'Milliseconds from the beginning of the request to its last byte from the client',
  REQUEST_TX_DURATION: 'Milliseconds from the beginning of the request until its last byte was sent upstream',
  RESPONSE_DURATION: 'Milliseconds from the beginning of the request to the first byte of the response from upstream',
  RESPONSE_TX_DURATION: 'Milliseconds from the first byte of the response from upstream to the last byte sent to the client',
  ROUNDTRIP_DURATION: 'Milliseconds from the beginning of the request until the client acknowledged the last byte (HTTP/3)',
  DOWNSTREAM_HANDSHAKE_DURATION: 'Milliseconds until the TLS handshake with the client was done',
  UPSTREAM_CONNECTION_POOL_READY_DURATION: 'Milliseconds until a connection to the upstream host was ready',
  BYTES_RECEIVED: 'The bytes of the request body (of a TCP connection: all bytes from the client)',
  BYTES_SENT: 'The bytes of the response body (of a TCP connection: all bytes to the client)',
  BYTES_RETRANSMITTED: 'The bytes that were sent again (HTTP/3)',
  PACKETS_RETRANSMITTED: 'The packets that were sent again (HTTP/3)',
  UPSTREAM_WIRE_BYTES_SENT: 'The bytes sent upstream, framing included',
  UPSTREAM_WIRE_BYTES_RECEIVED: 'The bytes received from upstream, framing included',
  UPSTREAM_HEADER_BYTES_SENT: 'The bytes of headers sent upstream',
  UPSTREAM_HEADER_BYTES_RECEIVED: 'The bytes of headers received from upstream',
  DOWNSTREAM_WIRE_BYTES_SENT: 'The bytes sent to the client, framing included',
  DOWNSTREAM_WIRE_BYTES_RECEIVED: 'The bytes received from the client, framing included',
  DOWNSTREAM_HEADER_BYTES_SENT: 'The bytes of headers sent to the client',
  DOWNSTREAM_HEADER_BYTES_RECEIVED: 'The bytes of headers received from the client',
  RESPONSE_CODE: 'The status code of the response; 0 where none was sent',
  RESPONSE_CODE_DETAILS: 'Who set the status code and why, as one word (`via_upstream`, `route_not_found` …)',
  RESPONSE_FLAGS: 'What went wrong, as short flags (`UH`: no healthy host, `NR`: no route, `UF`: upstream connection failed …)',
  RESPONSE_FLAGS_LONG: 'What went wrong, as whole words (`NoHealthyUpstream` …)',
  CONNECTION_TERMINATION_DETAILS: 'Why Envoy closed the connection',
  CUSTOM_FLAGS: 'Flags that filters have set of their own',
  GRPC_STATUS: 'The gRPC status of the response',
  GRPC_STATUS_NUMBER: 'The gRPC status of the response as a number',
  LOCAL_REPLY_BODY: 'The body that Envoy itself answers with',
  UPSTREAM_HOST: 'The address of the chosen upstream host',
  UPSTREAM_HOST_NAME: 'The host name of the chosen upstream host, its address where it has none',
  UPSTREAM_HOST_NAME_WITHOUT_PORT: 'The host name of the chosen upstream host, without the port',
  UPSTREAM_HOSTS_ATTEMPTED: 'All upstream hosts that were tried',
  UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT: 'All upstream hosts that were tried, without their ports',
  UPSTREAM_HOST_NAMES_ATTEMPTED: 'The host names of all upstream hosts that were tried',
  UPSTREAM_CLUSTER: 'The cluster that the request went to (its `alt_stat_name` where it has one)',
  UPSTREAM_CLUSTER_RAW: 'The name of the cluster that the request went to',
  UPSTREAM_LOCAL_ADDRESS: 'Our own address and port of the connection to the upstream host',
  UPSTREAM_REQUEST_ATTEMPT_COUNT: 'How often the request was sent upstream; 0 for never',
  UPSTREAM_PROTOCOL: 'The HTTP version spoken to the upstream host',
  UPSTREAM_TRANSPORT_FAILURE_REASON: 'Why TLS with the upstream host failed',
  UPSTREAM_LOCAL_CLOSE_REASON: 'Why we closed the connection to the upstream host',
  UPSTREAM_DETECTED_CLOSE_TYPE: 'How the connection to the upstream host was closed',
  UPSTREAM_CONNECTION_ID: 'The number of the connection to the upstream host',
  UPSTREAM_CONNECTION_IDS_ATTEMPTED: 'The numbers of all connections to upstream hosts that were tried',
  UPSTREAM_HOST_NAMES_ATTEMPTED_WITHOUT_PORT: 'The host names of all upstream hosts that were tried, without their ports',
  UPSTREAM_REMOTE_ADDRESS_ENDPOINT_ID: 'The `endpoint_id` of the internal listener that the connection went to',
  UPSTREAM_METADATA: metadata('the chosen upstream host'),
  DOWNSTREAM_REMOTE_ADDRESS: "The client's address and port, as far as it is known (`x-forwarded-for`, proxy protocol)",
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: "The client's address, as far as it is known, without the port",
  DOWNSTREAM_REMOTE_PORT: "The client's port, as far as it is known",
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS: 'The address and port that the connection really comes from',
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT: 'The address that the connection really comes from, without the port',
  DOWNSTREAM_DIRECT_REMOTE_PORT: 'The port that the connection really comes from',
  DOWNSTREAM_LOCAL_ADDRESS: 'The address and port that the client connected to (the original destination, where it is restored)',
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: 'The address that the client connected to, without the port',
  DOWNSTREAM_LOCAL_PORT: 'The port that the client connected to',
  DOWNSTREAM_LOCAL_ADDRESS_ENDPOINT_ID: 'The `endpoint_id` by which an internal listener was reached',
  DOWNSTREAM_DIRECT_LOCAL_ADDRESS: 'The address and port of our socket, before it was restored',
  DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT: 'The address of our socket, before it was restored, without the port',
  DOWNSTREAM_DIRECT_LOCAL_PORT: 'The port of our socket, before it was restored',
  DOWNSTREAM_DIRECT_LOCAL_ADDRESS_ENDPOINT_ID: 'The `endpoint_id` by which an internal listener was reached, before it was restored',
  DOWNSTREAM_TRANSPORT_FAILURE_REASON: 'Why TLS with the client failed',
  DOWNSTREAM_LOCAL_CLOSE_REASON: 'Why we closed the connection of the client',
  DOWNSTREAM_DETECTED_CLOSE_TYPE: "How the client's connection was closed",
  CONNECTION_ID: "The number of the client's connection",
  STREAM_ID: 'The number of the request, unique while Envoy runs',
  UNIQUE_ID: 'A random id, new for each entry',
  REQUESTED_SERVER_NAME: 'The server name (SNI) that the client asked for',
  ROUTE_RESOLUTION_COUNT: 'How often the route of the request was looked for',
  ROUTE_RESOLUTION_TIME_US: 'Microseconds that looking for the route took, all times together',
  LISTENER_NAME: 'The name of the listener that took the connection',
  ROUTE_NAME: 'The name of the matched route',
  VIRTUAL_HOST_NAME: 'The name of the matched virtual host',
  VIRTUAL_CLUSTER_NAME: 'The name of the matched virtual cluster',
  FILTER_CHAIN_NAME: 'The name of the filter chain that took the connection',
  ACCESS_LOG_TYPE: 'At which point of the request this entry is written',
  HOSTNAME: 'The name of the machine that Envoy runs on',
  ENVIRONMENT: (name) => `The environment variable ${code(name.split(':')[0] ?? '')} of the Envoy process`,
  DYNAMIC_METADATA: metadata('the request, which filters set'),
  CLUSTER_METADATA: metadata('the cluster'),
  METADATA: (parameters) => {
    const [type = '', ...path] = parameters.split(':');
    return metadataOf(type === 'DYNAMIC' ? 'the request' : `the ${escapeMarkdown(inWords(type.toLowerCase()))}`, path);
  },
  FILTER_STATE: (parameters) => `${filterState(parameters)}, which filters set`,
  UPSTREAM_FILTER_STATE: (parameters) => `${filterState(parameters)} of the upstream connection`,
  PER_REQUEST_STATE: (parameters) => `The filter state object ${code(parameters)}`,
  DYNAMIC_METADATA_TYPED: metadata('the request, which filters set'),
  CEL: (expression) => `What the CEL expression ${code(expression)} gives`,
  TYPED_CEL: (expression) => `What the CEL expression ${code(expression)} gives, with its type`,
  SECRET: (name) => `The generic secret that ${code('secret_configs')} of the formatter calls ${code(name)}`,
  FILE_CONTENT: (path) => `What the file ${code(path)} says`,
  COALESCE: 'The first of several operators that gives something',
  TRACE_ID: 'The id of the trace that the request belongs to',
  SPAN_ID: 'The id of the span of the request',
  TLS_JA3_FINGERPRINT: "The JA3 fingerprint of the client's TLS hello",
  TLS_JA4_FINGERPRINT: "The JA4 fingerprint of the client's TLS hello",
};
