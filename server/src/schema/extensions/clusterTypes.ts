/** Kinds of clusters that are found by a name, where nothing or a Struct stands beside it (source/common/upstream/cluster_factory_impl.cc). */
import { wordTable } from '../../text/wordTable';
import { typesOfCategory } from './extensionCategories';

/** As Envoy 1.40 finds them (observed). */
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

/** Example: `aggregate` of `envoy.clusters.aggregate`; undefined where Envoy has none of that name. */
export function clusterExtensionOfName(name: string): string | undefined {
  return NAMES[name];
}

/** The message that configures it. Example: `envoy.extensions.clusters.aggregate.v3.ClusterConfig`; undefined where it takes none. */
export function clusterMessageOfName(name: string): string | undefined {
  const extension = NAMES[name];
  if (extension === undefined) return undefined;
  return [...typesOfCategory('clusters')].find((type) => type.startsWith(`envoy.extensions.clusters.${extension}.`));
}
