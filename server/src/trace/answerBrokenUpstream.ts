/**
 * What a client gets when a later hop breaks the connection, or refuses the tunnel that carries it: the 503 of the last router before
 * the break (Envoy: source/common/router/router.cc onUpstreamReset; utility.cc resetReasonToString; the cases were tried on 1.40).
 */
import type { Arrival } from './hop';
import type { Ending, HopRecord } from './record/hopRecord';

interface PassedHop {
  readonly arrival: Arrival;
  readonly record: HopRecord;
}

type ResetReason = 'remote connection failure' | 'connection termination' | 'protocol error';

/** Adds code and body of the client's own answer; flags and details stay those of the hop that failed. */
export function answerBrokenUpstream(ending: Ending, hops: readonly PassedHop[]): Ending {
  const isRefused = noteRefusedTunnel(ending, hops);
  const breaks =
    isRefused ||
    (ending.disposition === 'protocol_error' && !isReadable(ending, hops)) ||
    (BREAKS.has(ending.disposition) && ending.response?.code === undefined);
  if (!breaks) return ending;
  for (let at = hops.length - 2; at >= 0; at--) {
    const router = hops[at];
    if (!router?.record.protocol?.startsWith('http')) continue;
    const reason = isRefused ? 'connection termination' : resetReason(ending, hops, at);
    if (router.record.terminatesTunnel !== true) return answered(ending, router.record, reason);
    const isEarly = reason === 'remote connection failure';
    if (isEarly) router.record.response = { code: 503, flags: ['UF'] };
    // Behind a tunnel of the hop before, its client is not this CONNECT's sender.
    if (hops[at - 1]?.record.upstream?.tunnel === undefined)
      return isEarly ? answered(ending, router.record, reason) : withoutAnswer(ending, isRefused);
  }
  return withoutAnswer(ending, isRefused);
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

/** The codec's 400 is an answer like any other to a router that speaks HTTP/1 itself. */
function isReadable({ response }: Ending, hops: readonly PassedHop[]): boolean {
  const router = hops.slice(0, -1).findLast(({ record }) => record.protocol?.startsWith('http') === true);
  return response?.code !== undefined && router?.record.upstream?.http?.version === 'http1';
}

/** The last hop has answered the CONNECT of a tunnel: its answer is the hop's, nobody else reads it. */
function noteRefusedTunnel({ response }: Ending, hops: readonly PassedHop[]): boolean {
  const last = hops.at(-1)?.record;
  if (response?.code === undefined || !last || hops.at(-2)?.record.upstream?.tunnel === undefined) return false;
  const { code, flags, details } = response;
  last.response = { code, ...(flags && { flags: [...flags] }), ...(details !== undefined && { details }) };
  return true;
}

/** The client sees its connection end, and no HTTP. */
function withoutAnswer(ending: Ending, isRefused: boolean): Ending {
  if (!isRefused) return ending;
  const { code: _code, body: _body, location: _location, ...response } = ending.response ?? {};
  return { ...ending, response };
}

function answered(ending: Ending, router: HopRecord, reason: ResetReason): Ending {
  const body = `upstream connect error or disconnect/reset before headers. reset reason: ${reason}`;
  const { location: _location, ...response } = ending.response ?? {};
  if (!isGrpc(router)) return { ...ending, response: { ...response, code: reason === 'protocol error' ? 502 : 503, body } };
  const headers = (router.responseHeaders ??= { set: [], append: [], remove: [] });
  headers.set.push(['grpc-status', '14'], ['grpc-message', body]);
  const { body: _body, ...rest } = response;
  return { ...ending, response: { ...rest, code: 200 } };
}

/** Early: while it is connected to. Late: once the connection stands. */
function resetReason(ending: Ending, hops: readonly PassedHop[], at: number): ResetReason {
  const router = hops[at]?.record;
  const next = hops[at + 1];
  const isNext = at + 2 === hops.length;
  const ourTls = router?.upstream?.transport === 'tls';
  if (ending.disposition === 'tls_error' || ending.disposition === 'protocol_error') {
    if (isNext && ourTls && speaksTlsItself(ending, next)) return 'remote connection failure';
    return ending.disposition === 'protocol_error' && router?.upstream?.http?.version === 'http2'
      ? 'protocol error'
      : 'connection termination';
  }
  if (ending.disposition === 'closed' && answersBytes(hops.at(-1))) return 'protocol error';
  const isLate = ending.disposition === 'denied' || ending.disposition === 'no_listener';
  const isEarly = isNext && next?.arrival.kind === 'internal' && !isLate && !waitsForBytes(next);
  return isEarly ? 'remote connection failure' : 'connection termination';
}

/** The handshake itself fails: the chain has TLS that we do not fit, or none at all. */
function speaksTlsItself({ disposition }: Ending, next: PassedHop | undefined): boolean {
  return disposition === 'tls_error' || (next?.record.downstream?.transport === 'tls' && next.record.endsTls !== true);
}

/** echo and direct_response send bytes that are no HTTP. */
function answersBytes(hop: PassedHop | undefined): boolean {
  const type = hop?.record.steps.at(-1)?.at?.typed()?.type ?? '';
  return type.endsWith('.Echo') || type.endsWith('.direct_response.v3.Config');
}

/** An inspector lets the connection stand until the first bytes have come. */
function waitsForBytes({ arrival, record }: PassedHop): boolean {
  const listener = arrival.proxy.byName.listener.get(record.listener ?? '')?.node;
  return (listener?.list('listener_filters') ?? []).some((filter) => /Inspector$|\.ProxyProtocol$/.test(filter.typed()?.type ?? ''));
}

/** Local replies to gRPC are 200 with a grpc-status. */
function isGrpc({ downstream }: HopRecord): boolean {
  return downstream?.http?.headers.some(([name, value]) => name === 'content-type' && /^application\/grpc(?:$|\+)/.test(value)) === true;
}
