/** How often a proxy's files name a cluster. */
import type { ProxyScope } from '../../index/proxyScope';
import type { ScopeNames } from '../../index/names/scopeNames';
import { getOrMake } from '../../text/getOrMake';
import { memoizeByObject } from '../../text/memoizeByObject';
import type { Snapshot } from '../../index/snapshot';

/** Its own endpoints do not count. Counted once for each state of the files: every sidecar's cluster names the SDS cluster. */
export function countUsesOfCluster(snapshot: Snapshot, proxy: ProxyScope, name: string): number {
  const names = snapshot.namesOf(proxy);
  return getOrMake(countsOf(names), name, () => names.uses('cluster', name).filter(({ site }) => !site.back).length);
}

const countsOf = memoizeByObject((_names: ScopeNames) => new Map<string, number>());
