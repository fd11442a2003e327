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
export function localityShares(all: readonly Host[], eligible: readonly Host[], overprovisioning: number): LocalityShare[] {
  const groups = new Map<string, { node: ConfigNode; weight: number; counted: number; hosts: Host[] }>();
  for (const { locality, isExcluded } of all) {
    const group = groups.get(locality.name) ?? { node: locality.node, weight: 0, counted: 0, hosts: [] };
    groups.set(locality.name, group);
    group.weight = Math.max(group.weight, locality.weight ?? 0);
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
