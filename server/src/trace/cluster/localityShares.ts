/** Locality-weighted balancing (Envoy: load_balancing_policies/wrr_locality, source/common/upstream/locality_wrr.cc). */
import type { ConfigNode } from '../../schema/configNode';
import type { Host } from './host';

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
  const groups = new Map<string, { node: ConfigNode; weight: number; counted: number; hosts: Host[] }>();
  const scale = original && scales(all, original);
  for (const { locality, isExcluded } of all) {
    const group = groups.get(locality.name) ?? { node: locality.node, weight: 0, counted: 0, hosts: [] };
    groups.set(locality.name, group);
    const weight = locality.weight ?? 0;
    group.weight = Math.max(group.weight, scale ? Math.round(weight * (scale.get(locality.name) ?? 0)) : weight);
    if (!isExcluded) group.counted++;
  }
  for (const host of eligible) groups.get(host.locality.name)?.hosts.push(host);
  const effective = [...groups].flatMap(([name, { node, weight, counted, hosts }]) => {
    const ratio = counted === 0 ? 0 : Math.min(1, ((overprovisioning / 100) * hosts.length) / counted);
    return weight * ratio > 0 ? [{ name, node, hosts, weight: weight * ratio }] : [];
  });
  const total = effective.reduce((sum, { weight }) => sum + weight, 0);
  return effective.map(({ name, node, hosts, weight }) => ({ name, node, hosts, share: weight / total }));
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
