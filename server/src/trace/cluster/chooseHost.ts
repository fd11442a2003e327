/** Priority → locality → host: one pick of a load balancer (Envoy: load_balancing_policies/common/load_balancer_impl.cc, hostSourceToUse). */
import type { ConfigNode } from '../../schema/configNode';
import type { ChoiceOption } from '../choices';
import { addStep, type Hop } from '../hop';
import type { RejectedList } from '../record/hopRecord';
import { lazyRejected } from '../record/rejectedList';
import { say, words, type Sentence } from '../record/sentence';
import type { ClusterHosts } from './clusterHosts';
import type { Host } from './host';
import type { LoadBalancing } from './loadBalancing';
import { localityShares } from './localityShares';
import { priorityLoads, type PriorityLoads } from './priorityLoad';

/** What is picked from: the hosts of a cluster, or of one subset of it. */
export interface HostPool {
  readonly cluster: ConfigNode;
  readonly hosts: ClusterHosts;
  readonly priorities: readonly (readonly Host[])[];
  readonly balancing: LoadBalancing;
  /** A subset whose localities weigh as many parts of their weight as it has of their hosts: all hosts, by priority. */
  readonly originals?: readonly (readonly Host[])[];
  /** Active health checks run whose results are not in the files. */
  readonly healthIsUnknown: boolean;
}

export type Availability = 'healthy' | 'degraded';

export type HostChoice =
  | { readonly kind: 'host'; readonly host: Host; readonly priority: number; readonly because: Sentence; readonly rejected: RejectedList }
  | { readonly kind: 'none'; readonly because: Sentence; readonly at: ConfigNode; readonly rejected: RejectedList }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

/** One host, with a branch for every priority, locality and host that can be it. */
export function chooseHost(hop: Hop, pool: HostPool): HostChoice {
  const loads = loadsOf(pool);
  const share = choosePriority(hop, pool, loads);
  return chooseInPriority(hop, pool, { loads, share });
}

/** A host of one priority: an aggregate cluster has chosen the priority already. */
export function chooseHostOfPriority(hop: Hop, pool: HostPool, priority: number, availability: Availability): HostChoice {
  return chooseInPriority(hop, pool, { loads: loadsOf(pool), share: { priority, availability } });
}

export function loadsOf({ hosts, priorities, balancing }: HostPool): PriorityLoads {
  const states = priorities.map((each) => ({
    hosts: each,
    overprovisioning: hosts.overprovisioning,
    weighted: hosts.weightedPriorityHealth,
  }));
  return priorityLoads(states, balancing.panicThreshold);
}

export interface PriorityShare {
  readonly priority: number;
  readonly availability: Availability;
}

/** Every share of the load as an option: healthy hosts first, then degraded ones, as Envoy walks them. */
export function priorityShares(loads: PriorityLoads): (PriorityShare & { percent: number })[] {
  const shares = (percents: readonly number[], availability: Availability): (PriorityShare & { percent: number })[] =>
    percents.flatMap((percent, priority) => (percent > 0 ? [{ priority, availability, percent }] : []));
  return [...shares(loads.healthy, 'healthy'), ...shares(loads.degraded, 'degraded')];
}

function choosePriority(hop: Hop, pool: HostPool, loads: PriorityLoads): PriorityShare {
  if (pool.priorities.length <= 1 && loads.degraded.every((percent) => percent === 0)) return { priority: 0, availability: 'healthy' };
  if (pool.healthIsUnknown) {
    const filled = pool.priorities.flatMap((hosts, priority) => (hosts.length > 0 ? [priority] : []));
    const taken = hop.choices.choose(
      'priority',
      filled.map((priority) => ({ value: String(priority), probability: filled.length > 1 ? null : 1 })),
    );
    return { priority: filled[taken] ?? 0, availability: 'healthy' };
  }
  const shares = priorityShares(loads);
  const options = shares.map(({ priority, availability, percent }): ChoiceOption => ({
    value: shareName(priority, availability),
    probability: percent / 100,
  }));
  const share = shares[hop.choices.choose('priority', options)] ?? { priority: 0, availability: 'healthy' as const };
  addStep(hop, {
    stage: 'priority',
    decision: say`priority ${share.priority}${share.availability === 'degraded' ? words(', its degraded hosts') : words('')}`,
    because: whyPriority(loads, share),
    at: pool.hosts.node,
    rejected: pool.priorities.flatMap((hosts, priority) =>
      priority === share.priority ? [] : [{ candidate: say`priority ${priority}`, because: whyNotPriority(hosts, loads, priority) }],
    ),
  });
  return share;
}

function shareName(priority: number, availability: Availability): string {
  return availability === 'healthy' ? String(priority) : `${priority} (degraded)`;
}

function whyPriority(loads: PriorityLoads, { priority, availability }: PriorityShare): Sentence {
  const percent = loads[availability][priority] ?? 0;
  if (loads.isTotalPanic)
    return say`too few hosts of every priority are healthy (panic): the load goes by the number of hosts, ${percent} % here`;
  return say`it gets ${percent} % of the load; its health, with overprovisioning, is ${loads.health[priority] ?? 0} %`;
}

