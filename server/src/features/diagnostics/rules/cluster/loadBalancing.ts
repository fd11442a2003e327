/** Load balancing settings that do not go together (source/common/upstream/upstream_impl.cc, source/extensions/load_balancing_policies). */
import type { ConfigNode } from '../../../../schema/configNode';
import { CLUSTER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { loadBalancingOf } from './clusterKind';
import { isPrime } from './isPrime';
import { checkProvided } from './providedBalancer';

export const loadBalancing = refusalRule('load-balancing', {
  [CLUSTER]: (cluster) => [
    ...checkProvided(cluster),
    ...policyConfig(cluster),
    subset(cluster),
    ...(cluster.get('lb_subset_config')?.list('subset_selectors') ?? []).map(checkSelector),
    ringSize(cluster),
    tableSize(cluster),
    perHost(cluster),
    ...hostWeights(cluster),
  ],
});

function policyConfig(cluster: ConfigNode): (Problem | undefined)[] {
  const policy = cluster.get('load_balancing_policy');
  if (!policy) {
    const named = loadBalancingOf(cluster) === 'LOAD_BALANCING_POLICY_CONFIG' ? cluster.get('lb_policy') : undefined;
    return [named && !cluster.isIncomplete ? errorAt(named, '"load_balancing_policy" needs to be set.') : undefined];
  }
  const common = cluster.get('common_lb_config');
  const partial = ['zone_aware_lb_config', 'locality_weighted_lb_config', 'consistent_hashing_lb_config'].map((name) => common?.get(name));
  const subsets = cluster.get('lb_subset_config');
  return [
    ...partial.map((at) => at && errorAt(at, `"load_balancing_policy" cannot be combined with "${at.key}" of "common_lb_config".`)),
    subsets && errorAt(subsets, '"load_balancing_policy" cannot be combined with "lb_subset_config".'),
  ];
}

function subset(cluster: ConfigNode): Problem | undefined {
  const config = cluster.get('lb_subset_config');
  if (!config) return undefined;
  if (loadBalancingOf(cluster) === 'CLUSTER_PROVIDED' && config.list('subset_selectors').length > 0)
    return errorAt(config, 'The load balancing policy CLUSTER_PROVIDED cannot be combined with "lb_subset_config".');
  const aware = config.get('locality_weight_aware');
  if (!aware?.asBoolean() || cluster.path('common_lb_config', 'locality_weighted_lb_config')) return undefined;
  return errorAt(aware, 'A locality weight aware subset load balancer requires a "locality_weighted_lb_config" in "common_lb_config".');
}

/** A selector of subsets with the keys that it falls back to (subset_lb_config.cc). */
export function checkSelector(node: ConfigNode): Problem | undefined {
  const fallback = node.list('fallback_keys_subset').map((key) => key.asString() ?? '');
  const keys = node.list('keys').map((key) => key.asString() ?? '');
  // Selectors without keys are left out.
  if (keys.length === 0) return undefined;
  const at = node.get('fallback_keys_subset') ?? node;
  const isKeysSubset = node.isEnum('fallback_policy', 'KEYS_SUBSET', 4);
  if (!isKeysSubset)
    return fallback.length > 0 ? errorAt(at, '"fallback_keys_subset" can be set only for the fallback policy KEYS_SUBSET.') : undefined;
  if (fallback.length === 0) return errorAt(at, '"fallback_keys_subset" cannot be empty with the fallback policy KEYS_SUBSET.');
  if (!fallback.every((key) => keys.includes(key))) return errorAt(at, '"fallback_keys_subset" must be a subset of the selector\'s keys.');
  return new Set(fallback).size === new Set(keys).size ? errorAt(at, '"fallback_keys_subset" cannot be equal to the keys.') : undefined;
}

function ringSize(cluster: ConfigNode): Problem | undefined {
  const config = cluster.get('ring_hash_lb_config');
  const least = config?.get('minimum_ring_size');
  const min = config?.number('minimum_ring_size') ?? 1024;
  const max = config?.number('maximum_ring_size') ?? 8_388_608;
  if (!config || loadBalancingOf(cluster) !== 'RING_HASH' || min <= max) return undefined;
  return errorAt(
    least ?? config.get('maximum_ring_size') ?? config,
    `The ring's minimum size (${min}) is above its maximum size (${max}).`,
  );
}

function tableSize(cluster: ConfigNode): Problem | undefined {
  const size = cluster.path('maglev_lb_config', 'table_size');
  const value = size?.asNumber();
  return size && value !== undefined && loadBalancingOf(cluster) === 'MAGLEV' && !isPrime(value)
    ? errorAt(size, 'The table size of Maglev must be a prime number.')
    : undefined;
}

/** A wrapped number, which may be written as an object. */
function weightOf(owner: ConfigNode, unset: number): number {
  return owner.number('load_balancing_weight') ?? owner.path('load_balancing_weight', 'value')?.asNumber() ?? unset;
}

const MAX_WEIGHTS = 4_294_967_295;

/** thread_aware_lb_impl.cc: sums of weights that RING_HASH and MAGLEV cannot count. */
function hostWeights(cluster: ConfigNode): (Problem | undefined)[] {
  if (!['RING_HASH', 'MAGLEV'].includes(loadBalancingOf(cluster))) return [];
  const localities = cluster.get('load_assignment')?.list('endpoints') ?? [];
  const byPriority = new Map<number, number>();
  return localities.flatMap((locality) => {
    const hosts = locality.list('lb_endpoints').reduce((sum, host) => sum + weightOf(host, 1), 0);
    const priority = locality.number('priority') ?? 0;
    const sum = (byPriority.get(priority) ?? 0) + weightOf(locality, 0);
    byPriority.set(priority, sum);
    return [
      hosts > MAX_WEIGHTS ? errorAt(locality, `The sum of weights of all upstream hosts in a locality exceeds ${MAX_WEIGHTS}.`) : undefined,
      sum > MAX_WEIGHTS
        ? errorAt(locality, `The sum of weights of all localities at the same priority exceeds ${MAX_WEIGHTS}.`)
        : undefined,
    ];
  });
}

/** upstream_impl.cc: per-host thresholds limit connections only. */
function perHost(cluster: ConfigNode): Problem | undefined {
  const fields = ['max_pending_requests', 'max_requests', 'max_retries', 'track_remaining', 'retry_budget', 'max_connection_pools'];
  const at = (cluster.get('circuit_breakers')?.list('per_host_thresholds') ?? []).flatMap((threshold) =>
    fields.flatMap((field) => threshold.get(field) ?? []),
  )[0];
  return at && errorAt(at, `"${at.key}" is not supported in "per_host_thresholds".`);
}
