/** Where a request enters: the proxy, the way of interception and the first facts, by the rules of the trace contract. */
import type { TraceRequest } from '../../protocol/trace';
import type { ProxyScope } from '../../index/proxyScope';
import { shortProxy } from '../../model/summary/shortProxy';
import { parseIpPort, type Address, joinHostPort } from '../../model/address';
import { fileNameOf } from '../../text/uriParts';
import { readZtunnel } from '../../model/ztunnel/readZtunnel';
import type { Arrival, Assumption, HopResult } from '../hop';
import { mayLack } from '../lostResources';
import { cannotTell } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { servedIps } from '../upstream/addressOwners';
import { boundSocketsOf, captureOf, hasCapture, isInternalListener } from '../listener/boundListeners';
import { chooseProxy, whichProxy } from './chooseProxy';
import { defaultCapture } from './defaultCapture';
import { firstConnection, readPeer } from './firstConnection';
import { interceptionNotes } from './interceptionNotes';
import { ownAddress, resolveHost, type ResolvedHost } from './resolveHost';
import { placesAt } from './startAt';
import { HBONE_PORT } from '../../model/istio/istioPorts';
import type { Snapshot } from '../../index/snapshot';

export interface Start {
  /** The first arrival, or the reason why there is none. */
  readonly result: HopResult;
  readonly assumed?: Assumption;
}

type IpAddress = Extract<Address, { kind: 'ip' }>;

/** Usually one start; several when the files give a host name several destinations. */
export function startOf(snapshot: Snapshot, request: TraceRequest): { starts: Start[]; notes: string[] } {
  const text = request.connection.destination;
  const destination = text === undefined ? undefined : parseIpPort(text);
  if (text?.startsWith('/') || text?.startsWith('@')) return startAtPipe(snapshot, request, text);
  if (text !== undefined && !destination) return failed(say`the destination: ${text} is not IP:PORT`);
  if (request.start?.at) return startAtPlace(snapshot, request, destination);
  const sourceIp = readPeer(request.connection.source)?.ip;
  const choice = chooseProxy(snapshot, request, { sourceIp, destination });
  if (choice.kind === 'missing') return failed(choice.missing);
  if (destination) {
    const starts = choice.proxies.map((proxy) => enter(proxy, request, destination));
    return { starts, notes: [...choice.notes, ...starts.flatMap(notesOnStart)] };
  }
  return startWithoutDestination(snapshot, request, choice);
}

/** The request may have asked for the way of interception itself. */
function notesOnStart({ result }: Start): string[] {
  if (result.kind !== 'onward') return [];
  const { arrival } = result;
  if (arrival.kind === 'ztunnel' && arrival.direction === 'outbound' && !arrival.connection.source)
    return [`no client is given: its identity and place may decide; give its address with --src (\`${shortProxy(arrival.proxy.id)}\`)`];
  if (arrival.kind !== 'socket') return [];
  const { proxy, capture, connection } = arrival;
  return connection.destination?.kind === 'ip' ? interceptionNotes(proxy, capture, connection.destination.port) : [];
}

function failed(missing: Sentence): { starts: Start[]; notes: string[] } {
  return { starts: [{ result: cannotTell(missing) }], notes: [] };
}

/** A Unix domain socket: nothing intercepts it. */
function startAtPipe(snapshot: Snapshot, request: TraceRequest, path: string): { starts: Start[]; notes: string[] } {
  const choice = chooseProxy(snapshot, request, { sourceIp: undefined, destination: undefined });
  if (choice.kind === 'missing') return failed(choice.missing);
  const connection = firstConnection(request, { kind: 'pipe', path });
  return {
    starts: choice.proxies.map((proxy) => ({
      result: { kind: 'onward', arrival: { kind: 'socket', proxy, capture: 'none', connection } },
    })),
    notes: [...choice.notes],
  };
}

/** The named listener's own address, or the request's host by the files. */
function startWithoutDestination(
  snapshot: Snapshot,
  request: TraceRequest,
  choice: { proxies: readonly ProxyScope[]; notes: readonly string[] },
): { starts: Start[]; notes: string[] } {
  const name = request.start?.listener;
  if (name !== undefined) {
    const starts = choice.proxies.flatMap((proxy) => enterByListener(proxy, request, name) ?? []);
    if (starts.length > 0) return { starts, notes: [...choice.notes] };
  }
  const sourceIp = readPeer(request.connection.source)?.ip;
  const resolved = preferGateways(choice.proxies, resolveHost(choice.proxies, request, sourceIp));
  if (resolved === undefined) return failed(whichProxy(snapshot, sourceIp, choice.proxies));
  if (resolved.length === 0) return failed(noAddress(choice.proxies, request.http?.authority ?? ''));
  const notes = resolved.map(
    ({ proxy, destination, source }) =>
      `${request.http?.authority ?? ''} is taken for ${joinHostPort(destination.ip, destination.port)} (${source} of \`${shortProxy(proxy.id)}\`)`,
  );
  const starts = resolved.map(({ proxy, destination }) => enter(proxy, request, destination));
  return { starts, notes: [...choice.notes, ...notes, ...starts.flatMap(notesOnStart)] };
}

