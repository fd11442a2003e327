/** The sockets that a proxy's listeners are bound to, and which of them take intercepted connections. */
import { isLoopback, readAddress, type Address } from '../../model/address';
import { isBound, listenerAddresses } from '../../model/summary/listenerSummary';
import type { ProxyScope } from '../../index/proxyScope';
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { keepsBack, KEPT_BACK } from '../../schema/keptBack';
import { mayLackEntries } from '../../schema/mayLackEntries';
import { memoizeByObject } from '../../text/memoizeByObject';
import { HBONE_PORT, INBOUND_PORT, OUTBOUND_PORT } from '../../model/istio/istioPorts';

export interface BoundSocket {
  readonly ip: string;
  readonly port: number;
  /** `0.0.0.0` or `::` (the latter takes IPv4 as well with `ipv4_compat`). */
  readonly isWildcard: boolean;
  readonly takesIpv4: boolean;
}

/** TCP and QUIC sockets of a listener; [] when it is not bound (`bind_to_port: false`, internal, api_listener). Envoy: listener_impl.cc */
export const boundSocketsOf: (listener: ConfigNode) => readonly BoundSocket[] = memoizeByNode((listener) => {
  if (!isBound(listener) || listener.has('internal_listener') || listener.has('api_listener')) return [];
  return listenerAddresses(listener).flatMap((node) => {
    const address = readAddress(node);
    if (address?.kind !== 'ip' && keepsBack(node)) return [{ ...ANYWHERE, port: address?.kind === 'dns' ? address.port : 0 }];
    return address?.kind === 'ip' ? [socketOf(node, address)] : [];
  });
});

/** The dump keeps the address back. */
const ANYWHERE = { ip: KEPT_BACK, isWildcard: true, takesIpv4: true };

/** True where a socket of the listener gets connections to this address. `ownIps`: of the proxy; [] where they are not known. */
export function isBoundTo(listener: ConfigNode, { ip, port }: { ip: string; port: number }, ownIps: readonly string[]): boolean {
  return boundSocketsOf(listener).some((socket) => {
    if (socket.port !== port) return false;
    if (!socket.isWildcard) return socket.ip === ip;
    return isOfFamily(socket, ip) && (ownIps.length === 0 || ownIps.includes(ip));
  });
}

/** Which way of interception a listener takes connections of; undefined when it takes none (trace contract: use_original_dst, original_dst or transparent; never 15008). */
export const captureOf: (listener: ConfigNode) => 'inbound' | 'outbound' | undefined = memoizeByNode((listener) => {
  const port = boundSocketsOf(listener)[0]?.port;
  if (port === undefined || port === HBONE_PORT) return undefined;
  const captures =
    listener.bool('use_original_dst') === true ||
    listener.bool('transparent') === true ||
    hasOriginalDestination(listener) ||
    (CAPTURING_PORTS.has(port) && mayRestore(listener));
  if (!captures) return undefined;
  if (listener.isEnum('traffic_direction', 'INBOUND', 1)) return 'inbound';
  if (listener.isEnum('traffic_direction', 'OUTBOUND', 2)) return 'outbound';
  return port === INBOUND_PORT ? 'inbound' : 'outbound';
});

/** It takes no intercepted connections by what the file has, which leaves out listener filters. */
export function mayCapture(listener: ConfigNode): boolean {
  const port = boundSocketsOf(listener)[0]?.port;
  return port !== undefined && port !== HBONE_PORT && captureOf(listener) === undefined && mayRestore(listener);
}

/** The listeners of a proxy that are bound to a socket: few, where hundreds are reached by hand-over only. Looked up once per proxy. */
const boundListenersOf: (proxy: ProxyScope) => readonly ConfigNode[] = memoizeByObject(({ listeners }) =>
  listeners.map(({ node }) => node).filter((node) => boundSocketsOf(node).length > 0),
);

/** Does the proxy intercept connections of that direction? `ip`: those to an address, of whose family a socket must be. */
export function hasCapture(proxy: ProxyScope, direction: 'inbound' | 'outbound', ip?: string): boolean {
  return boundListenersOf(proxy).some((listener) => captureOf(listener) === direction && (ip === undefined || takesFamily(listener, ip)));
}

/** A socket of the listener takes connections of the address's family. */
export function takesFamily(listener: ConfigNode, ip: string): boolean {
  return boundSocketsOf(listener).some((socket) => isOfFamily(socket, ip));
}

function isOfFamily(socket: BoundSocket, ip: string): boolean {
  return socket.ip === KEPT_BACK || (ip.includes(':') ? socket.ip.includes(':') : socket.takesIpv4);
}

/** Is one of its listeners bound to this address? */
export function listensAt(proxy: ProxyScope, address: { ip: string; port: number }): boolean {
  return boundListenersOf(proxy).some((listener) => isBoundTo(listener, address, proxy.proxyNode.ips));
}

/** The addresses that its listeners are bound to by themselves: no wildcards, and no loopback, which every host has. */
export const boundIpsOf: (proxy: ProxyScope) => ReadonlySet<string> = memoizeByObject((proxy: ProxyScope) => {
  const sockets = boundListenersOf(proxy).flatMap(boundSocketsOf);
  return new Set(sockets.flatMap(({ ip, isWildcard }) => (isWildcard || isLoopback(ip) ? [] : [ip])));
});

/** Is one of its listeners bound to this loopback address, or to all addresses at that port? */
export function listensOnLoopback(proxy: ProxyScope, address: { ip: string; port: number }): boolean {
  return isLoopback(address.ip) && boundListenersOf(proxy).some((listener) => isBoundTo(listener, address, []));
}

/** The listener's name leads to an internal connection. */
export function isInternalListener(listener: ConfigNode): boolean {
  return listener.has('internal_listener') || readAddress(listener.get('address'))?.kind === 'internal';
}

function socketOf(node: ConfigNode, { ip, port }: Extract<Address, { kind: 'ip' }>): BoundSocket {
  const isWildcard = ip === '0.0.0.0' || ip === '::';
  return { ip, port, isWildcard, takesIpv4: !ip.includes(':') || node.get('socket_address')?.bool('ipv4_compat') === true };
}

const CAPTURING_PORTS: ReadonlySet<number> = new Set([OUTBOUND_PORT, INBOUND_PORT]);

/** The file leaves out listener filters, of which one may be original_dst. */
function mayRestore(listener: ConfigNode): boolean {
  return (
    mayLackEntries(listener, 'listener_filters') ||
    listener.list('listener_filters').some((filter) => (filter.get('typed_config') ?? filter).isIncomplete)
  );
}

function hasOriginalDestination(listener: ConfigNode): boolean {
  return listener.list('listener_filters').some((filter) => {
    const type = filter.typed()?.type ?? '';
    return (
      type.endsWith('.OriginalDst') ||
      filter.string('name') === 'envoy.filters.listener.original_dst' ||
      filter.string('name') === 'envoy.listener.original_dst'
    );
  });
}
