/** Names the way in which a request ended, from Envoy's own log entries: the observer's words of `envoy_observed`. */
import type { LogEntry } from './accessLog';
import type { Evidence } from './observe';
import { internalListener, type HopEntries } from './observeHop';
import type { ListenerFacts } from './listenerFacts';
import type { Layer, RecordedConnection } from './recorder';

/** A disposition of the contract or a word of the observer; `unclear` where the logs do not tell (counted, never compared). */
export function nameEnding({ client, hops, recorded, facts }: Evidence): string {
  const last = hops.at(-1);
  if (!last) return client.end === 'refused' ? 'no_listener' : 'unclear';
  const own = facts.get(last.listener.listener);
  if (last.listener.details === 'filter_chain_not_found') return 'no_filter_chain';
  // No chain was looked for: a listener filter has closed the connection.
  if (!last.listener.chainMark && !last.http && !last.tcp) return 'closed';
  // tcp_proxy has looked for its cluster before anything was read.
  if (last.tcp?.flags?.split(',').includes('NC') === true) return 'no_cluster';
  if (failedHandshake(last, own) && !recorded.some(({ layers }) => layers.some((layer) => isContent(layer, own)))) return 'tls_error';
  if (!last.http && !last.tcp) return nameConnectionEnd(last, own);
  const next = internalListener(last);
  if (next !== undefined && !facts.has(next)) return 'no_listener';
  const entry = last.http ?? last.tcp;
  // A circuit breaker closes a connection that is there already.
  const arrived =
    entry?.host !== undefined && !entry.details?.endsWith('{overflow}') && recorded.some((connection) => isOf(connection, entry));
  if (entry && arrived && !refused(entry) && !refused(last.listener)) return 'upstream';
  if (last.http) return nameHttpEnd(last.http, (client.inner ?? client.answer)?.headers.some(([name]) => name === 'location') === true);
  return last.tcp ? nameTcpEnd(last.tcp, last.listener, own) : 'unclear';
}

/** Requests that the cache filter sends have no host in the log. */
export function isOf({ address }: RecordedConnection, { host, details, upstreamRemote }: LogEntry): boolean {
  return host === null ? details === 'via_upstream' : address === host || address === upstreamRemote;
}

/** A tunnel is opened for a connection that says nothing in the end. */
function isContent(layer: Layer, own: ListenerFacts | undefined): boolean {
  return layer.kind === 'bytes' || (layer.kind === 'http' && own?.tunnels !== true);
}

/** No terminal filter wrote anything: TLS failed, a filter before it closed, or the terminal filter answers by itself. */
function nameConnectionEnd({ listener }: HopEntries, facts: ListenerFacts | undefined): string {
  if (isNetworkDenial(listener)) return 'denied';
  const chain = listener.chainMark?.index;
  const terminal = chain === undefined ? '' : (facts?.terminals.get(chain) ?? '');
  if (terminal.endsWith('.echo') || terminal.endsWith('.direct_response')) return 'closed';
  if (terminal.endsWith('http_connection_manager') && listener.flags === 'DPE') return 'protocol_error';
  return facts?.closesSilently === true ? 'closed' : 'unclear';
}

/** tcp_proxy connects to its cluster before the handshake is done; what it chose then does not matter. */
function failedHandshake({ listener, http }: HopEntries, facts: ListenerFacts | undefined): boolean {
  // What was answered came through the handshake; TLS may still fail at the end.
  if (http?.code || http?.host) return false;
  const chain = listener.chainMark?.index;
  const failure = listener.downstreamFailure ?? '';
  // A reset is the client's hanging up, whatever the handshake came to.
  return chain !== undefined && facts?.secureChains.has(chain) === true && failure !== '' && !failure.includes('Connection_reset_by_peer');
}

function isNetworkDenial({ termination, flags }: LogEntry): boolean {
  return termination?.startsWith('rbac_access_denied') === true || flags?.split(',').includes('UAEX') === true;
}

