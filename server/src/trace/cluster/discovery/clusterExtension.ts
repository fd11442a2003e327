/** Which extension finds the hosts of a cluster that has a `cluster_type` (source/common/upstream/cluster_factory_impl.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { clusterExtensionOfName } from '../../../schema/extensions/clusterTypes';

const STRUCT = 'google.protobuf.Struct';

export interface ClusterExtension {
  /** As its API's package says it. Examples: `redis`, `original_dst`; undefined where it is none of Envoy's. */
  readonly name: string | undefined;
  /** undefined where nothing is configured. */
  readonly config: ConfigNode | undefined;
}

/** By the type of the configuration; without one, or with a Struct that is nothing of its own, by the name. undefined where there is no `cluster_type`. */
export function clusterExtensionOf(cluster: ConfigNode): ClusterExtension | undefined {
  const custom = cluster.get('cluster_type');
  if (!custom) return undefined;
  const typed = custom.typed();
  const isByName = typed === undefined || typed.type === STRUCT;
  const name = isByName ? clusterExtensionOfName(custom.string('name')) : /^envoy\.extensions\.clusters\.(\w+)\./.exec(typed.type)?.[1];
  return { name, config: typed?.node };
}
