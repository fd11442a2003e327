/** How a cluster finds its hosts: `type`, or the extension in `cluster_type` that replaces it (config/cluster/v3/cluster.proto). */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { clusterExtensionOf, type ClusterExtension } from './clusterExtension';

export type Discovery =
  | { readonly kind: BuiltIn }
  | { readonly kind: 'aggregate'; readonly config: ConfigNode }
  | { readonly kind: 'composite'; readonly config: ConfigNode }
  | { readonly kind: 'dynamic_forward_proxy'; readonly config: ConfigNode | undefined }
  /** An extension whose hosts nobody can tell from the files. Example: `envoy.clusters.redis` */
  | { readonly kind: 'custom'; readonly name: string; readonly at: ConfigNode };

type BuiltIn = 'static' | 'strict_dns' | 'logical_dns' | 'eds' | 'original_dst';

const TYPES = {
  STATIC: 'static',
  STRICT_DNS: 'strict_dns',
  LOGICAL_DNS: 'logical_dns',
  EDS: 'eds',
  ORIGINAL_DST: 'original_dst',
} as const;

const BUILT_IN: readonly BuiltIn[] = Object.values(TYPES);

/** Read once per cluster. */
export const discoveryOf: (cluster: ConfigNode) => Discovery = memoizeByNode((cluster): Discovery => {
  const extension = clusterExtensionOf(cluster);
  if (extension) return discoveryByExtension(cluster, extension);
  const type = cluster.enumValue('type', ['STATIC', 'STRICT_DNS', 'LOGICAL_DNS', 'EDS', 'ORIGINAL_DST']);
  return type ? { kind: TYPES[type] } : { kind: 'custom', name: cluster.enumName('type'), at: cluster.get('type') ?? cluster };
});

function discoveryByExtension(cluster: ConfigNode, { name = '', config }: ClusterExtension): Discovery {
  if ((name === 'aggregate' || name === 'composite') && config) return { kind: name, config };
  if (name === 'dynamic_forward_proxy') return { kind: name, config };
  if (name === 'dns') return { kind: config?.bool('all_addresses_in_single_endpoint') === true ? 'logical_dns' : 'strict_dns' };
  const kind = BUILT_IN.find((each) => each === name);
  if (kind) return { kind };
  const at = cluster.get('cluster_type') ?? cluster;
  return { kind: 'custom', name: at.string('name') || (at.typed()?.type ?? ''), at };
}
