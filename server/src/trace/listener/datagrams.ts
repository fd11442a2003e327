/** Listeners of UDP without QUIC: a trace follows connections, so it says which clusters the datagrams may reach (Envoy: source/extensions/filters/udp/udp_proxy). */
import { isUdp } from '../../model/summary/listenerSummary';
import { actionsOf } from '../../model/summary/matcherBranch';
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import type { Hop } from '../hop';
import { addStep } from '../hop';
import { readFilterConfig } from '../network/readFilterConfig';
import { cannotTell, type Ending } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { listenerName } from './listenerName';

export function isPlainUdp(listener: ConfigNode): boolean {
  return isUdp(listener) && !listener.path('udp_listener_config', 'quic_options') && !listener.has('filter_chains');
}

const UDP_PROXY = 'envoy.extensions.filters.udp.udp_proxy.v3.UdpProxyConfig';

/** Names the clusters of its udp_proxy; who gets a datagram depends on its addresses, which are no connection's. */
export function tellDatagrams(hop: Hop, listener: ConfigNode): Ending {
  for (const filter of listener.list('listener_filters')) {
    const found = readFilterConfig(filter, hop.proxy);
    const clusters = found.kind === 'config' && found.config.type === UDP_PROXY ? clustersOf(found.config.node) : [];
    addStep(hop, {
      stage: 'listener_filter',
      decision:
        clusters.length > 0
          ? say`${filter.string('name')} sends datagrams to ${clusters}`
          : say`${filter.string('name')} takes the datagrams`,
      because: words(clusters.length > 1 ? 'its matcher draws by the addresses of each datagram' : 'the listener takes UDP without QUIC'),
      at: filter,
    });
    if (clusters.length > 0) return cannotTell(whereTo(listener, say`: they go to ${clusters}`));
  }
  return cannotTell(whereTo(listener, words('')));
}

function whereTo(listener: ConfigNode, clusters: Sentence): Sentence {
  return say`where datagrams go: ${listenerName(listener)} takes UDP without QUIC, and a trace follows connections${clusters}`;
}

/** `cluster` (deprecated), and the `Route` actions of its matcher, in the order of the file. */
const clustersOf: (config: ConfigNode) => readonly string[] = memoizeByNode((config) => {
  const named = config.string('cluster');
  const matcher = config.get('matcher');
  const names = new Set(named === '' ? [] : [named]);
  for (const action of matcher ? actionsOf(matcher) : []) {
    const typed = action.typed();
    if (typed?.type === 'envoy.extensions.filters.udp.udp_proxy.v3.Route') names.add(typed.node.string('cluster'));
  }
  return [...names];
});
