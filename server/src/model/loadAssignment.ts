/** A `ClusterLoadAssignment` read once: localities with their endpoints, in file order. */
import { memoizeByNode, type ConfigNode } from '../schema/configNode';
import { readAddress, type Address } from './address';

export type HealthStatus = 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY' | 'DRAINING' | 'TIMEOUT' | 'DEGRADED';

export interface Endpoint {
  /** The `LbEndpoint`. */
  readonly node: ConfigNode;
  readonly address: Address | undefined;
  readonly hostname: string;
  readonly health: HealthStatus;
  /** `load_balancing_weight`, 1 when unset. */
  readonly weight: number;
  readonly metadata: ConfigNode | undefined;
}

export interface LocalityEndpoints {
  /** The `LocalityLbEndpoints`. */
  readonly node: ConfigNode;
  readonly priority: number;
  /** `load_balancing_weight` of the locality; undefined when unset. */
  readonly weight: number | undefined;
  /** Example: `us-west2/us-west2-a`; '' when empty. */
  readonly locality: string;
  /** The `locality` message is there (its weight counts only then; Envoy: source/common/upstream/upstream_impl.cc). */
  readonly hasLocality: boolean;
  readonly endpoints: readonly Endpoint[];
}

/** Numbers of `core.v3.HealthStatus`, for files that print enums as numbers. */
const HEALTH: readonly HealthStatus[] = ['UNKNOWN', 'HEALTHY', 'UNHEALTHY', 'DRAINING', 'TIMEOUT', 'DEGRADED'];

/** Reads a `ClusterLoadAssignment`, one of a dump or one inline in a cluster. */
export const readLoadAssignment: (node: ConfigNode) => readonly LocalityEndpoints[] = memoizeByNode((node) =>
  node.list('endpoints').map(readLocality),
);

function readLocality(node: ConfigNode): LocalityEndpoints {
  const locality = node.get('locality');
  const parts = [locality?.string('region'), locality?.string('zone'), locality?.string('sub_zone')].filter((part) => part);
  return {
    node,
    priority: node.number('priority') ?? 0,
    weight: node.number('load_balancing_weight'),
    locality: parts.join('/'),
    hasLocality: locality !== undefined,
    endpoints: node.list('lb_endpoints').map(readEndpoint),
  };
}

function readEndpoint(node: ConfigNode): Endpoint {
  const endpoint = node.get('endpoint');
  return {
    node,
    address: readAddress(endpoint?.get('address')),
    hostname: endpoint?.string('hostname') ?? '',
    health: readHealth(node.get('health_status')),
    weight: node.number('load_balancing_weight') ?? 1,
    metadata: node.get('metadata'),
  };
}

function readHealth(node: ConfigNode | undefined): HealthStatus {
  const text = node?.asString() ?? 'UNKNOWN';
  return HEALTH.find((each, index) => each === text || String(index) === text) ?? 'UNKNOWN';
}

/** The endpoints of all localities, in file order. */
export function endpointsOf(assignment: ConfigNode): Endpoint[] {
  return readLoadAssignment(assignment).flatMap(({ endpoints }) => endpoints);
}

/** EDS UNKNOWN counts as healthy. */
export function isHealthy({ health }: Endpoint): boolean {
  return health === 'HEALTHY' || health === 'UNKNOWN';
}
