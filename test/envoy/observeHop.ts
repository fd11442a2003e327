/** One hop of what was observed, by the log entries of its proxy. */
import type { AbsentField, ObservedHop, ObservedLog } from '../oracles/observation';
import type { LogEntry } from './accessLog';
import type { ListenerFacts } from './listenerFacts';

/** What is known of one hop: its log entries. */
export interface HopEntries {
  readonly listener: LogEntry;
  readonly http?: LogEntry;
  readonly tcp?: LogEntry;
}

/** The internal listener into which the hop went, by the endpoint; it may not exist. */
export function internalListener({ http, tcp }: HopEntries): string | undefined {
  const entry = http ?? tcp;
  const match = /^envoy:\/\/(.+)\/[^/]*$/u.exec(entry?.host ?? '');
  return match?.[1];
}

/** Where the handshake failed nothing after it counts. */
export function withoutDestination(hops: readonly HopEntries[]): HopEntries[] {
  return hops.map((hop, index) => (index === hops.length - 1 ? { listener: hop.listener } : hop));
}

/** Envoy looks for a route after it has refused such a request, for its own log. */
const BEFORE_ROUTING: ReadonlySet<string> = new Set([
  'rejecting_because_detection_failed',
  'path_normalization_failed',
  'missing_host_header',
  'absolute_path_rejected',
]);

/** One hop, as the contract writes it. */
export function observeHop({ listener, http, tcp }: HopEntries, facts: ListenerFacts | undefined): ObservedHop {
  const entry = http ?? tcp;
  const isEarly = BEFORE_ROUTING.has(http?.details ?? '');
  const mark = isEarly ? undefined : http?.routeMark;
  const host = isEarly ? undefined : http?.hostMark;
  const matched = listener.chainMark !== null;
  const protocol = http ? protocolOf(http.protocol) : tcp ? 'tcp' : undefined;
  return {
    listener: listener.listener,
    ...(matched ? { filterChain: { name: listener.chain ?? '', index: listener.chainMark.index } } : {}),
    ...(protocol === undefined ? {} : { protocol }),
    ...(host ? { routeConfiguration: host.routeConfiguration, virtualHost: host.virtualHost } : {}),
    ...(mark ? { route: { name: http?.routeName ?? '', index: mark.index } } : {}),
    ...(http?.virtualCluster ? { virtualCluster: http.virtualCluster } : {}),
    ...(entry?.cluster && !isEarly && !facts?.aggregates.has(entry.cluster) ? { cluster: entry.cluster } : {}),
    ...(entry?.host ? { endpoint: { address: endpointOf(entry.host) } } : {}),
    none: emptyFields({ listener, http, tcp }, isEarly),
    logged: loggedOf(http ?? tcp ?? listener, listener),
  };
}

/** Fields that the trace must leave out, too. */
function emptyFields({ listener, http, tcp }: HopEntries, isEarly: boolean): readonly AbsentField[] {
  const none: AbsentField[] = [];
  const entry = http ?? tcp;
  if (listener.chainMark === null) none.push('filterChain');
  if (!http?.routeMark || isEarly) none.push('route');
  if (!http?.hostMark || isEarly) none.push('virtualHost');
  if (!http?.virtualCluster) none.push('virtualCluster');
  // A cluster that is not there is named by the trace alone.
  if (!entry?.cluster && entry?.flags?.includes('NC') !== true) none.push('cluster');
  // A host whose circuit breaker is open was chosen, and is not logged; so is one that the cache filter asks by itself.
  const isUnlogged = http?.details === 'via_upstream' || http?.details?.endsWith('{overflow}') === true;
  if (!entry?.host && !isUnlogged) none.push('endpoint');
  return none;
}

function protocolOf(logged: string | null): string | undefined {
  return logged === 'HTTP/2' ? 'http2' : logged === null ? undefined : 'http1';
}

function endpointOf(host: string): string {
  return host.startsWith('envoy://') ? `internal:${host.slice('envoy://'.length)}` : host;
}

function loggedOf(entry: LogEntry, listener: LogEntry): ObservedLog {
  const details = entry.details ?? undefined;
  return {
    ...(entry.code ? { code: entry.code } : {}),
    ...(entry.flags && entry.flags !== '-' ? { flags: entry.flags } : {}),
    ...(details === undefined ? {} : { details }),
    ...(listener.termination ? { termination: listener.termination } : {}),
    ...(listener.downstreamFailure ? { downstreamFailure: listener.downstreamFailure } : {}),
  };
}
