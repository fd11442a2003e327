/** Puts together what really happened: access logs, what the upstream read, and what the client got. */
import type { ObservedHop, Observation, ObservedResponse } from '../oracles/observation';
import { isCompared } from '../oracles/compareResponseHeaders';
import type { AccessLog, LogEntry } from './accessLog';
import type { ClientResult } from './client';
import { sendRequest } from './client';
import type { LabRequest, PlacedCase } from './labCase';
import { configuredListeners, type ListenerFacts } from './listenerFacts';
import { isOf, nameEnding } from './nameEnding';
import { observeConnection } from './observeConnection';
import { internalListener, observeHop, withoutDestination, type HopEntries } from './observeHop';
import { SENT_HEADERS, type HttpLayer, type Layer, type RecordedConnection, type Recorder } from './recorder';

export interface Lab {
  readonly log: AccessLog;
  readonly recorder: Recorder;
}

/** Envoy writes the listener's entry last; longer than this it does not take. */
const PATIENCE = 2000;
const TRIES = 3;
const MIRROR_DELAY = 25;

/** Sends a request once and says what came of it; again where the lab itself failed (a client that hung up too early). */
export async function observeOnce(lab: Lab, placed: PlacedCase, request: LabRequest): Promise<Observation> {
  let observation = await observeTry(lab, placed, request);
  for (let tries = 1; tries < TRIES && observation.disposition === 'unclear'; tries++) observation = await observeTry(lab, placed, request);
  return observation;
}

async function observeTry(lab: Lab, placed: PlacedCase, { request }: LabRequest): Promise<Observation> {
  lab.log.clear();
  lab.recorder.take();
  const client = await sendRequest(request);
  const facts = configuredListeners(placed);
  const hops = client.port === 0 ? [] : await waitForHops(lab.log, client.port, facts);
  // Copies of a request are sent beside it; nothing tells when they have arrived.
  if ([...facts.values()].some(({ mirrors }) => mirrors)) await new Promise((resolve) => setTimeout(resolve, MIRROR_DELAY));
  const recorded = lab.recorder.take();
  return makeObservation({ client, hops, recorded, facts, method: request.http?.method });
}

async function waitForHops(log: AccessLog, port: number, facts: Evidence['facts']): Promise<HopEntries[]> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const { hops, complete } = followHops(log.entries(), port, facts);
    if (complete || Date.now() > deadline) return hops;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** From the client's connection through internal listeners, as long as the log has them. */
function followHops(entries: readonly LogEntry[], port: number, facts: Evidence['facts']): { hops: HopEntries[]; complete: boolean } {
  const hops: HopEntries[] = [];
  const used = new Set<number>();
  let wanted = entries.find(({ kind, remote }) => kind === 'listener' && remote?.endsWith(`:${port}`));
  while (wanted) {
    const { connection } = wanted;
    used.add(connection);
    const own = entries.filter((entry) => entry.connection === connection);
    const hop: HopEntries = {
      listener: wanted,
      http: own.find(({ kind }) => kind === 'http'),
      tcp: own.find(({ kind }) => kind === 'tcp'),
    };
    hops.push(hop);
    // What tcp_proxy had connected before is closed without having carried anything.
    if (wanted.termination?.startsWith('rbac_access_denied') === true) return { hops, complete: true };
    const next = internalListener(hop);
    // The entries of one connection are not written at one moment.
    if (next === undefined || !facts.has(next))
      return { hops, complete: hop.http !== undefined || hop.tcp !== undefined || wanted.host === null };
    wanted = entries.find(({ kind, listener, connection: other }) => kind === 'listener' && listener === next && !used.has(other));
  }
  return { hops, complete: false };
}

export interface Evidence {
  readonly client: ClientResult;
  readonly hops: readonly HopEntries[];
  readonly recorded: readonly RecordedConnection[];
  readonly facts: ReadonlyMap<string, ListenerFacts>;
  /** Of the outermost request: a CONNECT's answer is not the upstream's. */
  readonly method: string | undefined;
}

/** tcp_proxy closes before the handshake is done where it has no cluster. */
const NO_HANDSHAKE: ReadonlySet<string> = new Set(['tls_error', 'no_cluster']);

function makeObservation(evidence: Evidence): Observation & { readonly evidence?: unknown } {
  const { client, hops, recorded, facts, method } = evidence;
  const disposition = nameEnding(evidence);
  const shown = disposition === 'tls_error' ? withoutDestination(hops) : hops;
  const observed = shown.map((entries): ObservedHop => ({
    ...observeHop(entries, facts.get(entries.listener.listener)),
    downstream: observeConnection(entries.listener, NO_HANDSHAKE.has(disposition)),
  }));
  const last = hops.at(-1);
  const lastEntry = last?.http ?? last?.tcp;
  const arrived = lastEntry && recorded.find((connection) => isOf(connection, lastEntry));
  if (arrived && disposition === 'upstream') {
    attachArrived(observed, evidence, arrived);
    attachMirrors(observed, evidence, arrived);
  }
  const { answer, location } = answerTo(client);
  return {
    disposition,
    response: {
      ...(answer ? { code: answer.code } : {}),
      ...(location === undefined ? {} : { location }),
      ...(answer && method !== 'CONNECT' ? headersOf(answer.headers, disposition) : {}),
      ...(answer && answer.body !== '' ? { body: answer.body } : {}),
      ...(client.inner && client.answer ? { connectCode: client.answer.code } : {}),
      end: client.end,
    },
    hops: observed,
    ...(disposition === 'unclear' ? { evidence: hops } : {}),
  };
}

