/** A host of a cluster, as the load balancer sees it. */
import type { EndpointHealth } from '../../../protocol/trace';
import { formatAddress, readAddress, type Address } from '../../../model/address';
import { HEALTH_STATUSES } from '../../../model/loadAssignment';
import type { ConfigNode } from '../../../schema/configNode';

export interface Host {
  readonly address: Address;
  /** The contract's spelling. Example: `10.4.0.5:9080` */
  readonly text: string;
  readonly node: ConfigNode;
  readonly hostname: string;
  /** At least 1. */
  readonly weight: number;
  /** As the file says it; undefined where nothing is said. */
  readonly health: EndpointHealth | undefined;
  /** Envoy's coarse health: upstream_impl.h, Host::coarseHealth. */
  readonly state: 'healthy' | 'degraded' | 'unhealthy';
  /** Draining: counts in no percentage. */
  readonly isExcluded: boolean;
  readonly locality: HostLocality;
  /** `core.v3.Metadata` of the endpoint. */
  readonly metadata: ConfigNode | undefined;
}

export interface HostLocality {
  /** `region/zone/sub_zone`; '' where the file gives none. */
  readonly name: string;
  /** undefined: none given, or the `locality` message is missing so that Envoy does not look at it. */
  readonly weight: number | undefined;
  readonly node: ConfigNode;
  /** `core.v3.Metadata` of the locality. */
  readonly metadata: ConfigNode | undefined;
}

/** Reads `endpoint.v3.LbEndpoint`; undefined where it has no address. */
export function readHost(node: ConfigNode, locality: HostLocality): Host | undefined {
  const endpoint = node.get('endpoint');
  const address = readAddress(endpoint?.get('address'));
  if (!address) return undefined;
  const health = node.has('health_status') ? node.enumValue('health_status', HEALTH_STATUSES) : undefined;
  return {
    address,
    text: formatAddress(address),
    node,
    hostname: endpoint?.string('hostname') ?? '',
    weight: Math.max(1, node.number('load_balancing_weight') ?? 1),
    health,
    ...coarseHealth(health),
    locality,
    metadata: node.get('metadata'),
  };
}

/** EDS health to the load balancer's buckets; UNKNOWN and nothing at all count as healthy (upstream_impl.cc). */
export function coarseHealth(health: EndpointHealth | undefined): Pick<Host, 'state' | 'isExcluded'> {
  switch (health) {
    case 'UNHEALTHY':
    case 'TIMEOUT':
      return { state: 'unhealthy', isExcluded: false };
    case 'DRAINING':
      return { state: 'unhealthy', isExcluded: true };
    case 'DEGRADED':
      return { state: 'degraded', isExcluded: false };
    case 'HEALTHY':
    case 'UNKNOWN':
    case undefined:
      return { state: 'healthy', isExcluded: false };
  }
}

/** The list of a priority, which is made where it is not there yet; a gap is an empty list. Envoy knows 0 to 128. */
export function hostsOfPriority(priorities: Host[][], given: number | undefined): Host[] {
  const priority = Math.min(128, Math.max(0, given ?? 0));
  while (priorities.length <= priority) priorities.push([]);
  return priorities[priority] ?? [];
}

/** Reads what `endpoint.v3.LocalityLbEndpoints` says of its locality. */
export function readLocality(group: ConfigNode): HostLocality {
  const locality = group.get('locality');
  const parts = [locality?.string('region') ?? '', locality?.string('zone') ?? '', locality?.string('sub_zone') ?? ''];
  while (parts.length > 0 && parts[parts.length - 1] === '') parts.pop();
  return {
    name: parts.join('/'),
    weight: locality ? group.number('load_balancing_weight') : undefined,
    node: group,
    metadata: group.get('metadata'),
  };
}
