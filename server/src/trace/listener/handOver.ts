/** Hand-over to another listener by the restored original destination (Envoy: source/common/listener_manager/active_tcp_socket.cc, connection_handler_impl.cc getBalancedHandlerByAddress). */
import { isUdpSocket, readAddress } from '../../model/address';
import { listenerAddresses } from '../../model/summary/listenerSummary';
import type { ProxyScope } from '../../index/proxyScope';
import type { ConfigNode } from '../../schema/configNode';
import { keepsBack } from '../../schema/keptBack';
import { addStep, type Hop, type HopResult } from '../hop';
import { mayLack } from '../lostResources';
import { cannotTell, type RejectedList } from '../record/hopRecord';
import { lazyRejected } from '../record/rejectedList';
import { say, words, type Sentence } from '../record/sentence';
import { isInternalListener } from './boundListeners';
import { listenerName } from './listenerName';
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
  if (!connection.restored || destination?.kind !== 'ip') return keep(hop, listener, words('no original destination was restored'));
  const { ip, port } = destination;
  const table = addressTableOf(hop.proxy);
  if (!table.byAddress.has(addressKey(ip, port)) && mayLack(hop.proxy, 'listener'))
    return cannotTell(say`whether a listener has the address ${ip} port ${port}: the file leaves listeners out`);
  const hidden = table.byAddress.has(addressKey(ip, port)) ? undefined : table.hidden.find((each) => each.port === port || each.port === 0);
  if (hidden) return cannotTell(say`whether ${listenerName(hidden.node)} has the address ${ip}: the file leaves its address out`);
  const wildcard = ip.includes(':') ? '::' : '0.0.0.0';
  const exact = table.byAddress.get(addressKey(ip, port));
  const target = exact ?? table.byAddress.get(addressKey(wildcard, port));
  const rejected = rejectedOn(table, port, target);
  if (!target) return keep(hop, listener, say`no listener has the address ${ip} or ${wildcard} with port ${port}`, rejected);
  if (target.sameAs(listener)) return keep(hop, listener, say`it is itself the listener for ${ip} port ${port}`, rejected);
  addStep(hop, {
    stage: 'listener',
    decision: say`${name} hands the connection over to ${listenerName(target)}`,
    because: say`its address is ${exact ? ip : wildcard} port ${port}, the restored destination is ${ip} port ${port}`,
    at: target.get('address') ?? target,
    rejected,
  });
  return moveTo(hop, target, name);
}

function keep(hop: Hop, listener: ConfigNode, because: Sentence, rejected?: RejectedList): undefined {
  addStep(hop, {
    stage: 'listener',
    decision: say`${listenerName(listener)} keeps the connection`,
    because,
    at: listener.get('use_original_dst'),
    ...(rejected && { rejected }),
  });
  return undefined;
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
  /** Their addresses are kept back, or lost; port 0: that as well. */
  readonly hidden: readonly { readonly node: ConfigNode; readonly port: number }[];
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
  const hidden: { node: ConfigNode; port: number }[] = [];
  const compatible: { key: string; node: ConfigNode }[] = [];
  for (const { node } of proxy.listeners) {
    if (isInternalListener(node) || node.has('api_listener')) continue;
    for (const at of listenerAddresses(node)) {
      const address = readAddress(at);
      const socket = at.get('socket_address');
      if (address?.kind !== 'ip' && keepsBack(at)) hidden.push({ node, port: socket?.number('port_value') ?? 0 });
      if (address?.kind !== 'ip' || isUdpSocket(socket)) continue;
      byAddress.set(addressKey(address.ip, address.port), node);
      addToGroup(byPort, address.port, { node, ip: address.ip, at });
      if (socket?.bool('ipv4_compat') !== true) continue;
      if (address.ip === '::') compatible.push({ key: addressKey('0.0.0.0', address.port), node });
      else if (address.ip.startsWith('::ffff:')) compatible.push({ key: addressKey(address.ip.slice(7), address.port), node });
    }
    if (lacksAddress(node)) hidden.push({ node, port: 0 });
  }
  for (const { key, node } of compatible) if (!byAddress.has(key)) byAddress.set(key, node);
  return { byAddress, byPort, hidden };
}

/** Of its further addresses one is lost. */
function lacksAddress(listener: ConfigNode): boolean {
  const more = listener.get('additional_addresses');
  return more !== undefined && (more.isIncomplete || more.items().some((each) => each.isIncomplete && !each.has('address')));
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