const LOCAL_REPLIES = [
  'fault_filter_abort',
  'upgrade_failed',
  'health_check',
  'local_rate_limited',
  'rate_limiter_error',
  'rate_limited_by_quota',
  'ext_proc_error',
  'lua_response',
  'cors',
  'request_payload_too_large',
  'unconditional_drop_overload',
  'drop_overload',
  'file_server_rejected',
  'cache_no_',
  'stream_idle_timeout',
  'request_overall_timeout',
  'max_duration_timeout',
];
const DENIALS = [
  'rbac_access_denied',
  'csrf_origin_mismatch',
  'jwt_authn_access_denied',
  'ext_authz_denied',
  'ext_authz_error',
  'basic_auth',
  'no_credential',
  'invalid_scheme',
  'invalid_format',
  'invalid_credential',
  'missing_api_key',
  'missing_credentials',
  'missing_key_sources',
  'unkonwn_api_key',
  'unknown_api_key',
  'client_not_allowed',
  'invalid_cdn_loop_header',
  'cdn_loop_detected',
  'rejecting_because_detection_failed',
  'mcp_reject',
  'a2a_filter_reject',
  // Of oauth2.
  'CSRF_token_validation_failed',
  'State_query_param_',
  'OAuth_server_returned_an_error',
  'Code_or_state_query_param_',
  'Code_verifier_cookie_',
  'Failed_to_decrypt_code_verifier',
  'Unauthorized,_and_redirecting',
  'authority_or_original_request_uri_failed',
  'redirect_uri_failed',
];
const BAD_REQUESTS = [
  'path_normalization_failed',
  'missing_host_header',
  'missing_path',
  'absolute_path_rejected',
  'invalid_path',
  'low_version',
  'request_headers_failed_strict_check',
  'early_grpc_json_transcode_failure',
  'grpc_json_transcode_failure',
  'grpc_base_64_decode_failed',
];

function nameHttpEnd({ flags, details, host, routeMark }: LogEntry, hasLocation: boolean): string {
  const said = details ?? '';
  const starts = (words: readonly string[]): boolean => words.some((word) => said.startsWith(word));
  if (starts(LOCAL_REPLIES)) return `local_reply:${said}`;
  if (starts(DENIALS)) return 'denied';
  if ((said === 'path_normalization_failed' || said.startsWith('oauth.')) && hasLocation) return 'redirect';
  if (starts(BAD_REQUESTS)) return 'bad_request';
  if (flags?.includes('DPE') || /^http[12]\./u.test(said)) return 'protocol_error';
  if (said === 'route_not_found') return 'no_route';
  if (said === 'cluster_not_found') return 'no_cluster';
  if (said === 'no_healthy_upstream') return 'no_endpoint';
  if (said.startsWith('upstream_reset') && host) return 'upstream_failure';
  // Nobody answers questions for names here.
  if (said.startsWith('dns_resolution_failure')) return 'upstream_failure';
  if (said.endsWith('{overflow}')) return 'no_endpoint';
  // Envoy calls redirects so, too; and a direct response with a status of 3xx gets a Location.
  if (said === 'direct_response') return hasLocation && routeMark?.action !== 'direct_response' ? 'redirect' : 'direct_response';
  return 'unclear';
}

function nameTcpEnd({ flags, host }: LogEntry, listener: LogEntry, facts: ListenerFacts | undefined): string {
  if (isNetworkDenial(listener)) return 'denied';
  const all = (flags ?? '').split(',');
  if (all.includes('NC')) return 'no_cluster';
  if (all.includes('UH')) return 'no_endpoint';
  if (all.includes('UF')) return 'upstream_failure';
  if (facts?.closesSilently === true) return 'closed';
  return host ? 'unclear' : 'no_endpoint';
}

/** A network filter refuses after tcp_proxy has connected already. */
function refused({ termination, details }: LogEntry): boolean {
  return termination?.startsWith('rbac_access_denied') === true || details?.startsWith('rbac_access_denied') === true;
}