function whyNotPriority(hosts: readonly Host[], loads: PriorityLoads, priority: number): Sentence {
  if (hosts.length === 0) return say`it has no hosts`;
  const percent = (loads.healthy[priority] ?? 0) + (loads.degraded[priority] ?? 0);
  if (percent > 0) return say`it gets the other ${percent} % of the load`;
  return (loads.health[priority] ?? 0) > 0 ? say`earlier priorities take the whole load` : say`it has no healthy host`;
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
      rejected: rejectedHosts(all, []),
    };
  const eligible = panics ? all : eligibleHosts(pool, all, share.availability);
  if (eligible.length === 0) return { kind: 'none', because: whyNoneEligible(pool, share), at, rejected: rejectedHosts(all, []) };
  const local = panics ? eligible : chooseLocality(hop, pool, { all, eligible, original: pool.originals?.[share.priority] });
  const host = chooseAmong(hop, pool, local);
  return {
    kind: 'host',
    host,
    priority: share.priority,
    because: whyHost(pool, { panics, eligible: local, all }),
    rejected: rejectedHosts(all, eligible),
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

function whyNoneEligible({ balancing }: HostPool, { availability }: PriorityShare): Sentence {
  return balancing.picker === 'hash' && availability === 'degraded'
    ? say`only degraded hosts are left, and ${balancing.name} never picks those`
    : say`no host is healthy, and panic does not apply (healthy_panic_threshold ${balancing.panicThreshold})`;
}

interface LocalHosts {
  readonly all: readonly Host[];
  readonly eligible: readonly Host[];
  readonly original: readonly Host[] | undefined;
}

function chooseLocality(hop: Hop, pool: HostPool, { all, eligible, original }: LocalHosts): readonly Host[] {
  if (!pool.balancing.localityWeighted) return eligible;
  const shares = localityShares(all, eligible, { overprovisioning: pool.hosts.overprovisioning, original });
  if (shares.length === 0) return eligible;
  if (pool.balancing.picker === 'hash') return shares.flatMap(({ hosts }) => hosts);
  const options = shares.map(({ name, share, node }): ChoiceOption => ({ value: name, probability: share, at: node }));
  return shares[hop.choices.choose('locality', options)]?.hosts ?? eligible;
}

function chooseAmong(hop: Hop, pool: HostPool, hosts: readonly Host[]): Host {
  const groups = groupByAddress(hosts);
  const total = groups.reduce((sum, { weight }) => sum + weight, 0);
  const even = pool.balancing.picker === 'even';
  const count = groups.reduce((sum, { count: each }) => sum + each, 0);
  const isKnown = isShareKnown(hop, pool, hosts);
  const options = groups.map(({ host, weight, count: each }): ChoiceOption => {
    const probability = groups.length === 1 ? (pool.hosts.isIncomplete ? null : 1) : !isKnown ? null : even ? each / count : weight / total;
    return { value: host.text, probability, at: host.node };
  });
  const chosen = groups[hop.choices.choose('endpoint', options)] ?? groups[0];
  // `hosts` is never empty here; the fallback is for the compiler.
  return chosen?.host ?? (hosts[0] as Host);
}

function isShareKnown(hop: Hop, { balancing, hosts, healthIsUnknown, cluster }: HostPool, eligible: readonly Host[]): boolean {
  if (balancing.picker === 'hash' || balancing.picker === 'reported' || balancing.isUnknown) return false;
  return !hosts.isIncomplete && !healthIsUnknown && !prefersLocalZone(hop, cluster, { balancing, eligible });
}

/** Zone-aware routing needs the local cluster's own hosts per zone; below six hosts it does not happen (min_cluster_size). */
function prefersLocalZone(
  hop: Hop,
  cluster: ConfigNode,
  { balancing, eligible }: { balancing: LoadBalancing; eligible: readonly Host[] },
): boolean {
  const local = hop.proxy.bootstrap?.path('cluster_manager', 'local_cluster_name')?.asString();
  if (!local || local === cluster.string('name') || balancing.localityWeighted) return false;
  const minimum = cluster.path('common_lb_config', 'zone_aware_lb_config', 'min_cluster_size')?.asNumber() ?? 6;
  return eligible.length >= minimum && new Set(eligible.map(({ locality }) => locality.name)).size > 1;
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

function whyHost(
  pool: HostPool,
  { panics, eligible, all }: { panics: boolean; eligible: readonly Host[]; all: readonly Host[] },
): Sentence {
  const { balancing, hosts, healthIsUnknown } = pool;
  if (panics) return say`${balancing.name} over all ${all.length} hosts: too few are healthy (panic); ${hosts.source}`;
  if (eligible.length === 1 && all.length === 1) return say`it is the only host; ${hosts.source}`;
  if (healthIsUnknown)
    return say`${balancing.name} over ${eligible.length} of ${all.length} hosts; active health checks run whose results the files do not hold; ${hosts.source}`;
  if (balancing.picker === 'hash')
    return say`${balancing.name} chooses by a hash of the request, over ${eligible.length} of ${all.length} hosts; ${hosts.source}`;
  return say`${balancing.name} over ${eligible.length} of ${all.length} hosts; ${hosts.source}`;
}

function rejectedHosts(all: readonly Host[], eligible: readonly Host[]): RejectedList {
  return lazyRejected(all.length - eligible.length, () => {
    const chosen = new Set(eligible);
    return all
      .filter((host) => !chosen.has(host))
      .map((host) => ({ candidate: say`${host.text}`, because: whyNotHost(host), at: host.node }));
  });
}

function whyNotHost({ health, state }: Host): Sentence {
  return health === undefined || health === 'UNKNOWN' || health === 'HEALTHY' ? say`it is ${words(state)}` : say`its health is ${health}`;
}
