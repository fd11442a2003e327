/** Which listener takes the connection (Envoy: source/common/listener_manager/connection_handler_impl.cc; the kernel's choice among bound sockets). */
import { shortProxy } from '../../model/summary/shortProxy';
import { isLoopback, type Address } from '../../model/address';
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { KEPT_BACK } from '../../schema/keptBack';
import type { Layer } from '../facts/connection';
import { addStep, type Arrival, type Hop, type HopResult } from '../hop';
import { formatAddress } from '../../model/address';
import { cannotTell, ending } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { boundSocketsOf, captureOf, mayCapture } from './boundListeners';
import { isPlainUdp, tellDatagrams } from './datagrams';
import { findInternalListener } from './findInternalListener';
import { findBoundListener, findCapturingListener, type FoundListener } from './findListener';
import { listenerName } from './listenerName';
import { listenersMayBeMissing } from './listenersMayBeMissing';

/** Sets `hop.listener` and the socket's addresses, or ends with `no_listener`. */
export function acceptConnection(hop: Hop): HopResult | undefined {
  const { arrival, assumed } = hop;
  if (assumed?.listener) return enter(hop, { node: assumed.listener, because: say`the trace begins here`, rejected: [] }, true);
  if (arrival.kind === 'ztunnel') return undefined;
  if (arrival.kind === 'internal')
    return enterFound(hop, findInternalListener(arrival.proxy, arrival.listenerName), say`an internal listener ${arrival.listenerName}`);
  const named = hop.isFirst === true ? hop.request.start?.listener : undefined;
  if (named !== undefined) {
    const node = hop.proxy.byName.listener.get(named)?.node;
    return enterFound(
      hop,
      node ? { node, because: words('the request names it'), rejected: [] } : { rejected: [] },
      say`a listener ${named}`,
    );
  }
  if (arrival.capture === 'none') return enterFound(hop, findBoundListener(hop), wantedListener(hop));
  const { destination } = hop.connection;
  const ip = destination?.kind === 'ip' ? destination.ip : undefined;
  return enterFound(
    hop,
    findCapturingListener(hop.proxy, arrival.capture, ip),
    destination
      ? say`a listener at ${addressText(destination)}, or one that intercepts ${words(arrival.capture)} connections`
      : say`a listener that intercepts ${words(arrival.capture)} connections`,
  );
}

function addressText(destination: Address | undefined): string {
  return destination ? formatAddress(destination) : '';
}

function enterFound(
  hop: Hop,
  found: FoundListener | { readonly node?: undefined; readonly rejected: FoundListener['rejected'] },
  wanted: Sentence,
): HopResult | undefined {
  if (found.node) return enter(hop, found, false);
  const missing = listenersMayBeMissing(hop.proxy, wanted);
  if (missing) return cannotTell(missing);
  const perhaps = hop.arrival.kind === 'socket' ? hop.proxy.listeners.find(({ node }) => mayCapture(node)) : undefined;
  if (perhaps)
    return cannotTell(say`whether listener ${perhaps.name} takes intercepted connections: the file leaves out its listener filters`);
  addStep(hop, {
    stage: 'listener',
    decision: say`nothing takes the connection`,
    because: say`the proxy ${shortProxy(hop.proxy.id)} has not got ${wanted}${portsOf(hop)}`,
    rejected: found.rejected,
  });
  return hop.arrival.kind === 'internal' ? ending('no_listener', { flags: ['UF'] }) : ending('no_listener');
}

const SHOWN_PORTS = 8;

/** Where a socket would have been taken. */
function portsOf({ arrival, proxy }: Hop): Sentence {
  if (arrival.kind !== 'socket') return words('');
  const ports = [...new Set(proxy.listeners.flatMap(({ node }) => boundSocketsOf(node).map(({ port }) => port)))].sort((a, b) => a - b);
  if (ports.length === 0) return words('');
  const more = ports.length > SHOWN_PORTS ? say` and ${ports.length - SHOWN_PORTS} more` : words('');
  return say`; it listens at port ${ports.slice(0, SHOWN_PORTS).map(String)}${more}`;
}

function enter(hop: Hop, { node, because, rejected, rival }: FoundListener, assumed: boolean): HopResult | undefined {
  hop.listener = node;
  hop.record.listener = listenerName(node);
  addStep(hop, {
    stage: 'listener',
    decision: say`listener ${listenerName(node)} accepts the connection`,
    because,
    at: node,
    rejected,
    ...(assumed && { assumed }),
  });
  setSocketAddresses(hop, node, hop.arrival);
  const hidden =
    hop.arrival.kind === 'socket' && hop.arrival.capture === 'none' && boundSocketsOf(node)[0]?.ip === KEPT_BACK ? node : rival;
  if (hidden && !isNamed(hop)) return cannotTell(say`the address of listener ${listenerName(hidden)}, which the dump keeps back`);
  return isPlainUdp(node) ? tellDatagrams(hop, node) : undefined;
}

function isNamed({ isFirst, request, assumed }: Hop): boolean {
  return assumed?.listener !== undefined || (isFirst === true && request.start?.listener !== undefined);
}

function wantedListener({ connection: { destination } }: Hop): Sentence {
  return destination ? say`a listener at ${addressText(destination)}` : words('the listener that takes the connection');
}

/** A redirected socket has the listener's own address until a filter restores the original one; TPROXY leaves the address as it was. */
function setSocketAddresses({ connection, proxy }: Hop, listener: ConfigNode, arrival: Arrival): void {
  if (arrival.kind !== 'socket') return;
  connection.originalDestination = undefined;
  if (connection.directSource && connection.source && announcesSource(listener, connection.layers)) {
    connection.announcedSource = connection.source;
    connection.source = connection.directSource;
  }
  const { destination } = connection;
  if (arrival.capture === 'none' || destination?.kind !== 'ip') return;
  connection.originalDestination = destination;
  const socket = boundSocketsOf(listener)[0];
  if (!socket || listener.bool('transparent') === true || captureOf(listener) === undefined) return;
  const ownIp =
    arrival.capture === 'outbound'
      ? destination.ip.includes(':')
        ? '::1'
        : '127.0.0.1'
      : (proxy.proxyNode.ips.find((ip) => ip.includes(':') === destination.ip.includes(':') && !isLoopback(ip)) ?? destination.ip);
  connection.destination = { kind: 'ip', ip: socket.isWildcard ? ownIp : socket.ip, port: socket.port };
}

/** Where neither a PROXY protocol nor X-Forwarded-For can tell the source, it is taken as Envoy's remote address. */
function announcesSource(listener: ConfigNode, layers: readonly Layer[]): boolean {
  return (
    readsProxyProtocol(listener) ||
    layers.some((layer) => layer.kind === 'http' && layer.request.headers.some(([name]) => name === 'x-forwarded-for'))
  );
}

const readsProxyProtocol: (listener: ConfigNode) => boolean = memoizeByNode((listener) =>
  listener
    .list('listener_filters')
    .some((filter) => (filter.typed()?.type ?? filter.string('name')).toLowerCase().replace('_', '').includes('proxyprotocol')),
);
