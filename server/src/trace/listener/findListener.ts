/** The listener behind a bound socket, or the one that interception leads to. */
import { isLoopback } from '../../model/address';
import type { ProxyScope } from '../../index/proxyScope';
import { isUdp, listenerAddresses } from '../../model/summary/listenerSummary';
import { takesTraffic } from '../../model/resources/resource';
import type { ConfigNode } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import type { Hop } from '../hop';
import type { Rejected, RejectedList } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { boundSocketsOf, captureOf, takesFamily, type BoundSocket } from './boundListeners';
import { addToGroup } from '../../text/addToGroup';
import { getOrMake } from '../../text/getOrMake';
import { memoizeByObject } from '../../text/memoizeByObject';
import { isPlainUdp } from './datagrams';
import { INBOUND_PORT, OUTBOUND_PORT } from '../../model/istio/istioPorts';

export interface FoundListener {
  readonly node: ConfigNode;
  readonly because: Sentence;
  readonly rejected: RejectedList;
  /** The file has lost the address of this one, which may be the very one. */
  readonly rival?: ConfigNode;
}

export type MaybeListener = FoundListener | { readonly node?: undefined; readonly rejected: RejectedList };

/** UDP and TCP are apart (QUIC clients reach UDP sockets only). */
export function findBoundListener(hop: Hop): MaybeListener {
  const { proxy, connection } = hop;
  const destination = connection.destination;
  if (destination?.kind === 'pipe') return findPipeListener(proxy, destination.path);
  if (destination?.kind !== 'ip') return { rejected: [] };
  const { ip, port } = destination;
  const top = connection.layers[0];
  const wants = { ip, port, own: ownIps(hop, ip), wantsUdp: top?.kind === 'tls' && top.quic };
  const bound: BoundListener[] = [];
  const rejected: Rejected[] = [];
  for (const { node, name, state } of listenersAt(proxy, port)) {
    if (state !== undefined) {
      rejected.push({ candidate: say`${name}`, because: say`it is in state ${state} and takes no new connections`, at: node });
      continue;
    }
    const socket = boundSocketsOf(node).find((each) => each.port === port && reaches(each, ip));
    const refusal = refusalOf(node, socket, wants);
    if (refusal) rejected.push({ candidate: say`${name}`, because: refusal, at: node.get('address') ?? node });
    else if (socket) bound.push({ node, socket });
  }
  return preferExact(proxy, destination, { bound, rejected });
}

interface BoundListener {
  readonly node: ConfigNode;
  readonly socket: BoundSocket;
}

/** The kernel prefers an exact address to a wildcard. */
function preferExact(
  proxy: ProxyScope,
  { ip, port }: { ip: string; port: number },
  { bound, rejected }: { bound: readonly BoundListener[]; rejected: readonly Rejected[] },
): MaybeListener {
  const exact = bound.find(({ socket }) => !socket.isWildcard);
  const wildcard = bound
    .filter(({ socket }) => socket.isWildcard)
    .reduce<BoundListener | undefined>((best, each) => (best && !prefers(each.socket, best.socket, ip) ? best : each), undefined);
  if (exact) {
    const because = say`it is bound to ${ip} port ${port}`;
    return { node: exact.node, because, rejected: wildcard ? [...rejected, yieldsToExact(wildcard.node)] : rejected };
  }
  if (!wildcard) return { rejected };
  const rival = hiddenRival(proxy, wildcard.node, port);
  return { node: wildcard.node, because: say`it is bound to ${wildcard.socket.ip} port ${port}`, rejected, ...(rival && { rival }) };
}

function yieldsToExact(node: ConfigNode): Rejected {
  const because = words('an exact address wins over a wildcard');
  return { candidate: say`${node.string('name')}`, because, at: node.get('address') ?? node };
}

/**
 * The addresses at which a wildcard is reached, [] for every one: those of the proxy, unless the request says that the connection comes
 * straight here, another hop has found out that it does, or the proxy stands for the pods of its node.
 */
function ownIps({ request, proxy, isFirst }: Hop, ip: string): readonly string[] {
  const isSaid = request.connection.capture === 'none' || isFirst !== true || proxy.proxyNode.type === 'ztunnel';
  return isSaid || isLoopback(ip) ? [] : proxy.proxyNode.ips;
}

function findPipeListener(proxy: ProxyScope, path: string): MaybeListener {
  const found = proxy.listeners.find(({ node }) => node.path('address', 'pipe', 'path')?.asString() === path);
  return found ? { node: found.node, because: say`it listens at ${path}`, rejected: [] } : { rejected: [] };
}

/** A wildcard of the same family wins over an IPv6 one with ipv4_compat. */
function prefers(socket: BoundSocket, other: BoundSocket, ip: string): boolean {
  return socket.ip.includes(':') === ip.includes(':') && other.ip.includes(':') !== ip.includes(':');
}

function reaches(socket: BoundSocket, ip: string): boolean {
  if (!socket.isWildcard) return socket.ip === ip || (socket.takesIpv4 && socket.ip === `::ffff:${ip}`);
  return ip.includes(':') ? socket.ip.includes(':') : socket.takesIpv4;
}

