/** Istio's set_internal_dst_address of 2022 (istio/proxy: src/envoy/set_internal_dst_address/filter.cc, removed in 2023). */
import { formatAddress, parseIpPort } from '../../../model/address';
import { addStep, type Hop, type HopResult } from '../../hop';
import { followPath } from '../../matcher/inputs/httpInputs';
import { say, words } from '../../record/sentence';
import type { ListenerFilter } from './listenerFilter';

const ORIGINAL_DST_OVERRIDE = 'envoy.network.transport_socket.original_dst_address';

/** Host metadata `tunnel`: `destination` becomes the local address, `address` the one that ORIGINAL_DST clusters dial. */
export function setInternalDestination(hop: Hop, { filter }: ListenerFilter): HopResult | undefined {
  const { connection } = hop;
  const tunnel = connection.metadata.get('tunnel');
  const destination = readField(tunnel, 'destination');
  const address = readField(tunnel, 'address');
  if (address) connection.filterState.set(ORIGINAL_DST_OVERRIDE, { value: formatAddress(address), shared: 'none' });
  if (!destination) {
    addStep(hop, {
      stage: 'listener_filter',
      decision: words('the destination stays as it is'),
      because: say`no metadata ${'tunnel destination'} came along`,
      at: filter,
    });
    return undefined;
  }
  connection.destination = destination;
  connection.restored = true;
  addStep(hop, {
    stage: 'listener_filter',
    decision: say`the destination is ${formatAddress(destination)}`,
    because: say`the endpoint's metadata ${'tunnel'} says so${address ? say`, and that the tunnel goes to ${formatAddress(address)}` : words('')}`,
    at: filter,
  });
  return undefined;
}

function readField(tunnel: unknown, field: string): ReturnType<typeof parseIpPort> {
  const text = followPath(tunnel, [field]);
  return typeof text === 'string' ? parseIpPort(text) : undefined;
}