/** An answer of Envoy's own begins with no headers but those of its body. */
function headersOf(headers: readonly (readonly [string, string])[], disposition: string): Pick<ObservedResponse, 'headers' | 'sent'> {
  const compared = headers.filter(([name]) => isCompared(name));
  if (disposition === 'upstream') return { headers: compared, sent: SENT_HEADERS };
  const isOwn = OWN_ANSWERS.some((start) => disposition.startsWith(start));
  return isOwn ? { headers: compared.filter(([name]) => name !== 'location'), sent: [] } : {};
}

const OWN_ANSWERS = [
  'direct_response',
  'redirect',
  'denied',
  'local_reply',
  'no_route',
  'no_cluster',
  'no_endpoint',
  'protocol_error',
  'bad_request',
];

/** What the innermost request was answered, and where that sends the client; nothing where a tunnel stands and no more was said. */
export function answerTo(client: ClientResult): { readonly answer: ClientResult['answer']; readonly location: string | undefined } {
  const answer = client.inner ?? (client.answer && isTunnel(client) ? undefined : client.answer);
  return { answer, location: answer?.headers.find(([name]) => name === 'location')?.[1] };
}

/** Did the client get its tunnel? Other answers end in a whole response. */
export function isTunnel({ answer, inner, end }: ClientResult): boolean {
  return answer?.code === 200 && (inner !== undefined || ['answered', 'closed', 'silence'].includes(end));
}

/** The innermost HTTP that the proxy spoke goes to the hop that routed it; a CONNECT that a tcp_proxy made is its tunnel. */
export function attachUpstream(observed: ObservedHop[], { hops, facts }: Evidence, layers: readonly Layer[]): void {
  const lastEntries = hops.at(-1);
  const cluster = (lastEntries?.http ?? lastEntries?.tcp)?.cluster ?? '';
  const own = facts.get(lastEntries?.listener.listener ?? '');
  const originated = own?.tlsClusters.has(cluster) === true;
  const tls = originated && layers[0]?.kind === 'tls' ? layers[0] : undefined;
  const rest = tls ? layers.slice(1) : layers;
  const first = rest[0]?.kind === 'http' ? rest[0] : undefined;
  const secured = tls ? { transport: 'tls', sni: tls.sni, alpn: tls.alpn } : first ? { transport: 'raw_buffer' } : {};
  const last = observed.length - 1;
  const lastHop = observed[last];
  if (!lastHop) return;
  if (lastEntries?.http && first && !own?.terminatesTunnels) observed[last] = { ...lastHop, upstream: { ...secured, http: httpOf(first) } };
  else if (lastEntries?.tcp && first?.method === 'CONNECT' && own?.tunnels)
    observed[last] = { ...lastHop, upstream: { ...secured, tunnel: httpOf(first) } };
  else if (tls) observed[last] = { ...lastHop, upstream: secured };
}

/** What came to a proxy before the host came as it would to the host, behind a CONNECT where it was asked for one. */
function attachArrived(observed: ObservedHop[], evidence: Evidence, { address, layers }: RecordedConnection): void {
  const { http, tcp } = evidence.hops.at(-1) ?? {};
  const host = (http ?? tcp)?.host ?? undefined;
  const [connect, ...behind] = layers;
  const isProxied = host !== undefined && host !== address;
  const isAsked = isProxied || (http !== undefined && evidence.method !== 'CONNECT');
  const tunnel = isAsked && connect?.kind === 'http' && connect.method === 'CONNECT' ? connect : undefined;
  attachUpstream(observed, evidence, tunnel ? behind : layers);
  const last = observed.length - 1;
  const lastHop = observed[last];
  if (!lastHop || (!isProxied && !tunnel)) return;
  const through = { ...(isProxied && { through: address }), ...(tunnel && { tunnel: httpOf(tunnel) }) };
  observed[last] = { ...lastHop, upstream: { ...lastHop.upstream, ...through } };
}

/** Every other connection carried a copy. */
function attachMirrors(observed: ObservedHop[], { hops, facts, recorded }: Evidence, arrived: RecordedConnection): void {
  const last = observed.length - 1;
  const lastHop = observed[last];
  const own = facts.get(hops.at(-1)?.listener.listener ?? '');
  if (!lastHop || own?.mirrors !== true) return;
  const mirrored = recorded.filter((connection) => connection !== arrived).map(({ address }) => own.owners.get(address) ?? address);
  observed[last] = { ...lastHop, mirrored: mirrored.sort() };
}

function httpOf({ version, method, authority, path, headers }: HttpLayer): NonNullable<NonNullable<ObservedHop['upstream']>['http']> {
  return { version, method, authority, path, headers, hasVolatile: true };
}
