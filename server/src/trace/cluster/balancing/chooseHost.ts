/** Priority → locality → host: one pick of a load balancer (Envoy: load_balancing_policies/common/load_balancer_impl.cc, hostSourceToUse). */
import type { ConfigNode } from '../../../schema/configNode';
import type { ChoiceOption } from '../../choices';
import type { Hop } from '../../hop';
import type { RejectedList } from '../../record/hopRecord';
import { say, words, type Sentence } from '../../record/sentence';
import type { Host } from '../discovery/host';
import type { LoadBalancing } from './loadBalancing';
import { hostsWithLocalityWeight, localityShares } from './localityShares';
import type { Availability, PriorityLoads, PriorityShare } from './priorityLoad';
import { choosePriority } from './choosePriority';
import { loadsOf, type HostPool } from './hostPool';
import { rejectedHosts, whyHost, whyNoneEligible, whyNotHealthy } from './whyHost';

export type HostChoice =
  | { readonly kind: 'host'; readonly host: Host; readonly priority: number; readonly because: Sentence; readonly rejected: RejectedList }
  | MissingHost
  | { readonly kind: 'unknown'; readonly missing: Sentence };

export interface MissingHost {
  readonly kind: 'none';
  readonly because: Sentence;
  readonly at: ConfigNode;
  readonly rejected: RejectedList;
  /** In place of 503. */
  readonly code?: number;
}

/** One host, with a branch for every priority, locality and host that can be it. */
export function chooseHost(hop: Hop, pool: HostPool): HostChoice {
  const loads = loadsOf(pool);
  return chooseInPriority(hop, pool, { loads, share: pool.share ?? choosePriority(hop, pool, loads) });
}

interface Chosen {
  readonly loads: PriorityLoads;
  readonly share: PriorityShare;
}

function chooseInPriority(hop: Hop, pool: HostPool, { loads, share }: Chosen): HostChoice {
  const all = pool.priorities[share.priority] ?? [];
  const at = pool.hosts.node;
  if (all.length === 0) return { kind: 'none', because: say`there is no host (${pool.hosts.source})`, at, rejected: [] };
  const panics = loads.panics[share.priority] === true && !pool.healthIsUnknown;
  if (panics && pool.balancing.failOnPanic)
    return {
      kind: 'none',
      because: say`too few hosts are healthy, and fail_traffic_on_panic refuses then`,
      at,
      rejected: rejectedHosts(all, [], words('it is healthy, and too few others are')),
    };
  const original = pool.originals?.[share.priority];
  const { picker, localityWeighted } = pool.balancing;
  const usable = panics ? all : eligibleHosts(pool, all, share.availability);
  const eligible = picker === 'hash' && localityWeighted ? hostsWithLocalityWeight(all, usable, original) : usable;
  if (eligible.length === 0)
    return { kind: 'none', because: whyNoneEligible(pool, share), at, rejected: rejectedHosts(all, [], whyNotHealthy(pool, share)) };
  const { hosts, locality }: LocalHosts = panics ? { hosts: eligible } : chooseLocality(hop, pool, { all, eligible, original });
  const host = chooseAmong(hop, pool, hosts);
  if (!host) return { kind: 'unknown', missing: say`the hosts of cluster ${pool.cluster.string('name')} that the file leaves out` };
  return {
    kind: 'host',
    host,
    priority: share.priority,
    because: whyHost(pool, { panics, eligible: hosts, all, locality }),
    rejected: rejectedHosts(all, eligible, whyNotHealthy(pool, share)),
  };
}

/** RING_HASH and MAGLEV build their tables of healthy hosts alone. */
function eligibleHosts({ balancing, healthIsUnknown }: HostPool, all: readonly Host[], availability: Availability): readonly Host[] {
  if (healthIsUnknown) {
    const possible = all.filter(({ state }) => state !== 'unhealthy');
    return possible.length > 0 ? possible : all;
  }
  const wanted = balancing.picker === 'hash' ? 'healthy' : availability;
  return all.filter(({ state }) => state === wanted);
}

