/** How often a proxy's files name a cluster. */
import type { Snapshot } from '../index/buildSnapshot';
import type { ProxyScope } from '../index/proxyScope';
import type { ScopeNames } from '../index/scopeNames';

const counted = new WeakMap<ScopeNames, Map<string, number>>();

/** Its own endpoints do not count. Counted once for each state of the files: every sidecar's cluster names the SDS cluster. */
export function countUsesOfCluster(snapshot: Snapshot, proxy: ProxyScope, name: string): number {
  const names = snapshot.namesOf(proxy);
  let counts = counted.get(names);
  if (!counts) counted.set(names, (counts = new Map<string, number>()));
  let count = counts.get(name);
  if (count === undefined) counts.set(name, (count = names.uses('cluster', name).filter(({ site }) => !site.back).length));
  return count;
}
