/** What a cluster of each discovery type must and must not have (source/common/upstream, source/extensions/clusters). */
import type { ConfigNode } from '../../../../schema/configNode';
import { clusterExtensionOf } from '../../../../trace/cluster/discovery/clusterExtension';

export type ClusterKind = 'STATIC' | 'STRICT_DNS' | 'LOGICAL_DNS' | 'EDS' | 'ORIGINAL_DST' | 'CUSTOM' | 'UNKNOWN';

const KINDS: readonly ClusterKind[] = ['STATIC', 'STRICT_DNS', 'LOGICAL_DNS', 'EDS', 'ORIGINAL_DST'];

/** The discovery type by name or number, as Envoy reads enums, or by the extension that does the same; STATIC where none is given. */
export function clusterKindOf(cluster: ConfigNode): ClusterKind {
  const extension = clusterExtensionOf(cluster);
  if (extension) return KINDS.find((kind) => kind.toLowerCase() === extension.name) ?? 'CUSTOM';
  const text = cluster.enumName('type').toUpperCase();
  if (text === '') return cluster.isIncomplete ? 'UNKNOWN' : 'STATIC';
  return KINDS.find((kind, index) => kind === text || String(index) === text) ?? 'UNKNOWN';
}

/** A cluster of the DNS extension, in either of its ways. */
export function isDnsExtension(cluster: ConfigNode): boolean {
  return clusterExtensionOf(cluster)?.name === 'dns';
}

/** The DNS extension in the way of LOGICAL_DNS. */
export function isLogicalDns(cluster: ConfigNode): boolean {
  return isDnsExtension(cluster) && clusterExtensionOf(cluster)?.config?.bool('all_addresses_in_single_endpoint') === true;
}

const POLICIES = ['ROUND_ROBIN', 'LEAST_REQUEST', 'RING_HASH', 'RANDOM', '', 'MAGLEV', 'CLUSTER_PROVIDED', 'LOAD_BALANCING_POLICY_CONFIG'];

/** `lb_policy` by name or number; ROUND_ROBIN where none is given. */
export function loadBalancingOf(cluster: ConfigNode): string {
  const text = cluster.enumName('lb_policy').toUpperCase();
  return text === '' ? 'ROUND_ROBIN' : ((/^\d+$/.test(text) ? POLICIES[Number(text)] : text) ?? '');
}

/** Does the cluster resolve names? Custom ones may. */
export function usesDns(cluster: ConfigNode): boolean {
  return ['STRICT_DNS', 'LOGICAL_DNS', 'CUSTOM', 'UNKNOWN'].includes(clusterKindOf(cluster));
}
