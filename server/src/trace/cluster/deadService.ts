/** Services that a filter asks: some can certainly not be reached, and then the filter's failure mode decides. */
import { hasNoUsableHost, poolOf } from './balancing/hostPool';
import { listedHostsOf } from './discovery/clusterHosts';
import { isMissingCluster } from './findCluster';
import type { ConfigNode } from '../../schema/configNode';
import type { Hop } from '../hop';
import { say, type Sentence } from '../record/sentence';

export interface DeadService {
  readonly because: Sentence;
  readonly at: ConfigNode;
  /** As a gRPC stream that cannot be opened says it. */
  readonly details: string;
}

/** Why nobody answers for the cluster of an `envoy_grpc` or of an HTTP service; undefined where somebody may. */
export function whyServiceIsDead(hop: Hop, service: ConfigNode | undefined): DeadService | undefined {
  const name = clusterOfService(service);
  const at = name?.asString();
  if (!name || at === undefined) return undefined;
  const found = hop.proxy.byName.cluster.get(at)?.node;
  if (!found && isMissingCluster(hop, at))
    return { because: say`there is no cluster ${at} to ask`, at: name, details: 'Cluster_not_available' };
  const hosts = found && listedHostsOf(hop.proxy, found);
  if (!hosts) return undefined;
  const details = 'no_healthy_upstream{no_healthy_upstream}';
  if (hosts.priorities.flat().length === 0) return { because: say`cluster ${at}, which it asks, has no host`, at: found, details };
  if (hasNoUsableHost(poolOf(hop, found, hosts)))
    return { because: say`cluster ${at}, which it asks, has no healthy host`, at: found, details };
  return undefined;
}

/** `core.v3.GrpcService`, `core.v3.HttpService` or a message with a `server_uri`. */
function clusterOfService(service: ConfigNode | undefined): ConfigNode | undefined {
  return service?.path('envoy_grpc', 'cluster_name') ?? service?.path('server_uri', 'cluster') ?? service?.path('http_uri', 'cluster');
}
