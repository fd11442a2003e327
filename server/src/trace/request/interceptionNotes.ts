/** What Istio's iptables rules leave out, where a trace takes a connection to be intercepted (istio/istio: tools/istio-iptables/pkg, pod annotations). */
import type { ProxyScope } from '../../index/proxyScope';
import type { Capture } from '../../protocol/trace';

/** pilot-agent's own port, which merges the metrics of agent, proxy and application. */
const AGENT_PORT = 15020;

/** [] where the rules intercept such a connection, or nothing tells. */
export function interceptionNotes(proxy: ProxyScope, capture: Capture, port: number): string[] {
  const { type, metadata, id } = proxy.proxyNode;
  if (type !== 'sidecar' || capture === 'none') return [];
  if (capture === 'inbound' && port === AGENT_PORT)
    return [`Istio's rules do not intercept port ${AGENT_PORT}: the agent beside the proxy answers it (--capture none)`];
  const annotation = `traffic.sidecar.istio.io/exclude${capture === 'inbound' ? 'Inbound' : 'Outbound'}Ports`;
  const excluded = metadata?.get('ANNOTATIONS')?.entry(annotation)?.asString() ?? '';
  if (!excluded.split(',').some((each) => Number(each.trim()) === port)) return [];
  return [`the annotation ${annotation} of ${id} leaves port ${port} out: such connections are not intercepted (--capture none)`];
}
