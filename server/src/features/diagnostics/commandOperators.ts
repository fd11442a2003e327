/** The command operators of format strings that the standard Envoy 1.40 has, and what each takes (source/common/formatter; each asked of a real Envoy). */
import { refusalOfCelText } from '../../trace/matcher/cel/testCelMatcher';
import { renderSentence } from '../../trace/record/sentence';
import { describeWrongCoalesce } from './coalesceOperators';
import { suggestName } from './schemaCheck/suggestName';
import type { CommandUse } from './commandUse';

export interface CommandSyntax {
  readonly parameters: 'none' | 'optional' | 'required';
  readonly hasLength: boolean;
  /** What is wrong with the parameters; undefined where nothing is. */
  readonly check?: (parameters: string) => string | undefined;
}

/** The syntax of an operator by its name; undefined for names that Envoy has not. */
export function commandSyntax(name: string): CommandSyntax | undefined {
  return syntaxes().get(name);
}

/** Every name, for suggestions. */
export function commandNames(): string[] {
  return [...syntaxes().keys()];
}

/** What is wrong with the use of a command by its name; undefined where nothing is. */
export function describeWrongCommand(name: string, { parameters, hasLength, isOpen }: CommandUse): string | undefined {
  const syntax = commandSyntax(name);
  if (!syntax) {
    const suggestion = suggestName(name, commandNames());
    return isOpen
      ? undefined
      : `there is no command "${name.slice(0, 60)}"${suggestion === undefined ? '' : `; did you mean "${suggestion}"?`}`;
  }
  if (syntax.parameters === 'none' && (parameters !== '' || hasLength)) return `${name} takes neither parameters nor a length`;
  if (syntax.parameters === 'required' && parameters === '') return `${name} needs parameters`;
  if (hasLength && !syntax.hasLength) return `${name} takes no length`;
  const wrong = syntax.check?.(parameters);
  return wrong === undefined ? undefined : `${name}: ${wrong}`;
}

let known: ReadonlyMap<string, CommandSyntax> | undefined;

