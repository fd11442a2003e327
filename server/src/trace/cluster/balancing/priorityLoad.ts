/** How the load is spread over priorities: health, overprovisioning and panic (Envoy: load_balancing_policies/common/load_balancer_impl.cc). */
import type { Host } from '../discovery/host';

export interface PriorityState {
  readonly hosts: readonly Host[];
  /** Percent. */
  readonly overprovisioning: number;
  readonly weighted: boolean;
}

export interface PriorityLoads {
  /** Percent of the requests that go to healthy hosts of each priority. */
  readonly healthy: readonly number[];
  readonly degraded: readonly number[];
  /** Priorities whose hosts are all used, because too few of them are healthy. */
  readonly panics: readonly boolean[];
  /** Every priority panics: the load goes by the number of hosts. */
  readonly isTotalPanic: boolean;
  /** Healthy share of each priority in percent, overprovisioning included. */
  readonly health: readonly number[];
}

/** Which hosts of a priority are chosen from. */
export type Availability = 'healthy' | 'degraded';

export interface PriorityShare {
  readonly priority: number;
  readonly availability: Availability;
}

/** Percentages over all priorities; they add up to 100 wherever there is a priority at all. */
export function priorityLoads(priorities: readonly PriorityState[], panicThreshold: number): PriorityLoads {
  const health = priorities.map((priority) => availability(priority, 'healthy'));
  const degradedHealth = priorities.map((priority) => availability(priority, 'degraded'));
  const total = Math.min(100, sum(health) + sum(degradedHealth));
  const healthy = spread(health, 100, total);
  const degraded = spread(degradedHealth, healthy.rest, total);
  if (degraded.rest > 0 && total > 0) {
    const target = healthy.first >= 0 ? healthy : degraded;
    target.loads[target.first] = (target.loads[target.first] ?? 0) + degraded.rest;
  }
  return withPanic(priorities, { panicThreshold, total, health, healthy: healthy.loads, degraded: degraded.loads });
}

interface LoadsBeforePanic {
  readonly panicThreshold: number;
  readonly total: number;
  readonly health: readonly number[];
  readonly healthy: readonly number[];
  readonly degraded: readonly number[];
}

/** recalculatePerPriorityPanic: never panics where the availability adds up to 100. */
function withPanic(
  priorities: readonly PriorityState[],
  { panicThreshold, total, health, healthy, degraded }: LoadsBeforePanic,
): PriorityLoads {
  const none = priorities.map(() => 0);
  const threshold = Math.min(100, panicThreshold);
  if (threshold === 0 && total === 0)
    return {
      healthy: none.map((_, index) => (index === 0 ? 100 : 0)),
      degraded: none,
      panics: priorities.map(() => false),
      isTotalPanic: false,
      health,
    };
  const panics = priorities.map((priority) => total !== 100 && usablePercent(priority.hosts) < threshold);
  if (!panics.every(Boolean)) return { healthy, degraded, panics, isTotalPanic: false, health };
  return { healthy: loadsByCount(priorities), degraded: none, panics, isTotalPanic: true, health };
}

/** recalculateLoadInTotalPanic: by the number of hosts, whatever their health; the rest to the first priority that has any. */
function loadsByCount(priorities: readonly PriorityState[]): number[] {
  const all = sum(priorities.map(({ hosts }) => hosts.length));
  if (all === 0) return priorities.map((_, index) => (index === 0 ? 100 : 0));
  const loads = priorities.map(({ hosts }) => Math.floor((100 * hosts.length) / all));
  const first = priorities.findIndex(({ hosts }) => hosts.length > 0);
  loads[first] = (loads[first] ?? 0) + 100 - sum(loads);
  return loads;
}

/** Share of hosts in that state, times the overprovisioning factor, at most 100. Draining hosts do not count. */
function availability({ hosts, overprovisioning, weighted }: PriorityState, state: Host['state']): number {
  const counted = hosts.filter(({ isExcluded }) => !isExcluded);
  const size = (some: readonly Host[]): number => (weighted ? sum(some.map(({ weight }) => weight)) : some.length);
  const all = size(counted);
  return all === 0 ? 0 : Math.min(100, Math.floor((overprovisioning * size(counted.filter((host) => host.state === state))) / all));
}

function usablePercent(hosts: readonly Host[]): number {
  const counted = hosts.filter(({ isExcluded }) => !isExcluded);
  return counted.length === 0 ? 0 : (100 * counted.filter(({ state }) => state !== 'unhealthy').length) / counted.length;
}

/** distributeLoad: in order of priority, each takes its share of what is left. */
function spread(shares: readonly number[], load: number, total: number): { loads: number[]; rest: number; first: number } {
  let rest = load;
  const loads = shares.map((share) => {
    const taken = total === 0 ? 0 : Math.min(rest, Math.floor((share * 100) / total));
    rest -= taken;
    return taken;
  });
  return { loads, rest, first: shares.findIndex((share) => share > 0) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