interface ListenerAtPort {
  readonly node: ConfigNode;
  readonly name: string;
  /** Why it takes no connections: draining, warming, error. */
  readonly state: string | undefined;
}

/** Every listener of a port, whatever its state. */
function listenersAt(proxy: ProxyScope, port: number): readonly ListenerAtPort[] {
  return listenersByPort(proxy).get(port) ?? [];
}

/** Sorted out once per proxy. */
const listenersByPort = memoizeByObject((proxy: ProxyScope): ReadonlyMap<number, readonly ListenerAtPort[]> => {
  const table = new Map<number, ListenerAtPort[]>();
  for (const resource of proxy.resources) {
    if (resource.kind !== 'listener') continue;
    const { node, name } = resource;
    const entry = { node, name, state: takesTraffic(resource) ? undefined : resource.state };
    const ports = new Set(listenerAddresses(node).map((address) => address.get('socket_address')?.number('port_value') ?? 0));
    for (const port of ports) addToGroup(table, port, entry);
  }
  return table;
});

/** An exact address would win over the wildcard. */
function hiddenRival(proxy: ProxyScope, chosen: ConfigNode, port: number): ConfigNode | undefined {
  const others = [...listenersAt(proxy, port), ...listenersAt(proxy, 0)].filter(
    ({ node, state }) => state === undefined && node !== chosen,
  );
  return others.find(({ node }) => boundSocketsOf(node).some((socket) => socket.ip === KEPT_BACK))?.node;
}

interface Wish {
  readonly wantsUdp: boolean;
  readonly own: readonly string[];
  readonly ip: string;
  readonly port: number;
}

function refusalOf(listener: ConfigNode, socket: BoundSocket | undefined, { wantsUdp, own, ip, port }: Wish): Sentence | undefined {
  if (boundSocketsOf(listener).length === 0) return words('it is not bound to its port: only a hand-over reaches it');
  if (!socket) return whyElsewhere(listener, { ip, port });
  const takesUdp = isUdp(listener);
  if (takesUdp !== wantsUdp) return takesUdp ? whyUdp(listener) : words('it takes TCP, and the client speaks QUIC over UDP');
  if (socket.isWildcard && own.length > 0 && !own.includes(ip)) return say`${ip} is no address of this proxy, which has ${own}`;
  return undefined;
}

/** Wildcards of IPv6 take IPv4 with `ipv4_compat` alone (core.v3.SocketAddress). */
function whyElsewhere(listener: ConfigNode, { ip, port }: Pick<Wish, 'ip' | 'port'>): Sentence {
  const sockets = boundSocketsOf(listener).filter((socket) => socket.port === port);
  const isOfOtherFamily = !ip.includes(':') && sockets.some((socket) => socket.isWildcard && !socket.takesIpv4);
  if (isOfOtherFamily) return say`it is bound to ${'::'} for IPv6 alone: ${'ipv4_compat'} is not set`;
  return say`it is bound to ${sockets.map((socket) => socket.ip)} at port ${port}, and not to ${ip}`;
}

function whyUdp(listener: ConfigNode): Sentence {
  return isPlainUdp(listener)
    ? say`it takes UDP datagrams, and the client opens a TCP connection (name it with ${'--listener'} to see where they go)`
    : say`it takes QUIC over UDP, and the client opens a TCP connection (${'--http3'} asks for QUIC)`;
}

/** Of several listeners that take that direction, those of the address's family first: 15001 or 15006. Found once per proxy and family. */
export function findCapturingListener(proxy: ProxyScope, direction: 'inbound' | 'outbound', ip: string | undefined): MaybeListener {
  const family = ip === undefined ? '' : ip.includes(':') ? 6 : 4;
  return getOrMake(capturingListeners(proxy), `${direction}${family}`, () => chooseCapturing(proxy, direction, ip));
}

const capturingListeners = memoizeByObject((_proxy: ProxyScope) => new Map<string, MaybeListener>());

function chooseCapturing(proxy: ProxyScope, direction: 'inbound' | 'outbound', ip: string | undefined): MaybeListener {
  const capturing = proxy.listeners.filter(({ node }) => captureOf(node) === direction);
  const fitting = capturing.filter(({ node }) => ip === undefined || takesFamily(node, ip));
  // Which way a first connection came the request says.
  const candidates = fitting.length > 0 ? fitting : capturing;
  const usual = direction === 'outbound' ? OUTBOUND_PORT : INBOUND_PORT;
  const chosen = candidates.find(({ node }) => boundSocketsOf(node)[0]?.port === usual) ?? candidates[0];
  if (!chosen) return { rejected: [] };
  const rejected = candidates
    .filter((other) => other !== chosen)
    .map(({ name, node }) => ({ candidate: say`${name}`, because: say`interception leads to port ${usual}`, at: node }));
  return { node: chosen.node, because: say`${words(direction)} connections are intercepted and led to it`, rejected };
}
