/** Where a listener listens: an address that Envoy can bind (source/common/listener_manager/listener_impl.cc, network/resolver_impl.cc). */
import { canonicalIp, isUdpSocket } from '../../../../model/address';
import { isUdp, listenerAddresses } from '../../../../model/summary/listenerSummary';
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { hasMessage } from '../../../../schema/table/readTable';
import { checkAddress as checkPart } from '../../checkAddress';
import { LISTENER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

export const listenerAddress = refusalRule('listener-address', {
  [LISTENER]: (listener) => {
    const api = listener.get('api_listener');
    if (api && !api.isIncomplete && !api.has('api_listener')) return [errorAt(api, 'The extension of the API listener is missing.')];
    const fcds = listener.get('fcds_config');
    if (fcds && !listener.has('filter_chain_matcher')) return [errorAt(fcds, 'Filter chains by FCDS require a "filter_chain_matcher".')];
    const wrong = api && wrongApi(api);
    if (wrong) return [wrong];
    if (listener.has('internal_listener') || api || listener.isIncomplete) return [];
    const address = listener.get('address');
    if (!address) return [errorAt(listener, 'A listener needs an address.')];
    const all = listenerAddresses(listener);
    return [...all.map(checkAddress), ...mixedProtocols(address, all.slice(1)), checkMptcp(listener), unboundDatagrams(listener)];
  },
});

function checkAddress(address: ConfigNode): Problem | undefined {
  const internal = address.get('envoy_internal_address');
  if (internal) return errorAt(internal, 'Use "internal_listener" instead of an address for an internal listener.');
  const socket = address.get('socket_address');
  if (!socket) return checkPart(address);
  const ip = canonicalIp(socket.string('address'));
  return checkPart(address, ' A listener needs an IP, not a name.') ?? (ip === undefined ? undefined : checkCompat(socket, ip));
}

function checkCompat(socket: ConfigNode, ip: string): Problem | undefined {
  const compat = socket.get('ipv4_compat');
  if (!compat?.asBoolean() || ip === '::' || /^::ffff:/.test(ip)) return undefined;
  return errorAt(compat, 'Only the IPv6 address "::" or an IPv4-mapped IPv6 address can set "ipv4_compat".');
}

function wrongApi(api: ConfigNode): Problem | undefined {
  const config = api.get('api_listener');
  const type = config ? readTyped(config).type : '';
  return config && hasMessage(type) && !/HttpConnectionManager$/.test(type)
    ? errorAt(config.entry('@type') ?? config, 'An API listener takes an HTTP connection manager.')
    : undefined;
}

/** listener_impl.cc: the same socket type for all addresses. */
function mixedProtocols(first: ConfigNode, others: readonly ConfigNode[]): Problem[] {
  return others
    .filter((other) => isDatagram(other) !== isDatagram(first))
    .map((other) => errorAt(other, 'All addresses of a listener must have the same protocol.'));
}

function isDatagram(address: ConfigNode): boolean {
  return isUdpSocket(address.get('socket_address'));
}

/** listener_impl.cc: nobody hands datagrams over. */
function unboundDatagrams(listener: ConfigNode): Problem | undefined {
  const bind = listener.get('bind_to_port');
  return bind && listener.bool('bind_to_port') === false && isUdp(listener)
    ? errorAt(bind, '"bind_to_port": false is not supported for UDP listeners.')
    : undefined;
}

function checkMptcp(listener: ConfigNode): Problem | undefined {
  const mptcp = listener.get('enable_mptcp');
  if (!mptcp?.asBoolean()) return undefined;
  const address = listener.get('address');
  if (isUdp(listener)) return errorAt(mptcp, '"enable_mptcp" can only be used with TCP listeners.');
  return address?.has('socket_address') ? undefined : errorAt(mptcp, '"enable_mptcp" can only be used with IP addresses.');
}
