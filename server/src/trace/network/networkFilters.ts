/** The registry of network filters by type. */
import type { Hop, HopResult } from '../hop';
import { runHttpConnectionManager } from '../http/runHttpConnectionManager';
import { DIRECT_RESPONSE, LOCAL_RATE_LIMIT, RBAC, SET_FILTER_STATE, SNI_CLUSTER, TCP_PROXY } from './filterTypes';
import { answerDirectly, echo } from './filters/answerDirectly';
import { externalFilters } from './filters/externalFilters';
import { istioFilters } from './filters/istioFilters';
import { limitConnections } from './filters/localRateLimit';
import { proxyGeneric } from './filters/genericProxy';
import { passingFilters } from './filters/passingFilters';
import { protocolRouters } from './filters/protocolRouters';
import { filterByRbac } from './filters/rbac';
import { setFilterState } from './filters/setFilterState';
import { chooseClusterBySni } from './filters/sniCluster';
import { resolveSni } from './filters/sniDynamicForwardProxy';
import { proxyTcp } from './filters/tcpProxy';
import type { NetworkFilterEntry, NetworkFilter } from './networkFilter';

const NETWORK = 'envoy.extensions.filters.network';

export const networkFilters: ReadonlyMap<string, NetworkFilter> = new Map<string, NetworkFilter>([
  [
    `${NETWORK}.http_connection_manager.v3.HttpConnectionManager`,
    { terminal: true, run: (hop, { config }) => runHttpConnectionManager(hop, config) },
  ],
  [`${NETWORK}.reverse_tunnel.v3.DrainAwareHttpConnectionManager`, { terminal: true, run: manageWithDrain }],
  [`${NETWORK}.generic_proxy.v3.GenericProxy`, { terminal: true, run: proxyGeneric }],
  [TCP_PROXY, { terminal: true, run: proxyTcp }],
  [RBAC, { terminal: false, run: filterByRbac }],
  [SNI_CLUSTER, { terminal: false, run: chooseClusterBySni }],
  [`${NETWORK}.sni_dynamic_forward_proxy.v3.FilterConfig`, { terminal: false, run: resolveSni }],
  [SET_FILTER_STATE, { terminal: false, run: setFilterState }],
  [LOCAL_RATE_LIMIT, { terminal: false, run: limitConnections }],
  [DIRECT_RESPONSE, { terminal: true, run: answerDirectly }],
  [`${NETWORK}.echo.v3.Echo`, { terminal: true, run: echo }],
  ...passingFilters,
  ...externalFilters,
  ...protocolRouters,
  ...istioFilters,
]);

/** The connection manager of reverse tunnels: another one inside, which says farewell before it closes. */
function manageWithDrain(hop: Hop, { config }: NetworkFilterEntry): HopResult {
  return runHttpConnectionManager(hop, { type: config.type, node: config.node.get('hcm_config') ?? config.node });
}
