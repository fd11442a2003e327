/** How many filter chains a listener must have: streams need one, datagrams have none (listener_impl.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { LISTENER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import { isUdp } from '../../../../model/summary/listenerSummary';

export const listenerChains = refusalRule('listener-chains', {
  [LISTENER]: (listener) => {
    if (listener.isIncomplete || listener.has('api_listener') || listener.has('fcds_config')) return [];
    const chains = listener.get('filter_chains') ?? listener.get('default_filter_chain');
    const count = listener.list('filter_chains').length;
    if (isUdp(listener) && !isQuic(listener))
      return [
        chains && (count > 0 || listener.has('default_filter_chain'))
          ? errorAt(chains, `${count} filter chain(s) specified for a UDP listener, which has no connections.`, {
              related: [{ message: 'The address', at: listener.get('address') ?? listener }],
            })
          : undefined,
      ];
    const isEmpty = count === 0 && !listener.has('default_filter_chain') && !listener.get('filter_chains')?.isIncomplete;
    return [isEmpty ? errorAt(listener, `No filter chains specified for the listener "${listener.string('name')}".`) : undefined];
  },
});

/** True for HTTP/3 listeners. */
export function isQuic(listener: ConfigNode): boolean {
  return isUdp(listener) && hasQuicOptions(listener);
}

/** What makes a connection manager one of QUIC, whatever the protocol of the address. */
export function hasQuicOptions(listener: ConfigNode): boolean {
  return listener.get('udp_listener_config')?.has('quic_options') ?? false;
}