function syntaxes(): ReadonlyMap<string, CommandSyntax> {
  return (known ??= new Map([
    ...words(PLAIN).map((name): [string, CommandSyntax] => [name, { parameters: 'none', hasLength: false }]),
    ...words(WITHOUT_LENGTH).map((name): [string, CommandSyntax] => [name, { parameters: 'optional', hasLength: false }]),
    ...words(TIMES).map((name): [string, CommandSyntax] => [name, { parameters: 'optional', hasLength: false, check: checkTime }]),
    ...Object.entries(OTHERS),
  ]));
}

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Neither parameters nor a length. */
const PLAIN = `
    ACCESS_LOG_TYPE BYTES_RECEIVED BYTES_RETRANSMITTED BYTES_SENT CONNECTION_ID CONNECTION_TERMINATION_DETAILS CUSTOM_FLAGS
    DOWNSTREAM_CX_RTT DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_SENT
    DOWNSTREAM_DETECTED_CLOSE_TYPE DOWNSTREAM_DIRECT_LOCAL_ADDRESS DOWNSTREAM_DIRECT_LOCAL_ADDRESS_ENDPOINT_ID
    DOWNSTREAM_DIRECT_LOCAL_PORT DOWNSTREAM_DIRECT_REMOTE_ADDRESS DOWNSTREAM_DIRECT_REMOTE_PORT DOWNSTREAM_HANDSHAKE_DURATION
    DOWNSTREAM_HEADER_BYTES_RECEIVED DOWNSTREAM_HEADER_BYTES_SENT DOWNSTREAM_LOCAL_ADDRESS DOWNSTREAM_LOCAL_ADDRESS_ENDPOINT_ID
    DOWNSTREAM_LOCAL_CLOSE_REASON DOWNSTREAM_LOCAL_DNS_SAN DOWNSTREAM_LOCAL_EMAIL_SAN DOWNSTREAM_LOCAL_IP_SAN
    DOWNSTREAM_LOCAL_OTHERNAME_SAN DOWNSTREAM_LOCAL_PORT DOWNSTREAM_LOCAL_SUBJECT DOWNSTREAM_LOCAL_URI_SAN DOWNSTREAM_PEER_CERT
    DOWNSTREAM_PEER_CHAIN_FINGERPRINTS_1 DOWNSTREAM_PEER_CHAIN_FINGERPRINTS_256 DOWNSTREAM_PEER_CHAIN_SERIALS DOWNSTREAM_PEER_DNS_SAN
    DOWNSTREAM_PEER_EMAIL_SAN DOWNSTREAM_PEER_FINGERPRINT_1 DOWNSTREAM_PEER_FINGERPRINT_256 DOWNSTREAM_PEER_IP_SAN
    DOWNSTREAM_PEER_ISSUER DOWNSTREAM_PEER_ISSUER_FINGERPRINT_256 DOWNSTREAM_PEER_ISSUER_SERIAL DOWNSTREAM_PEER_OTHERNAME_SAN
    DOWNSTREAM_PEER_SERIAL DOWNSTREAM_PEER_SUBJECT DOWNSTREAM_PEER_URI_SAN DOWNSTREAM_REMOTE_ADDRESS DOWNSTREAM_REMOTE_PORT
    DOWNSTREAM_TLS_CIPHER DOWNSTREAM_TLS_GROUP DOWNSTREAM_TLS_SESSION_ID DOWNSTREAM_TLS_VERSION DOWNSTREAM_TRANSPORT_FAILURE_REASON
    DOWNSTREAM_WIRE_BYTES_RECEIVED DOWNSTREAM_WIRE_BYTES_SENT DURATION FILTER_CHAIN_NAME GRPC_STATUS_NUMBER HOSTNAME LISTENER_NAME
    LOCAL_REPLY_BODY PACKETS_RETRANSMITTED PROTOCOL REQUEST_DURATION REQUEST_HEADERS_BYTES REQUEST_TX_DURATION
    RESPONSE_CODE RESPONSE_DURATION RESPONSE_FLAGS RESPONSE_FLAGS_LONG RESPONSE_HEADERS_BYTES RESPONSE_TRAILERS_BYTES
    RESPONSE_TX_DURATION ROUNDTRIP_DURATION ROUTE_NAME ROUTE_RESOLUTION_COUNT ROUTE_RESOLUTION_TIME_US SPAN_ID STREAM_ID
    TLS_JA3_FINGERPRINT TLS_JA4_FINGERPRINT TRACE_ID UNIQUE_ID UPSTREAM_CLUSTER UPSTREAM_CLUSTER_RAW UPSTREAM_CONNECTION_ID
    UPSTREAM_CONNECTION_IDS_ATTEMPTED UPSTREAM_CONNECTION_POOL_READY_DURATION UPSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED
    UPSTREAM_DECOMPRESSED_HEADER_BYTES_SENT UPSTREAM_DETECTED_CLOSE_TYPE UPSTREAM_HEADER_BYTES_RECEIVED UPSTREAM_HEADER_BYTES_SENT
    UPSTREAM_HOST UPSTREAM_HOSTS_ATTEMPTED UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT UPSTREAM_HOST_NAME UPSTREAM_HOST_NAMES_ATTEMPTED
    UPSTREAM_HOST_NAMES_ATTEMPTED_WITHOUT_PORT UPSTREAM_HOST_NAME_WITHOUT_PORT UPSTREAM_LOCAL_ADDRESS UPSTREAM_LOCAL_CLOSE_REASON
    UPSTREAM_LOCAL_DNS_SAN UPSTREAM_LOCAL_IP_SAN UPSTREAM_LOCAL_PORT UPSTREAM_LOCAL_URI_SAN UPSTREAM_PEER_CERT UPSTREAM_PEER_DNS_SAN
    UPSTREAM_PEER_IP_SAN UPSTREAM_PEER_ISSUER UPSTREAM_PEER_SUBJECT UPSTREAM_PEER_URI_SAN UPSTREAM_PROTOCOL UPSTREAM_REMOTE_ADDRESS
    UPSTREAM_REMOTE_ADDRESS_ENDPOINT_ID UPSTREAM_REMOTE_PORT UPSTREAM_REQUEST_ATTEMPT_COUNT UPSTREAM_SERVER_NAME UPSTREAM_TLS_CIPHER
    UPSTREAM_TLS_GROUP UPSTREAM_TLS_SESSION_ID UPSTREAM_TLS_VERSION UPSTREAM_TRANSPORT_FAILURE_REASON UPSTREAM_WIRE_BYTES_RECEIVED
    UPSTREAM_WIRE_BYTES_SENT VIRTUAL_CLUSTER_NAME`;

/** Parameters, but no length. */
const WITHOUT_LENGTH = `
    DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT
    DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT RESPONSE_CODE_DETAILS UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT`;

/** How a time is written stands in their parameters. */
const TIMES = `
    DOWNSTREAM_PEER_CERT_V_END DOWNSTREAM_PEER_CERT_V_START EMIT_TIME EMIT_TIME_LOCAL START_TIME START_TIME_LOCAL UPSTREAM_PEER_CERT_V_END
    UPSTREAM_PEER_CERT_V_START`;

const header: CommandSyntax = { parameters: 'required', hasLength: true, check: checkHeaders };
const optional = (...values: readonly string[]): CommandSyntax => ({
  parameters: 'optional',
  hasLength: true,
  check: (parameters) => oneOf(parameters, values),
});

