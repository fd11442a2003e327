/** Which priority of a cluster gets the request, and whether its healthy or its degraded hosts (Envoy: load_balancer_impl.cc, choosePriority). */
import type { ChoiceOption } from '../../choices';
import { addStep, type Hop } from '../../hop';
import { say, words, type Sentence } from '../../record/sentence';
import type { Host } from '../discovery/host';
import type { HostPool } from './hostPool';
import type { Availability, PriorityLoads, PriorityShare } from './priorityLoad';

/** A branch for each priority that has a share. */
export function choosePriority(hop: Hop, pool: HostPool, loads: PriorityLoads): PriorityShare {
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

/** Every share of the load as an option: healthy hosts first, then degraded ones, as Envoy walks them. */
export function priorityShares(loads: PriorityLoads): (PriorityShare & { percent: number })[] {
  const shares = (percents: readonly number[], availability: Availability): (PriorityShare & { percent: number })[] =>
    percents.flatMap((percent, priority) => (percent > 0 ? [{ priority, availability, percent }] : []));
  return [...shares(loads.healthy, 'healthy'), ...shares(loads.degraded, 'degraded')];
}

function shareName(priority: number, availability: Availability): string {
  return availability === 'healthy' ? String(priority) : `${priority} (degraded)`;
}

function whyPriority(loads: PriorityLoads, { priority, availability }: PriorityShare): Sentence {
  const percent = loads[availability][priority] ?? 0;
  if (loads.isTotalPanic)
    return say`too few hosts of every priority are healthy (panic): the load goes by the number of hosts, ${percent} % here`;
  if (availability === 'degraded')
    return say`${percent} % of the load go to its degraded hosts, for the healthy ones of all priorities cannot carry it`;
  return say`it gets ${percent} % of the load; its health, with overprovisioning, is ${loads.health[priority] ?? 0} %`;
}

/** Why a request does not go to this priority here. */
export function whyNotPriority(hosts: readonly Host[], loads: PriorityLoads, priority: number): Sentence {
  if (hosts.length === 0) return say`it has no hosts`;
  const percent = (loads.healthy[priority] ?? 0) + (loads.degraded[priority] ?? 0);
  if (percent > 0) return say`it gets the other ${percent} % of the load`;
  return (loads.health[priority] ?? 0) > 0 ? say`earlier priorities take the whole load` : say`it has no healthy host`;
}