/** A file that breaks off may have lost the address. */
function noAddress(proxies: readonly ProxyScope[], authority: string): Sentence {
  if (authority === '') return say`the destination: give it with --dst IP:PORT`;
  const cut = proxies.filter((proxy) => mayLack(proxy, 'route_configuration') || mayLack(proxy, 'listener'));
  const lost = cut.length > 0 ? say`, and the file of ${cut.map(({ id }) => id)} leaves out a part of what may` : words('');
  return say`the destination of ${authority}: no file gives it an address${lost}; give it with --dst IP:PORT`;
}

/** From outside, gateways answer; several sidecars that know a name leave open who asks (undefined). */
function preferGateways(proxies: readonly ProxyScope[], resolved: readonly ResolvedHost[]): readonly ResolvedHost[] | undefined {
  if (proxies.length === 1) return resolved;
  const atGateways = resolved.filter(({ proxy }) => !proxy.ztunnel && !hasCapture(proxy, 'outbound'));
  if (atGateways.length > 0) return atGateways;
  return new Set(resolved.map(({ proxy }) => proxy)).size > 1 ? undefined : resolved;
}

/** A bound listener is reached at its own address; an internal one has none. An intercepting one does not tell where the client goes. */
function enterByListener(proxy: ProxyScope, request: TraceRequest, name: string): Start | undefined {
  const listener = proxy.byName.listener.get(name)?.node;
  if (!listener) return undefined;
  if (isInternalListener(listener)) return enter(proxy, request, undefined);
  const [socket] = boundSocketsOf(listener);
  if (!socket || captureOf(listener) !== undefined) return undefined;
  return enter(proxy, request, ownAddress(proxy, socket));
}

function enter(proxy: ProxyScope, request: TraceRequest, destination: IpAddress | undefined, assumed?: Assumption): Start {
  return { result: { kind: 'onward', arrival: arrivalAt(proxy, request, { destination, assumed }) }, ...(assumed && { assumed }) };
}

function arrivalAt(
  proxy: ProxyScope,
  request: TraceRequest,
  { destination, assumed }: { destination: IpAddress | undefined; assumed: Assumption | undefined },
): Arrival {
  const connection = firstConnection(request, destination);
  if (proxy.ztunnel) return { kind: 'ztunnel', proxy, direction: ztunnelDirection(proxy, request, destination), connection };
  const named = request.start?.listener;
  const listener = assumed?.listener ?? (named === undefined ? undefined : proxy.byName.listener.get(named)?.node);
  if (listener && isInternalListener(listener)) return { kind: 'internal', proxy, listenerName: listener.string('name'), connection };
  // Only a hand-over by the original destination leads to a listener without a socket.
  if (assumed?.listener && boundSocketsOf(assumed.listener).length === 0) connection.restored = true;
  // Whatever stands before a cluster is taken for granted, so also that a listener filter restored the address.
  if (assumed?.cluster !== undefined) connection.restored = destination !== undefined;
  const capture = request.connection.capture ?? defaultCapture(proxy, { destination, sourceIp: connection.source?.ip, listener });
  return { kind: 'socket', proxy, capture, connection };
}

/** Port 15008 of a workload of its node is HBONE; else the client's own ztunnel sends, the server's receives. */
function ztunnelDirection(proxy: ProxyScope, request: TraceRequest, destination: IpAddress | undefined): 'outbound' | 'inbound' | 'hbone' {
  const served = servedIps(proxy);
  const known = proxy.ztunnel && readZtunnel(proxy.ztunnel).workloadsByIp;
  // Where the node is not known any workload may be of it, if a ztunnel takes its connections at all.
  const mayBeServed = (ip: string): boolean => known?.get(ip)?.some(({ protocol }) => protocol === 'HBONE') === true;
  const isLocal = (ip: string): boolean => (served.size > 0 ? served.has(ip) : mayBeServed(ip));
  const { capture, source } = request.connection;
  if (destination?.port === HBONE_PORT && isLocal(destination.ip) && capture !== 'outbound') return 'hbone';
  if (capture === 'outbound' || capture === 'inbound') return capture;
  const sourceIp = readPeer(source)?.ip;
  if (sourceIp !== undefined && isLocal(sourceIp)) return 'outbound';
  return destination && isLocal(destination.ip) ? 'inbound' : 'outbound';
}

function startAtPlace(snapshot: Snapshot, request: TraceRequest, destination: IpAddress | undefined): { starts: Start[]; notes: string[] } {
  const at = request.start?.at;
  const places = at ? placesAt(snapshot, at) : [];
  const wanted = request.start?.proxy;
  const chosen = places.filter(
    ({ proxy }) => wanted === undefined || proxy.id === wanted || proxy.proxyNode.id === wanted || proxy.uris.includes(wanted),
  );
  if (chosen.length === 0)
    return failed(say`a place to begin at: nothing that a request passes stands at ${at?.pointer ?? ''} of ${fileNameOf(at?.uri ?? '')}`);
  const starts = chosen.map(({ proxy, assumed }) => {
    const [socket] = assumed.listener ? boundSocketsOf(assumed.listener) : [];
    return enter(proxy, request, destination ?? (socket && ownAddress(proxy, socket)), assumed);
  });
  return { starts, notes: chosen.flatMap(({ notes }) => notes) };
}
