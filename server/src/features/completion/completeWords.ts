/** Completion of texts of which the API does not say which there are, but Envoy does. */
import { FILTER_STATE_KEYS } from '../../model/filterStateKeys';
import { wordTable } from '../../text/wordTable';
import type { Cursor } from './cursor';
import type { Candidate } from './writeCandidates';

/** [] where any text may stand. */
export function completeWords({ schema }: Cursor): Candidate[] {
  const { field, owner } = schema ?? {};
  const known = field && owner ? WORDS[`${owner.name}.${field.name}`] : undefined;
  return Object.entries(known ?? {}).map(([name, detail]): Candidate => ({ name, kind: 'enum_value', ...(detail !== '' && { detail }) }));
}

/** envoy: source/common/router/retry_state_impl.cc */
const RETRY_ON = {
  '5xx': 'any 5xx, or no response at all',
  'gateway-error': '502, 503 and 504',
  reset: 'no response at all: disconnect, reset, timeout',
  'reset-before-request': 'no response, and the request was not sent yet',
  'connect-failure': 'no connection to the upstream host',
  'envoy-ratelimited': 'x-envoy-ratelimited in the response',
  'retriable-4xx': '409',
  'refused-stream': 'REFUSED_STREAM of HTTP/2',
  'retriable-status-codes': 'those of retriable_status_codes',
  'retriable-headers': 'responses that retriable_headers match',
  'http3-post-connect-failure': 'HTTP/3 that failed once connected',
  cancelled: 'gRPC status 1',
  'deadline-exceeded': 'gRPC status 4',
  internal: 'gRPC status 13',
  'resource-exhausted': 'gRPC status 8',
  unavailable: 'gRPC status 14',
};

/** RFC 9113, RFC 9110, and what Envoy itself adds (envoy: docs, HTTP header manipulation). */
const HEADERS = {
  ':authority': 'the host',
  ':method': '',
  ':path': 'with the query',
  ':scheme': '',
  accept: '',
  authorization: '',
  'content-type': '',
  cookie: '',
  host: 'as :authority',
  origin: '',
  'user-agent': '',
  'x-envoy-internal': 'true for requests from inside',
  'x-envoy-original-path': 'before it was rewritten',
  'x-forwarded-for': '',
  'x-forwarded-proto': '',
  'x-request-id': '',
};

/** Without the marks of Markdown: a list shows plain text. */
const FILTER_STATE = Object.fromEntries(Object.entries(FILTER_STATE_KEYS).map(([key, words]) => [key, words.replace(/`/g, '')]));

const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = wordTable<Readonly<Record<string, string>>>({
  'envoy.config.route.v3.RetryPolicy.retry_on': RETRY_ON,
  'envoy.config.route.v3.HeaderMatcher.name': HEADERS,
  'envoy.config.route.v3.RouteAction.HashPolicy.Header.header_name': HEADERS,
  'envoy.extensions.transport_sockets.tls.v3.CommonTlsContext.alpn_protocols': { h2: 'HTTP/2', 'http/1.1': 'HTTP/1.1', h3: 'HTTP/3' },
  'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig.upgrade_type': {
    websocket: '',
    CONNECT: 'tunnels of TCP',
    'connect-udp': 'tunnels of UDP',
  },
  'envoy.config.route.v3.RouteAction.UpgradeConfig.upgrade_type': {
    websocket: '',
    CONNECT: 'tunnels of TCP',
    'connect-udp': 'tunnels of UDP',
  },
  'envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue.object_key': FILTER_STATE,
  'envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue.factory_key': FILTER_STATE,
  'envoy.extensions.access_loggers.file.v3.FileAccessLog.path': { '/dev/stdout': '', '/dev/stderr': '' },
  'envoy.config.listener.v3.FilterChainMatch.transport_protocol': { tls: 'TLS, as its inspector sees it', raw_buffer: 'anything else' },
  'envoy.config.listener.v3.FilterChainMatch.application_protocols': {
    h2: 'HTTP/2',
    'http/1.1': 'HTTP/1.1',
    'http/1.0': 'HTTP/1.0',
    h2c: 'HTTP/2 in plaintext',
  },
});
