/** Locality-weighted balancing (Envoy: load_balancing_policies/wrr_locality, source/common/upstream/locality_wrr.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { Host } from '../discovery/host';

export interface LocalityShare {
  readonly name: string;
  /** 0..1 */
  readonly share: number;
  /** The eligible ones. */
  readonly hosts: readonly Host[];
  readonly node: ConfigNode;
}

/** weight × min(1, overprovisioning × eligible / counted). [] where no locality has a weight: then localities do not matter. */
export function localityShares(
  all: readonly Host[],
  eligible: readonly Host[],
  { overprovisioning, original }: { overprovisioning: number; original?: readonly Host[] | undefined },
): LocalityShare[] {
  const weights = localityWeights(all, original);
  const groups = new Map<string, { node: ConfigNode; counted: number; hosts: Host[] }>();
  for (const { locality, isExcluded } of all) {
    const group = groups.get(locality.name) ?? { node: locality.node, counted: 0, hosts: [] };
    groups.set(locality.name, group);
    if (!isExcluded) group.counted++;
  }
  for (const host of eligible) groups.get(host.locality.name)?.hosts.push(host);
  const effective = [...groups].flatMap(([name, { node, counted, hosts }]) => {
    const ratio = counted === 0 ? 0 : Math.min(1, ((overprovisioning / 100) * hosts.length) / counted);
    const weight = (weights.get(name) ?? 0) * ratio;
    return weight > 0 ? [{ name, node, hosts, weight }] : [];
  });
  const total = effective.reduce((sum, { weight }) => sum + weight, 0);
  return effective.map(({ name, node, hosts, weight }) => ({ name, node, hosts, share: weight / total }));
}

/**
 * Rings and tables have no hosts of localities without a weight, even in panic, whatever part of their hosts is healthy
 * (thread_aware_lb_impl.cc, normalizeLocalityWeights).
 */
export function hostsWithLocalityWeight(all: readonly Host[], usable: readonly Host[], original?: readonly Host[]): readonly Host[] {
  const weights = localityWeights(all, original);
  return usable.filter(({ locality }) => (weights.get(locality.name) ?? 0) > 0);
}

/** By locality; with `original` the share that a subset has of it. */
function localityWeights(all: readonly Host[], original: readonly Host[] | undefined): Map<string, number> {
  const weights = new Map<string, number>();
  const scale = original && scales(all, original);
  for (const { locality } of all) {
    const weight = locality.weight ?? 0;
    const scaled = scale ? Math.round(weight * (scale.get(locality.name) ?? 0)) : weight;
    weights.set(locality.name, Math.max(weights.get(locality.name) ?? 0, scaled));
  }
  return weights;
}

/** By locality: which part of its hosts a subset has (subset_lb.cc, determineLocalityWeights). */
function scales(all: readonly Host[], original: readonly Host[]): Map<string, number> {
  const own = countByLocality(all);
  return new Map([...countByLocality(original)].map(([name, count]) => [name, (own.get(name) ?? 0) / count]));
}

function countByLocality(hosts: readonly Host[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { locality } of hosts) counts.set(locality.name, (counts.get(locality.name) ?? 0) + 1);
  return counts;
}
