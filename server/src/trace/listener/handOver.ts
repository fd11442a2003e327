/** Hand-over to another listener by the restored original destination (Envoy: source/common/listener_manager/active_tcp_socket.cc, connection_handler_impl.cc getBalancedHandlerByAddress). */
import { readAddress } from '../../model/address';
import type { ProxyScope } from '../../index/proxyScope';
import type { ConfigNode } from '../../schema/configNode';
import { addStep, type Hop, type HopResult } from '../hop';
import type { RejectedList } from '../record/hopRecord';
import { lazyRejected } from '../record/rejectedList';
import { say, words } from '../record/sentence';
import { isInternalListener } from '../request/boundListeners';
import { listenerName } from './acceptConnection';
import { runListenerFilters } from './runListenerFilters';
import { addToGroup } from '../../text/addToGroup';
import { memoizeByObject } from '../../text/memoizeByObject';

/** Exact address, then the wildcard of that port, bound or not; the target runs its own listener filters and hands nothing on. */
export function handOver(hop: Hop): HopResult | undefined {
  const { listener, connection } = hop;
  if (!listener || hop.assumed?.filterChain || hop.arrival.kind !== 'socket' || listener.bool('use_original_dst') !== true)
    return undefined;
  const name = listenerName(listener);
  const { destination } = connection;
  if (!connection.restored || destination?.kind !== 'ip') {
    addStep(hop, {
      stage: 'listener',
      decision: say`${name} keeps the connection`,
      because: words('no original destination was restored'),
      at: listener.get('use_original_dst'),
    });
    return undefined;
  }
  const table = addressTableOf(hop.proxy);
  const wildcard = destination.ip.includes(':') ? '::' : '0.0.0.0';
  const exact = table.byAddress.get(addressKey(destination.ip, destination.port));
  const target = exact ?? table.byAddress.get(addressKey(wildcard, destination.port));
  const rejected = rejectedOn(table, destination.port, target);
  if (!target || target.sameAs(listener)) {
    addStep(hop, {
      stage: 'listener',
      decision: say`${name} keeps the connection`,
      because: target
        ? say`it is itself the listener for ${destination.ip} port ${destination.port}`
        : say`no listener has the address ${destination.ip} or ${wildcard} with port ${destination.port}`,
      at: listener.get('use_original_dst'),
      rejected,
    });
    return undefined;
  }
  addStep(hop, {
    stage: 'listener',
    decision: say`${name} hands the connection over to ${listenerName(target)}`,
    because: say`its address is ${exact ? destination.ip : wildcard} port ${destination.port}, the restored destination is ${destination.ip} port ${destination.port}`,
    at: target.get('address') ?? target,
    rejected,
  });
  return moveTo(hop, target, name);
}

function moveTo(hop: Hop, target: ConfigNode, acceptedBy: string): HopResult | undefined {
  hop.record.acceptedBy = acceptedBy;
  hop.listener = target;
  hop.record.listener = listenerName(target);
  return runListenerFilters(hop);
}

interface AddressTable {
  /** By `ip port`; of several with one address the last counts, as in Envoy's map. */
  readonly byAddress: ReadonlyMap<string, ConfigNode>;
  readonly byPort: ReadonlyMap<number, readonly ListenerAddress[]>;
}

interface ListenerAddress {
  readonly node: ConfigNode;
  readonly ip: string;
  readonly at: ConfigNode;
}

/** TCP listeners, bound or not. */
const addressTableOf = memoizeByObject(buildTable);

function buildTable(proxy: ProxyScope): AddressTable {
  const byAddress = new Map<string, ConfigNode>();
  const byPort = new Map<number, ListenerAddress[]>();
  const compatible: { key: string; node: ConfigNode }[] = [];
  for (const { node } of proxy.listeners) {
    if (isInternalListener(node) || node.has('api_listener')) continue;
    for (const at of [node.get('address'), ...node.list('additional_addresses').map((each) => each.get('address'))]) {
      const address = readAddress(at);
      const socket = at?.get('socket_address');
      if (!at || address?.kind !== 'ip' || socket?.enumName('protocol') === 'UDP') continue;
      byAddress.set(addressKey(address.ip, address.port), node);
      addToGroup(byPort, address.port, { node, ip: address.ip, at });
      if (socket?.bool('ipv4_compat') !== true) continue;
      if (address.ip === '::') compatible.push({ key: addressKey('0.0.0.0', address.port), node });
      else if (address.ip.startsWith('::ffff:')) compatible.push({ key: addressKey(address.ip.slice(7), address.port), node });
    }
  }
  for (const { key, node } of compatible) if (!byAddress.has(key)) byAddress.set(key, node);
  return { byAddress, byPort };
}

function addressKey(ip: string, port: number): string {
  return `${ip} ${port}`;
}

/** The other listeners of the port. */
function rejectedOn({ byPort }: AddressTable, port: number, target: ConfigNode | undefined): RejectedList {
  const others = (byPort.get(port) ?? []).filter(({ node }) => !target || !node.sameAs(target));
  return lazyRejected(others.length, () =>
    others.map(({ node, ip, at }) => ({ candidate: say`${listenerName(node)}`, because: say`its address is ${ip}`, at })),
  );
}
