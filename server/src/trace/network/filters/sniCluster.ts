/** envoy.filters.network.sni_cluster (Envoy: source/extensions/filters/network/sni_cluster/sni_cluster.cc). */
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
import type { NetworkFilterEntry } from '../networkFilter';

/** Filter state in which tcp_proxy looks for its cluster. */
export const TCP_PROXY_CLUSTER = 'envoy.tcp_proxy.cluster';

/** The SNI becomes the cluster's name. */
export function chooseClusterBySni(hop: Hop, { filter }: NetworkFilterEntry): HopResult | undefined {
  const name = hop.connection.serverName;
  const doubt = name === '' ? hop.doubts?.[0] : undefined;
  if (doubt) return cannotTell(say`the server name that the connection asks for: ${doubt}`);
  if (name !== '') hop.connection.filterState.set(TCP_PROXY_CLUSTER, { value: name, shared: 'none' });
  addStep(hop, {
    stage: 'network_filter',
    decision: name === '' ? words('no cluster is chosen by SNI') : say`the cluster shall be ${name}`,
    because: name === '' ? words('no listener filter has found a server name') : words('it is the server name that the client asks for'),
    at: filter,
  });
  return undefined;
}