const OTHERS: Readonly<Record<string, CommandSyntax>> = {
  REQ: header,
  REQUEST_HEADER: header,
  RESP: header,
  RESPONSE_HEADER: header,
  REQUESTED_SERVER_NAME: { parameters: 'optional', hasLength: false, check: checkServerName },
  TRAILER: header,
  RESPONSE_TRAILER: header,
  STREAM_INFO_REQ: header,
  DYNAMIC_METADATA: { parameters: 'required', hasLength: true },
  CLUSTER_METADATA: { parameters: 'required', hasLength: false },
  UPSTREAM_METADATA: { parameters: 'required', hasLength: false },
  ENVIRONMENT: { parameters: 'required', hasLength: true },
  QUERY_PARAM: { parameters: 'required', hasLength: true },
  CEL: { parameters: 'required', hasLength: true, check: checkCel },
  TYPED_CEL: { parameters: 'required', hasLength: true, check: checkCel },
  COALESCE: { parameters: 'required', hasLength: true, check: (text) => describeWrongCoalesce(text, describeWrongCommand) },
  XFCC_VALUE: {
    parameters: 'required',
    hasLength: true,
    check: (name) => oneOf(name.toLowerCase(), ['by', 'hash', 'cert', 'chain', 'subject', 'uri', 'dns']),
  },
  FILTER_STATE: { parameters: 'required', hasLength: true, check: checkFilterState },
  UPSTREAM_FILTER_STATE: { parameters: 'required', hasLength: true, check: checkFilterState },
  COMMON_DURATION: { parameters: 'required', hasLength: false, check: checkDuration },
  METADATA: { parameters: 'required', hasLength: true, check: checkMetadata },
  GRPC_STATUS: { parameters: 'optional', hasLength: false, check: (form) => oneOf(form, ['CAMEL_STRING', 'SNAKE_STRING', 'NUMBER']) },
  PATH: { parameters: 'optional', hasLength: true, check: checkPath },
  QUERY_PARAMS: optional('ORIG', 'DECODED'),
};

function checkCel(text: string): string | undefined {
  const refusal = refusalOfCelText(text);
  return refusal && renderSentence(refusal);
}

function oneOf(text: string, values: readonly string[]): string | undefined {
  return text === '' || values.includes(text) ? undefined : `"${text.slice(0, 40)}" is none of ${values.join(', ')}`;
}

/** One header, or two with `?` between them. */
function checkHeaders(parameters: string): string | undefined {
  const names = parameters.split('?');
  if (names.length > 2) return 'more than one alternative header is given';
  return names.some((name) => /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(name.replace(/^:/, '')))
    ? 'the name of the header has characters that no header has'
    : undefined;
}

function checkFilterState(parameters: string): string | undefined {
  const [key = '', form = '', field = ''] = parameters.split(':');
  if (key === '') return 'the key is empty';
  return (
    oneOf(form, ['PLAIN', 'TYPED', 'FIELD']) ?? ((form === 'FIELD') !== (field !== '') ? 'FIELD goes with the name of a field' : undefined)
  );
}

function checkDuration(parameters: string): string | undefined {
  const parts = parameters.split(':');
  if (parts.length < 2 || parts.length > 3) return 'it takes START:END or START:END:PRECISION';
  return oneOf(parts[2] ?? '', ['ms', 'us', 'ns']);
}

const KINDS = ['DYNAMIC', 'CLUSTER', 'ROUTE', 'UPSTREAM_HOST', 'LISTENER', 'LISTENER_FILTER_CHAIN', 'VIRTUAL_HOST'];

function checkMetadata(parameters: string): string | undefined {
  const kind = parameters.split(':')[0] ?? '';
  return kind === '' ? 'the kind of metadata is missing' : oneOf(kind, KINDS);
}

function checkServerName(parameters: string): string | undefined {
  const [source = '', which = ''] = parameters.split(':');
  return oneOf(source, ['SNI_ONLY', 'SNI_FIRST', 'HOST_FIRST']) ?? oneOf(which, ['ORIG', 'HOST', 'ORIG_OR_HOST']);
}

function checkPath(parameters: string): string | undefined {
  const [query = '', which = ''] = parameters.split(':');
  return oneOf(query, ['WQ', 'NQ']) ?? oneOf(which, ['ORIG', 'PATH', 'ORIG_OR_PATH']);
}

/** SystemTimeFormatter: a line break would end the line of the log. */
function checkTime(format: string): string | undefined {
  return /%[-_0^#]*[1-9]*[EO]?n/.test(format) ? 'the format of the time has a line break (%n)' : undefined;
}
