/** Weighted clusters of a route: names, and weights that add up to something (source/common/router/weighted_cluster_specifier.cc). */
import type { ProxyScope } from '../../../../index/proxyScope';
import type { ConfigNode } from '../../../../schema/configNode';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import { staticNumber } from '../../staticRuntime';
import { typesAbove } from '../../typesAbove';
import type { Problem } from '../../rule';

const MAX_TOTAL = 4_294_967_295;

export const weightedClusters = refusalRule('weighted-clusters', {
  'envoy.config.route.v3.WeightedCluster': (weighted, { proxy }) => {
    const clusters = weighted.list('clusters');
    const protocol = otherProtocol(weighted);
    if (protocol !== undefined) return protocol === 'dubbo' ? clusters.map(checkWeight) : [];
    const isCut = weighted.isIncomplete || (weighted.get('clusters')?.isIncomplete ?? false);
    return [
      ...clusters.map(checkName),
      ...clusters.map(checkWeight),
      isCut || clusters.length === 0 ? undefined : checkTotal(weighted, clusters, proxy),
    ];
  },
});

/** Routes of these protocols have the same message, and look at the weights alone (dubbo_proxy/router/route_matcher.cc) or at nothing (generic_proxy/route_impl.cc). */
export function otherProtocol(node: ConfigNode): 'dubbo' | 'generic' | undefined {
  const [, protocol] = /\.network\.(dubbo|generic)_proxy\./.exec(typesAbove(node)[0] ?? '') ?? [];
  return protocol === 'dubbo' || protocol === 'generic' ? protocol : undefined;
}

function checkName(cluster: ConfigNode): Problem | undefined {
  const header = cluster.get('cluster_header');
  const hasHeader = header !== undefined && header.asString() !== '';
  const hasName = cluster.string('name') !== '';
  if (hasHeader && hasName) return errorAt(header, 'Only one of "name" and "cluster_header" can be specified.');
  return hasHeader || hasName || cluster.isIncomplete
    ? undefined
    : errorAt(cluster, 'One of "name" and "cluster_header" must be specified.');
}

function checkWeight(cluster: ConfigNode): Problem | undefined {
  return cluster.has('weight') || cluster.isIncomplete ? undefined : errorAt(cluster, 'The "weight" of the cluster is missing.');
}

/** Envoy sums them while it loads, with what the runtime says then. */
function checkTotal(weighted: ConfigNode, clusters: readonly ConfigNode[], proxy: ProxyScope | undefined): Problem | undefined {
  if (!clusters.every((cluster) => cluster.number('weight') !== undefined)) return undefined;
  const prefix = weighted.string('runtime_key_prefix');
  const weightOf = (cluster: ConfigNode): number => {
    const weight = cluster.number('weight') ?? 0;
    return prefix === '' || !proxy ? weight : staticNumber(proxy, `${prefix}.${cluster.string('name')}`, weight);
  };
  const total = clusters.reduce((sum, cluster) => sum + weightOf(cluster), 0);
  const at = weighted.get('clusters') ?? weighted;
  if (total === 0) return errorAt(at, 'The sum of the weights must be greater than 0.');
  return total > MAX_TOTAL ? errorAt(at, `The sum of the weights exceeds ${MAX_TOTAL}.`) : undefined;
}
