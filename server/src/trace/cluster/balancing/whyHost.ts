/** Why a host is picked, or is not, in words. */
import type { RejectedList } from '../../record/hopRecord';
import { lazyRejected } from '../../record/rejectedList';
import { say, words, type Sentence } from '../../record/sentence';
import type { PriorityShare } from './priorityLoad';
import type { Host } from '../discovery/host';
import type { HostPool } from './hostPool';

interface Picked {
  readonly panics: boolean;
  readonly eligible: readonly Host[];
  readonly all: readonly Host[];
  /** That was drawn, and has the eligible ones. */
  readonly locality: string | undefined;
}

/** Why the host that was picked: `eligible` of `all` hosts could be. */
export function whyHost(pool: HostPool, { panics, eligible, all, locality }: Picked): Sentence {
  const { balancing, hosts, healthIsUnknown } = pool;
  if (panics) return say`${balancing.name} over all ${all.length} hosts: too few are healthy (panic); ${hosts.source}`;
  if (eligible.length === 1 && all.length === 1) return say`it is the only host; ${hosts.source}`;
  if (healthIsUnknown)
    return say`${balancing.name} over ${eligible.length} of ${all.length} hosts; active health checks run whose results the files do not hold; ${hosts.source}`;
  if (balancing.picker === 'hash')
    return say`${balancing.name} chooses by a hash of the request, over ${eligible.length} of ${all.length} hosts; ${hosts.source}`;
  if (locality !== undefined)
    return say`${balancing.name} over ${eligible.length} of ${all.length} hosts, those of locality ${locality}, which is drawn by its weight; ${hosts.source}`;
  return say`${balancing.name} over ${eligible.length} of ${all.length} hosts; ${hosts.source}`;
}

/** Why there is none to pick though there are hosts. */
export function whyNoneEligible({ balancing }: HostPool, { availability }: PriorityShare): Sentence {
  return balancing.picker === 'hash' && availability === 'degraded'
    ? say`only degraded hosts are left, and ${balancing.name} never picks those`
    : say`no host is healthy, and panic does not apply (healthy_panic_threshold ${balancing.panicThreshold})`;
}

/** Why a healthy host could not be picked: the share is that of degraded ones, or rings leave its locality out. */
export function whyNotHealthy({ balancing }: HostPool, { availability }: PriorityShare): Sentence {
  return availability === 'degraded' && balancing.picker !== 'hash'
    ? words('it is healthy, and this share of the load goes to degraded hosts')
    : words('its locality has no weight');
}

/** The hosts that could not be picked. */
export function rejectedHosts(all: readonly Host[], eligible: readonly Host[], whyHealthy: Sentence): RejectedList {
  return lazyRejected(all.length - eligible.length, () => {
    const chosen = new Set(eligible);
    return all
      .filter((host) => !chosen.has(host))
      .map((host) => ({ candidate: say`${host.text}`, because: host.state === 'healthy' ? whyHealthy : whyNotHost(host), at: host.node }));
  });
}

function whyNotHost({ health, state }: Host): Sentence {
  return health === undefined || health === 'UNKNOWN' || health === 'HEALTHY' ? say`it is ${words(state)}` : say`its health is ${health}`;
}