interface EligibleHosts {
  readonly all: readonly Host[];
  readonly eligible: readonly Host[];
  readonly original: readonly Host[] | undefined;
}

interface LocalHosts {
  readonly hosts: readonly Host[];
  /** Drawn among several. */
  readonly locality?: string | undefined;
}

function chooseLocality(hop: Hop, pool: HostPool, { all, eligible, original }: EligibleHosts): LocalHosts {
  if (!pool.balancing.localityWeighted || pool.balancing.picker === 'hash') return { hosts: eligible };
  const shares = localityShares(all, eligible, { overprovisioning: pool.hosts.overprovisioning, original });
  if (shares.length === 0) return { hosts: eligible };
  const options = shares.map(({ name, share, node }): ChoiceOption => ({ value: name, probability: share, at: node }));
  const drawn = shares[hop.choices.choose('locality', options)];
  return drawn ? { hosts: drawn.hosts, locality: shares.length > 1 ? drawn.name : undefined } : { hosts: eligible };
}

/** Undefined: one that the file leaves out. */
function chooseAmong(hop: Hop, pool: HostPool, hosts: readonly Host[]): Host | undefined {
  const groups = groupByAddress(hosts);
  const total = groups.reduce((sum, { weight }) => sum + weight, 0);
  const even = pool.balancing.picker === 'even';
  const count = groups.reduce((sum, { count: each }) => sum + each, 0);
  const isKnown = isShareKnown(hop, pool, hosts);
  const options = groups.map(({ host, weight, count: each }): ChoiceOption => {
    const probability = groups.length === 1 ? (pool.hosts.isIncomplete ? null : 1) : !isKnown ? null : even ? each / count : weight / total;
    return { value: host.text, probability, at: host.node };
  });
  const others: ChoiceOption[] = pool.hosts.isIncomplete ? [{ value: 'a host that the file leaves out', probability: null }] : [];
  return groups[hop.choices.choose('endpoint', [...options, ...others])]?.host;
}

function isShareKnown(hop: Hop, { balancing, hosts, healthIsUnknown, cluster }: HostPool, eligible: readonly Host[]): boolean {
  if (balancing.picker === 'hash' || balancing.picker === 'reported' || balancing.isUnknown) return false;
  return !hosts.isIncomplete && !healthIsUnknown && !prefersLocalZone(hop, cluster, { balancing, eligible });
}

/**
 * Zone-aware routing needs the local cluster's own hosts per zone; it does not happen below min_cluster_size hosts, six where nothing is said
 * (load_balancer_impl.cc, ZoneAwareLoadBalancerBase). Files without the bootstrap do not tell whether there is a local cluster: who has settings
 * for zones means them.
 */
function prefersLocalZone(
  hop: Hop,
  cluster: ConfigNode,
  { balancing, eligible }: { balancing: LoadBalancing; eligible: readonly Host[] },
): boolean {
  const { bootstrap } = hop.proxy;
  const { zoneAware, localityWeighted } = balancing;
  const local = bootstrap?.path('cluster_manager', 'local_cluster_name')?.asString();
  const mayBeSet = bootstrap ? local !== undefined && local !== cluster.string('name') : zoneAware !== undefined;
  if (!mayBeSet || localityWeighted) return false;
  return eligible.length >= (zoneAware?.number('min_cluster_size') ?? 6) && new Set(eligible.map(({ locality }) => locality.name)).size > 1;
}

interface HostGroup {
  readonly host: Host;
  weight: number;
  count: number;
}

/** Hosts with the same address lead to the same place. */
function groupByAddress(hosts: readonly Host[]): HostGroup[] {
  const groups = new Map<string, HostGroup>();
  for (const host of hosts) {
    const known = groups.get(host.text);
    if (known) {
      known.weight += host.weight;
      known.count++;
    } else groups.set(host.text, { host, weight: host.weight, count: 1 });
  }
  return [...groups.values()];
}
