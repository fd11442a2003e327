/** Which extension finds the hosts of a cluster that has a `cluster_type` (source/common/upstream/cluster_factory_impl.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { wordTable } from '../../../text/wordTable';

/** The extensions that are found by a name alone (observed with Envoy 1.40). */
const NAMES: Readonly<Record<string, string>> = wordTable({
  'envoy.cluster.static': 'static',
  'envoy.cluster.strict_dns': 'strict_dns',
  'envoy.cluster.logical_dns': 'logical_dns',
  'envoy.cluster.eds': 'eds',
  'envoy.cluster.original_dst': 'original_dst',
  'envoy.cluster.dns': 'dns',
  'envoy.clusters.aggregate': 'aggregate',
  'envoy.clusters.composite': 'composite',
  'envoy.clusters.dynamic_forward_proxy': 'dynamic_forward_proxy',
  'envoy.clusters.dynamic_modules': 'dynamic_modules',
  'envoy.clusters.mcp_multicluster': 'mcp_multicluster',
  'envoy.clusters.redis': 'redis',
  'envoy.clusters.reverse_connection': 'reverse_connection',
});

const STRUCT = 'google.protobuf.Struct';

/** Example: `aggregate` of `envoy.clusters.aggregate`; undefined where Envoy has none of that name. */
export function clusterExtensionOfName(name: string): string | undefined {
  return NAMES[name];
}

export interface ClusterExtension {
  /** As its API's package says it. Examples: `redis`, `original_dst`; undefined where it is none of Envoy's. */
  readonly name: string | undefined;
  /** undefined where nothing is configured. */
  readonly config: ConfigNode | undefined;
}

/** By the type of the configuration; without one, or with a Struct, by the name. undefined where there is no `cluster_type`. */
export function clusterExtensionOf(cluster: ConfigNode): ClusterExtension | undefined {
  const custom = cluster.get('cluster_type');
  if (!custom) return undefined;
  const typed = custom.typed();
  const isByName = typed === undefined || typed.type === STRUCT;
  const name = isByName ? NAMES[custom.string('name')] : /^envoy\.extensions\.clusters\.(\w+)\./.exec(typed.type)?.[1];
  return { name, config: typed?.type === STRUCT ? typed.node.get('value') : typed?.node };
}
