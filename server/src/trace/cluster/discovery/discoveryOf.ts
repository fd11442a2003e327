/** How a cluster finds its hosts: `type`, or the extension in `cluster_type` that replaces it (config/cluster/v3/cluster.proto). */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { wordTable } from '../../../text/wordTable';

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

const EXTENSIONS: Readonly<Record<string, BuiltIn>> = wordTable({
  'envoy.clusters.static': 'static',
  'envoy.cluster.static': 'static',
  'envoy.clusters.strict_dns': 'strict_dns',
  'envoy.cluster.strict_dns': 'strict_dns',
  'envoy.clusters.logical_dns': 'logical_dns',
  'envoy.cluster.logical_dns': 'logical_dns',
  'envoy.clusters.eds': 'eds',
  'envoy.cluster.eds': 'eds',
  'envoy.clusters.original_dst': 'original_dst',
  'envoy.cluster.original_dst': 'original_dst',
});

/** Read once per cluster. */
export const discoveryOf: (cluster: ConfigNode) => Discovery = memoizeByNode((cluster): Discovery => {
  const extension = cluster.get('cluster_type');
  if (!extension) {
    const type = cluster.enumValue('type', ['STATIC', 'STRICT_DNS', 'LOGICAL_DNS', 'EDS', 'ORIGINAL_DST']);
    return type ? { kind: TYPES[type] } : { kind: 'custom', name: cluster.enumName('type'), at: cluster.get('type') ?? cluster };
  }
  const name = extension.string('name');
  const typed = extension.typed();
  if (typed?.type === 'envoy.extensions.clusters.aggregate.v3.ClusterConfig') return { kind: 'aggregate', config: typed.node };
  if (typed?.type === 'envoy.extensions.clusters.composite.v3.ClusterConfig') return { kind: 'composite', config: typed.node };
  if (typed?.type === 'envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig')
    return { kind: 'dynamic_forward_proxy', config: typed.node };
  if (typed?.type === 'envoy.extensions.clusters.dns.v3.DnsCluster')
    return { kind: typed.node.bool('all_addresses_in_single_endpoint') === true ? 'logical_dns' : 'strict_dns' };
  if (name === 'envoy.clusters.dynamic_forward_proxy') return { kind: 'dynamic_forward_proxy', config: undefined };
  if (typed?.type === 'envoy.extensions.clusters.original_dst.v3.OriginalDstCluster') return { kind: 'original_dst' };
  const kind = EXTENSIONS[name];
  return kind ? { kind } : { kind: 'custom', name: name || (typed?.type ?? ''), at: extension };
});
