/** What a listener is called in steps. */
import { formatAddress, readAddress } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';

/** Listeners without a name are named by their address, as in Envoy's own dumps. */
export function listenerName(listener: ConfigNode): string {
  const name = listener.string('name');
  const address = name === '' ? readAddress(listener.get('address')) : undefined;
  return address ? formatAddress(address) : name;
}
