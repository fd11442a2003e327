/** What a listener and its filter chains are in a few words. */
import type { ConfigNode, TypedConfig } from '../../schema/configNode';
import { formatAddress, isUdpSocket, readAddress } from '../address';
import { clusterNamesOf } from '../clusterNames';

/** The addresses of a listener (`core.v3.Address`), its first one first. */
export function listenerAddresses(listener: ConfigNode): ConfigNode[] {
  return [listener, ...listener.list('additional_addresses')].flatMap((holder) => holder.get('address') ?? []);
}

/** `0.0.0.0:15006`, `internal`, … with additional addresses. */
export function describeListenerAddress(listener: ConfigNode): string {
  if (listener.has('internal_listener')) return 'internal';
  const addresses = listenerAddresses(listener).flatMap((node) => {
    const address = readAddress(node);
    return address ? [formatAddress(address)] : [];
  });
  return addresses.join(', ') || 'no address';
}

/** The port of its first address, as text; '' where it has none (internal, a pipe). */
export function listenerPort(listener: ConfigNode): string {
  const address = readAddress(listener.get('address'));
  return address?.kind === 'ip' || address?.kind === 'dns' ? String(address.port) : '';
}

/** False: reached only by hand-over. Both spellings of old and new (listener_impl.cc). */
export function isBound(listener: ConfigNode): boolean {
  return listener.bool('bind_to_port') !== false && listener.get('deprecated_v1')?.bool('bind_to_port') !== false;
}

/** True for listeners of datagrams, QUIC among them. */
export function isUdp(listener: ConfigNode): boolean {
  return isUdpSocket(listener.path('address', 'socket_address'));
}

/** All filter chains in file order, the default one last (index null). */
export function filterChainsOf(listener: ConfigNode): { chain: ConfigNode; index: number | null }[] {
  const chains: { chain: ConfigNode; index: number | null }[] = listener.list('filter_chains').map((chain, index) => ({ chain, index }));
  const fallback = listener.get('default_filter_chain');
  if (fallback) chains.push({ chain: fallback, index: null });
  return chains;
}

/** The connection manager of a chain, if it has one. */
export function connectionManagerOf(chain: ConfigNode): TypedConfig | undefined {
  return typedFilterOf(chain, 'HttpConnectionManager');
}

function tcpProxyOf(chain: ConfigNode): TypedConfig | undefined {
  return typedFilterOf(chain, 'TcpProxy');
}

function typedFilterOf(chain: ConfigNode, short: string): TypedConfig | undefined {
  for (const filter of chain.list('filters')) {
    const typed = filter.typed();
    if (typed?.type.endsWith(`.${short}`)) return typed;
  }
  return undefined;
}

/** Where a chain leads, in words: route configuration, cluster, or its last filter. */
export function describeDestination(chain: ConfigNode): string {
  const manager = connectionManagerOf(chain);
  if (manager) {
    const rds = manager.node.path('rds', 'route_config_name')?.asString();
    if (rds !== undefined) return `HTTP, routes ${rds}`;
    const inline = manager.node.get('route_config');
    if (inline) return `HTTP, inline routes ${inline.string('name')}`.trimEnd();
    return manager.node.has('scoped_routes')
      ? `HTTP, scoped routes ${manager.node.path('scoped_routes', 'name')?.asString() ?? ''}`
      : 'HTTP';
  }
  const proxy = tcpProxyOf(chain);
  if (proxy) return `TCP, cluster ${clusterNamesOf(proxy.node).join(' | ')}`;
  const last = chain.list('filters').at(-1);
  return last ? last.string('name') : 'nothing: it has no filters';
}

/** The clusters of a chain's tcp_proxy; [] where it has none. */
export function tcpClustersOf(chain: ConfigNode): string[] {
  const proxy = tcpProxyOf(chain);
  return proxy ? clusterNamesOf(proxy.node) : [];
}
