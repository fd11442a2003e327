/** The cluster that a stream's information names: the route's, where there is one of that name (Envoy: ActiveStream::refreshCachedRoute, setUpstreamClusterInfo). */
import type { ConfigNode } from '../../schema/configNode';
import type { FormatContext } from './formatContext';

export function knownCluster({ http, hop }: FormatContext): ConfigNode | undefined {
  const name = http ? http.clusterName : hop.record.cluster;
  return name === undefined ? undefined : hop.proxy.byName.cluster.get(name)?.node;
}
