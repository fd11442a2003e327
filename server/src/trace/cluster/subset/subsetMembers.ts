/** Which hosts a subset has (Envoy: subset_lb.cc, extractSubsetMetadata; source/common/config/metadata.cc, metadataLabelMatch). */
import { sameValue } from '../../facts/sameValue';
import type { HostPool } from '../balancing/hostPool';
import type { Host } from '../discovery/host';
import type { Criteria, Selector, SubsetConfig } from './subsetConfig';

/** The hosts that some selector puts into the subset, and the selector that did so first. */
export function findSubset(
  pool: HostPool,
  { selectors, listAsAny }: SubsetConfig,
  wanted: Criteria,
): { readonly pool: HostPool; readonly selector: Selector } | undefined {
  const names = Object.keys(wanted).sort();
  const selectorOf = (host: Host): Selector | undefined =>
    selectors.find((selector) => sameKeys(keysThatCount(host, selector, listAsAny), names));
  let first: Selector | undefined;
  const members = narrow(pool, (host) => {
    if (!fits(host, wanted, listAsAny)) return false;
    const selector = selectorOf(host);
    first ??= selector;
    return selector !== undefined;
  });
  return first && { pool: members, selector: first };
}

/** The hosts for which the test holds. */
export function narrow(pool: HostPool, test: (host: Host) => boolean): HostPool {
  return { ...pool, priorities: pool.priorities.map((hosts) => hosts.filter(test)) };
}

/** Every key has that value in the host's `envoy.lb` metadata; a list counts item by item with `list_as_any`. */
export function fits(host: Host, wanted: Criteria, listAsAny: boolean): boolean {
  return Object.entries(wanted).every(([key, value]) => {
    const own = valueOf(host, key);
    if (own === undefined) return false;
    return listAsAny && Array.isArray(own) ? own.some((item) => sameValue(item, value)) : sameValue(own, value);
  });
}

/** Of the selector's keys those after the last for which the host has an empty list: Envoy begins anew there. A host must have them all. */
function keysThatCount(host: Host, { keys }: Selector, listAsAny: boolean): readonly string[] {
  const values = keys.map((key) => valueOf(host, key));
  if (values.includes(undefined)) return [];
  return listAsAny ? keys.slice(values.findLastIndex((value) => Array.isArray(value) && value.length === 0) + 1) : keys;
}

function valueOf(host: Host, key: string): unknown {
  return host.metadata?.get('filter_metadata')?.entry('envoy.lb')?.entry(key)?.toValue();
}

/** Both are sorted. */
export function sameKeys(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index]);
}
