/** How a cluster balances: `lb_policy`, or the first policy of `load_balancing_policy` that Envoy knows; panic, localities and subsets belong to it. */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import type { Hop } from '../../hop';
import { runtimeNumber } from '../../runtime/readRuntime';
import { wordTable } from '../../../text/wordTable';
import { shortNameOf } from '../../../schema/table/typeUrl';

export type Picker =
  /** Long-run shares by weight. */
  | 'weighted'
  /** Every host alike, whatever its weight (RANDOM). */
  | 'even'
  /** By a hash of the request over healthy hosts (RING_HASH, MAGLEV). */
  | 'hash'
  /** Shares change with what the hosts report. */
  | 'reported';

export interface LoadBalancing {
  /** As the file names it. Example: `LEAST_REQUEST` */
  readonly name: string;
  readonly picker: Picker;
  readonly localityWeighted: boolean;
  /** Percent of usable hosts below which all are used. */
  readonly panicThreshold: number;
  readonly failOnPanic: boolean;
  /** `zone_aware_lb_config`; where there is none, its defaults count. */
  readonly zoneAware: ConfigNode | undefined;
  readonly subset: ConfigNode | undefined;
  /** `override_host.v3.OverrideHost`. */
  readonly overrideHost: ConfigNode | undefined;
  /** The policy is an extension that we do not know. */
  readonly isUnknown: boolean;
  readonly at: ConfigNode;
}

/** The fields of a cluster that are read here. */
export const BALANCING_FIELDS: readonly string[] = ['lb_policy', 'load_balancing_policy', 'lb_subset_config', 'common_lb_config'];

/** Read once per cluster (Envoy: source/common/upstream/upstream_impl.cc, configureLbPolicies). */
export const loadBalancingOf: (cluster: ConfigNode) => LoadBalancing = memoizeByNode((cluster) => {
  const common = cluster.get('common_lb_config');
  const threshold = common?.get('healthy_panic_threshold');
  const picker = legacyPicker(cluster);
  const base: LoadBalancing = {
    ...picker,
    localityWeighted: common?.has('locality_weighted_lb_config') === true,
    // ProtobufPercentHelper::convertPercent, whose result is an integer.
    panicThreshold: threshold ? Math.trunc(100 * ((threshold.number('value') ?? 0) / 100)) : 50,
    // Rings are made of all hosts then, whatever the zones' setting says (thread_aware_lb_impl.cc).
    failOnPanic: picker.picker !== 'hash' && common?.get('zone_aware_lb_config')?.bool('fail_traffic_on_panic') === true,
    zoneAware: common?.get('zone_aware_lb_config'),
    subset: legacySubset(cluster),
    overrideHost: undefined,
    isUnknown: false,
    at: cluster.get('lb_policy') ?? cluster,
  };
  const policies = cluster.get('load_balancing_policy');
  return policies
    ? readPolicies(policies, { ...base, localityWeighted: false, failOnPanic: false, zoneAware: undefined, subset: undefined }, 0)
    : base;
});

/** The same with what the runtime says: `upstream.healthy_panic_threshold` wins over what clusters say. */
export function balancingOf(hop: Hop, cluster: ConfigNode): LoadBalancing {
  const balancing = loadBalancingOf(cluster);
  const panicThreshold = runtimeNumber(hop, 'upstream.healthy_panic_threshold', balancing.panicThreshold);
  return panicThreshold === balancing.panicThreshold ? balancing : { ...balancing, panicThreshold };
}

const LEGACY = ['ROUND_ROBIN', 'LEAST_REQUEST', 'RING_HASH', 'RANDOM', '', 'MAGLEV'] as const;

function legacyPicker(cluster: ConfigNode): { name: string; picker: Picker } {
  const name = cluster.enumValue('lb_policy', LEGACY) || cluster.enumName('lb_policy');
  if (name === 'RANDOM') return { name, picker: 'even' };
  return { name, picker: name === 'RING_HASH' || name === 'MAGLEV' ? 'hash' : 'weighted' };
}

/** Subsets exist only with selectors; those of the extension always do (a request then gets what its fallback gives). */
function legacySubset(cluster: ConfigNode): ConfigNode | undefined {
  const subset = cluster.get('lb_subset_config');
  return subset && subset.list('subset_selectors').length > 0 ? subset : undefined;
}

const EXTENSIONS: Readonly<Record<string, { name: string; picker: Picker }>> = wordTable({
  'envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin': { name: 'round_robin', picker: 'weighted' },
  'envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest': { name: 'least_request', picker: 'weighted' },
  'envoy.extensions.load_balancing_policies.random.v3.Random': { name: 'random', picker: 'even' },
  'envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash': { name: 'ring_hash', picker: 'hash' },
  'envoy.extensions.load_balancing_policies.maglev.v3.Maglev': { name: 'maglev', picker: 'hash' },
  'envoy.extensions.load_balancing_policies.client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin': {
    name: 'client_side_weighted_round_robin',
    picker: 'reported',
  },
  'envoy.extensions.load_balancing_policies.cluster_provided.v3.ClusterProvided': { name: 'cluster_provided', picker: 'weighted' },
});

const MAX_DEPTH = 8;

/** The first policy that Envoy has wins; wrappers name the policy inside. */
function readPolicies(policies: ConfigNode, base: LoadBalancing, depth: number): LoadBalancing {
  let unknown: LoadBalancing | undefined;
  for (const policy of policies.list('policies')) {
    const extension = policy.get('typed_extension_config');
    const typed = extension?.typed();
    if (!extension || !typed || depth > MAX_DEPTH) continue;
    const short = shortNameOf(typed.type);
    const known = EXTENSIONS[typed.type];
    if (known) return { ...base, ...known, ...localityOf(typed.node, base), at: extension };
    if (short === 'WrrLocality')
      return readInner(typed.node.get('endpoint_picking_policy'), { ...base, localityWeighted: true, at: extension }, depth);
    if (short === 'Subset') return readInner(typed.node.get('subset_lb_policy'), { ...base, subset: typed.node, at: extension }, depth);
    if (short === 'OverrideHost')
      return readInner(
        typed.node.get('fallback_policy') ?? typed.node.get('fallback_picking_policy'),
        { ...base, overrideHost: typed.node, at: extension },
        depth,
      );
    unknown ??= { ...base, name: extension.string('name') || typed.type, isUnknown: true, at: extension };
  }
  return unknown ?? base;
}

function readInner(inner: ConfigNode | undefined, base: LoadBalancing, depth: number): LoadBalancing {
  return inner ? readPolicies(inner, base, depth + 1) : base;
}

function localityOf(policy: ConfigNode, base: LoadBalancing): Pick<LoadBalancing, 'localityWeighted' | 'failOnPanic' | 'zoneAware'> {
  const locality = policy.get('locality_lb_config') ?? policy.path('consistent_hashing_lb_config', 'locality_weighted_lb_config');
  return {
    localityWeighted:
      base.localityWeighted || locality?.has('locality_weighted_lb_config') === true || policy.has('locality_weighted_lb_config'),
    failOnPanic: base.failOnPanic || locality?.get('zone_aware_lb_config')?.bool('fail_traffic_on_panic') === true,
    zoneAware: locality?.get('zone_aware_lb_config'),
  };
}
