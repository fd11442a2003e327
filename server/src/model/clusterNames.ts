/** The clusters that a RouteAction or a TcpProxy names: the one of `cluster`, else those of `weighted_clusters`. */
import type { ConfigNode } from '../schema/configNode';

/** [] where headers, plugins or nothing name them. */
export function clusterNamesOf(action: ConfigNode): string[] {
  const single = action.string('cluster');
  const weighted = action.get('weighted_clusters')?.list('clusters') ?? [];
  return single === '' ? weighted.map((each) => each.string('name')).filter((name) => name !== '') : [single];
}
