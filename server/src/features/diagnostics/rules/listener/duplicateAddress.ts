/** Two listeners of one configuration on one address (source/common/listener_manager/listener_manager_impl.cc). */
import { formatAddress, readAddress } from '../../../../model/address';
import type { ConfigNode } from '../../../../schema/configNode';
import { BOOTSTRAP } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { isUdp, listenerAddresses } from '../../../../model/summary/listenerSummary';

export const duplicateAddress = refusalRule('duplicate-address', {
  [BOOTSTRAP]: (bootstrap) => {
    const taken = new Map<string, { listener: ConfigNode; address: ConfigNode }>();
    const problems: Problem[] = [];
    for (const listener of bootstrap.path('static_resources')?.list('listeners') ?? [])
      for (const { key, address } of addressesOf(listener)) {
        const first = taken.get(key);
        if (!first) taken.set(key, { listener, address });
        else if (!first.listener.sameAs(listener) && !isUpdate(first.listener, listener)) problems.push(describe(listener, address, first));
      }
    return problems;
  },
});

/** A second listener of the same name takes the first one's place. */
function isUpdate(first: ConfigNode, second: ConfigNode): boolean {
  return second.string('name') !== '' && first.string('name') === second.string('name');
}

function describe(listener: ConfigNode, address: ConfigNode, first: { listener: ConfigNode; address: ConfigNode }): Problem {
  const name = first.listener.string('name');
  return errorAt(address, `Listener "${listener.string('name')}" has the same address as the listener "${name}".`, {
    related: [{ message: `"${name}" has the address already`, at: first.address }],
  });
}

/** Port 0 takes a free port each time. */
function addressesOf(listener: ConfigNode): { key: string; address: ConfigNode }[] {
  if (listener.has('internal_listener')) return [];
  return listenerAddresses(listener).flatMap((node) => {
    const address = readAddress(node);
    if (!address || address.kind === 'internal' || (address.kind !== 'pipe' && address.port === 0)) return [];
    const space = node.path('socket_address', 'network_namespace_filepath')?.asString() ?? '';
    return [{ key: `${isUdp(listener) ? 'udp' : 'tcp'} ${space} ${formatAddress(address)}`, address: node }];
  });
}
