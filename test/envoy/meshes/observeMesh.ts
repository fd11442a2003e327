/** What really happened to a request on its way through several proxies: their logs, what the application read, what the client got. */
import type { Observation, ObservedHop } from '../../oracles/observation';
import type { ClientResult } from '../client';
import { nameEnding } from '../nameEnding';
import { observeConnection } from '../observeConnection';
import { answerTo, attachUpstream, type Evidence } from '../observe';
import { observeHop, withoutDestination } from '../observeHop';
import type { RecordedConnection } from '../recorder';
import { followPath, type PathHop, type WatchedProxy } from './followPath';
import type { MeshRequest } from './meshCase';
import type { Place } from './places/placeClient';

export interface MeshLab {
  readonly proxies: readonly WatchedProxy[];
  readonly places: ReadonlyMap<string, Place>;
}

const PATIENCE = 2500;
/** Longer than this no entry follows another when the application got nothing. */
const QUIET = 60;
/** So long another proxy may take for its log. */
const LATE = 900;
const TRIES = 3;

/** Sends the request once, and again where the logs do not tell how it ended. */
export async function observeMesh(lab: MeshLab, asked: MeshRequest): Promise<Observation> {
  let observation = await observeTry(lab, asked);
  for (let tries = 1; tries < TRIES && isDoubtful(observation); tries++) observation = await observeTry(lab, asked);
  return observation;
}

/** The kernel refuses a connection now and then whose redirected twin it still remembers; a sender without patience hangs up in the middle of a handshake. */
function isDoubtful({ disposition, hops }: Observation): boolean {
  const isHungUp = hops.at(-1)?.logged?.downstreamFailure?.includes('system_library') === true;
  return disposition === 'unclear' || (disposition === 'no_listener' && hops.length === 0) || (disposition === 'tls_error' && isHungUp);
}

async function observeTry({ proxies, places }: MeshLab, { from, request }: MeshRequest): Promise<Observation> {
  for (const { log } of proxies) log.clear();
  await takeAll(places);
  const client = (await places.get(from)?.send(request)) ?? { port: 0, end: 'refused' };
  const recorded: RecordedConnection[] = [];
  const begin = Date.now();
  let [hops, last]: [PathHop[], number] = [[], begin];
  for (let now = begin; client.port !== 0 && now - begin < PATIENCE; now = Date.now()) {
    const found = followPath(proxies, client.port);
    if (countEntries(found) !== countEntries(hops)) last = now;
    hops = found;
    recorded.push(...(await takeAll(places)));
    if (isComplete(hops, recorded) && now - last > waitFor(proxies, hops, recorded)) break;
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  return makeObservation(client, untilRefused(hops), recorded, request.http?.method);
}

/** tcp_proxy dials on before the network filters of its own chain have read anything; where they refuse, nothing was said to whom it dialled. */
function untilRefused(hops: readonly PathHop[]): readonly PathHop[] {
  const end = hops.findIndex(({ listener }) => listener.termination?.startsWith('rbac_access_denied') === true);
  return end < 0 ? hops : hops.slice(0, end + 1);
}

async function takeAll(places: MeshLab['places']): Promise<RecordedConnection[]> {
  return (await Promise.all([...places.values()].map((place) => place.take()))).flat();
}

/** Another proxy's entry may come late; where none can come the application's word is enough. */
function waitFor(proxies: readonly WatchedProxy[], hops: readonly PathHop[], recorded: readonly RecordedConnection[]): number {
  const last = hops.at(-1);
  const host = (last?.http ?? last?.tcp)?.host ?? '';
  const isAnother = proxies.some((proxy) => proxy !== last?.proxy && proxy.ips.some((ip) => host.startsWith(`${ip}:`)));
  return isAnother ? LATE : hasArrived(hops, recorded) ? 8 : QUIET;
}

function countEntries(hops: readonly PathHop[]): number {
  return hops.reduce((sum, { http, tcp }) => sum + 1 + (http ? 1 : 0) + (tcp ? 1 : 0), 0);
}

function isComplete(hops: readonly PathHop[], recorded: readonly RecordedConnection[]): boolean {
  const last = hops.at(-1);
  if (!last) return false;
  if (!last.http && !last.tcp) return last.listener.host === null;
  return recorded.length === 0 || hasArrived(hops, recorded) || last.http?.host === null;
}

function hasArrived(hops: readonly PathHop[], recorded: readonly RecordedConnection[]): boolean {
  const last = hops.at(-1);
  const host = (last?.http ?? last?.tcp)?.host;
  return recorded.some(({ address }) => address === host);
}

function makeObservation(
  client: ClientResult,
  hops: readonly PathHop[],
  all: readonly RecordedConnection[],
  method: string | undefined,
): Observation & { readonly evidence?: unknown } {
  // Copies go to hosts that no hop has chosen.
  const recorded = all.filter(({ address }) => hops.some(({ http, tcp }) => (http ?? tcp)?.host === address));
  const evidence: Evidence = { client, hops, recorded, facts: hops.at(-1)?.proxy.facts ?? new Map(), method };
  const disposition = isClosedEarly(hops.at(-1)) ? 'closed' : nameAfterTls(nameEnding(evidence), hops.at(-1));
  const shown = disposition === 'tls_error' ? (withoutDestination(hops) as PathHop[]) : hops;
  const observed = shown.map((entries, index) =>
    withConnection(entries, hops[index], disposition === 'tls_error' && index === hops.length - 1),
  );
  const last = hops.at(-1);
  const arrived = last && recorded.find(({ address }) => address === (last.http ?? last.tcp)?.host);
  if (arrived && disposition === 'upstream') attachUpstream(observed, evidence, arrived.layers);
  const { answer, location } = answerTo(client);
  return {
    disposition,
    response: {
      ...(answer ? { code: answer.code } : {}),
      ...(location === undefined ? {} : { location }),
      // The sentence about a connection that another proxy refused has the operating system's or BoringSSL's words in it.
      ...(answer && answer.body !== '' && !answer.body.startsWith('upstream connect error') ? { body: answer.body } : {}),
      ...(client.inner && client.answer ? { connectCode: client.answer.code } : {}),
      end: client.end,
    },
    hops: observed,
    ...(disposition === 'unclear'
      ? { evidence: { hops: hops.map(({ proxy, ...rest }) => ({ ...rest, proxy: proxy.nodeId })), recorded, client } }
      : {}),
  };
}

/** Once the codec has complained, what TLS says is of the closing. */
function nameAfterTls(disposition: string, last: PathHop | undefined): string {
  return disposition === 'tls_error' && last?.listener.flags?.includes('DPE') === true ? 'protocol_error' : disposition;
}

/** A listener filter closed the connection: no chain was looked for. */
function isClosedEarly(last: PathHop | undefined): boolean {
  return (
    last !== undefined &&
    !last.http &&
    !last.tcp &&
    last.listener.chainMark === null &&
    last.listener.details === null &&
    !last.listener.downstreamFailure
  );
}

function withConnection(entries: PathHop, whole: PathHop | undefined, failed: boolean): ObservedHop {
  const hop = whole ?? entries;
  const seen = observeHop(entries, hop.proxy.facts.get(hop.listener.listener));
  return { ...seen, proxy: hop.proxy.nodeId, downstream: observeConnection(hop.listener, failed) };
}
