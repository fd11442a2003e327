/**
 * What the client of an HTTP hop gets when a later hop breaks the connection before it has answered: the router's own 503
 * (Envoy: source/common/router/router.cc onUpstreamReset; utility.cc resetReasonToString).
 */
import type { Arrival } from '../hop';
import type { Ending, HopRecord } from './hopRecord';

interface PassedHop {
  readonly arrival: Arrival;
  readonly record: HopRecord;
}

/** Adds code and body to an ending that speaks no HTTP; flags and details stay those of the hop that failed. */
export function answerBrokenUpstream(ending: Ending, hops: readonly PassedHop[]): Ending {
  if (!BREAKS.has(ending.disposition) || ending.response?.code !== undefined) return ending;
  const last = hops.at(-1);
  const at = hops.findLastIndex(({ record }, index) => index < hops.length - 1 && record.protocol?.startsWith('http') === true);
  const router = hops[at];
  const next = hops[at + 1];
  // Behind a terminated CONNECT the client has its 200 already; a hop that speaks HTTP answers by itself.
  if (!router || !next || router.record.terminatesTunnel || last?.record.protocol?.startsWith('http')) return ending;
  const code = isGrpc(router.record) ? 200 : 503;
  const body = `upstream connect error or disconnect/reset before headers. reset reason: ${resetReason(ending, next)}`;
  return { ...ending, response: { ...ending.response, code, ...(code === 503 && { body }) } };
}

const BREAKS: ReadonlySet<Ending['disposition']> = new Set([
  'no_filter_chain',
  'tls_error',
  'no_endpoint',
  'no_cluster',
  'no_listener',
  'denied',
  'closed',
]);

/** An internal listener refuses while it is connected to; a socket is accepted first. A network RBAC waits for the first bytes. */
function resetReason({ disposition }: Ending, { arrival, record }: PassedHop): string {
  const ourTls = record.downstream?.transport === 'tls' && disposition === 'tls_error';
  const early = arrival.kind === 'internal' && disposition !== 'denied';
  return early || ourTls ? 'remote connection failure' : 'connection termination';
}

/** Local replies to gRPC are 200 with a grpc-status. */
function isGrpc({ downstream }: HopRecord): boolean {
  return downstream?.http?.headers.some(([name, value]) => name === 'content-type' && /^application\/grpc(?:$|\+)/.test(value)) === true;
}
