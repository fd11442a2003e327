/** The cluster that a proxy itself belongs to: it must be there, with one priority (cluster_manager_impl.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { BOOTSTRAP } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { clusterKindOf, isLogicalDns } from './clusterKind';

export const localCluster = refusalRule('local-cluster', {
  [BOOTSTRAP]: (bootstrap) => {
    const name = bootstrap.path('cluster_manager', 'local_cluster_name');
    const text = name?.asString() ?? '';
    if (!name || text === '' || bootstrap.isIncomplete) return [];
    const clusters = bootstrap.path('static_resources')?.list('clusters') ?? [];
    const cluster = clusters.find((each) => each.string('name') === text);
    if (cluster) return checkPriorities(cluster, text);
    return bootstrap.path('static_resources', 'clusters')?.isIncomplete
      ? []
      : [errorAt(name, `The local cluster "${text}" must be defined.`)];
  },
});

/** Of a cluster that takes all addresses for one endpoint Envoy does not ask (logical_dns_cluster.cc). */
function checkPriorities(cluster: ConfigNode, name: string): Problem[] {
  if (clusterKindOf(cluster) === 'LOGICAL_DNS' || isLogicalDns(cluster)) return [];
  return (cluster.get('load_assignment')?.list('endpoints') ?? []).flatMap((locality) => {
    const priority = locality.get('priority');
    return priority && (priority.asNumber() ?? 0) > 0
      ? [errorAt(priority, `Unexpected non-zero priority for the local cluster "${name}".`)]
      : [];
  });
}
