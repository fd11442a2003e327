/** Clusters that are one host, whatever addresses its name has (source/extensions/clusters/logical_dns, …/dns). */
import type { ConfigNode } from '../../../../schema/configNode';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

/** A problem where there is not just one endpoint. `demand`: the beginning of the sentence, up to "a single locality …". */
export function singleEndpoint(cluster: ConfigNode, demand: string): Problem | undefined {
  const assignment = cluster.get('load_assignment');
  if (cluster.isIncomplete || assignment?.isIncomplete || assignment?.get('endpoints')?.isIncomplete) return undefined;
  const localities = assignment?.list('endpoints') ?? [];
  const endpoints = localities.flatMap((locality) => locality.list('lb_endpoints'));
  const isSingle = localities.length === 1 && endpoints.length === 1;
  return isSingle ? undefined : errorAt(assignment ?? cluster, `${demand} a single locality and a single endpoint.`);
}
