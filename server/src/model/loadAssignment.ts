/** A `ClusterLoadAssignment` read once: localities with their endpoints, in file order. */
import type { EndpointHealth } from '../protocol/trace';
import { ConfigNode, findField, memoizeByNode } from '../schema/configNode';
import { NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../syntax/tree/syntaxTree';
import { labelOfAddress, readAddress, type Address } from './address';

export interface Endpoint {
  /** The `LbEndpoint`. */
  readonly node: ConfigNode;
  readonly address: Address | undefined;
  readonly hostname: string;
  readonly health: EndpointHealth;
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

/** `core.v3.HealthStatus` by number. */
export const HEALTH_STATUSES = ['UNKNOWN', 'HEALTHY', 'UNHEALTHY', 'DRAINING', 'TIMEOUT', 'DEGRADED'] as const;

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
    health: readHealth(node),
    weight: node.number('load_balancing_weight') ?? 1,
    metadata: node.get('metadata'),
  };
}

/** Of an `LbEndpoint`. */
export function readHealth(endpoint: ConfigNode): EndpointHealth {
  const { tree, id } = endpoint;
  const status = findField(tree, id, 'health_status');
  if (status === NO_NODE) return 'UNKNOWN';
  if (tree.isString(status, 'HEALTHY')) return 'HEALTHY';
  return endpoint.enumValue('health_status', HEALTH_STATUSES) ?? 'UNKNOWN';
}

/** The address of an `LbEndpoint` as a person reads it. Outlines have tens of thousands: nothing is made of those that stand there as they are read. */
export function labelOfEndpoint({ tree, id }: ConfigNode): string {
  const address = findField(tree, findField(tree, id, 'endpoint'), 'address');
  const socket = findField(tree, address, 'socket_address');
  const host = tree.scalar(findField(tree, socket, 'address'));
  const port = tree.scalar(findField(tree, socket, 'port_value'));
  if (typeof host === 'string' && !host.includes(':') && typeof port === 'number') return `${host}:${port}`;
  const read = address === NO_NODE ? undefined : readAddress(new ConfigNode(tree, address));
  return read ? labelOfAddress(read) : 'no address';
}

/** The `LbEndpoint`s of all localities, in file order: for outlines of thousands of load assignments, which nobody reads further. */
export function eachEndpoint({ tree, id }: ConfigNode, visit: (endpoint: NodeId) => void): void {
  eachItem(tree, findField(tree, id, 'endpoints'), (locality) => {
    eachItem(tree, findField(tree, locality, 'lb_endpoints'), visit);
  });
}

/** A single value counts as a list of one, as `ConfigNode.list` has it. */
function eachItem(tree: SyntaxTree, list: NodeId, visit: (item: NodeId) => void): void {
  if (list === NO_NODE) return;
  if (tree.kind(list) !== NodeKind.array) {
    visit(list);
    return;
  }
  for (let item = tree.firstChild(list); item !== NO_NODE; item = tree.nextSibling(item)) visit(item);
}

export function countEndpoints(assignment: ConfigNode): number {
  let count = 0;
  eachEndpoint(assignment, () => count++);
  return count;
}

/** The endpoints of all localities, in file order. */
export function endpointsOf(assignment: ConfigNode): Endpoint[] {
  return readLoadAssignment(assignment).flatMap(({ endpoints }) => endpoints);
}

/** An endpoint, or what is left of it where only its health counts. */
interface OfHealth {
  readonly health: string;
}

/** Whether anybody says how it is: what is written by hand, or in a cluster of a dump, has not been checked. */
export function isHealthTold({ health }: OfHealth): boolean {
  return health !== 'UNKNOWN';
}

/** How many are healthy; undefined where nobody says how any is. */
export function countHealthy(endpoints: readonly OfHealth[]): number | undefined {
  return endpoints.some(isHealthTold) ? endpoints.filter(isHealthy).length : undefined;
}

/** EDS UNKNOWN counts as healthy. */
export function isHealthy({ health }: OfHealth): boolean {
  return health === 'HEALTHY' || health === 'UNKNOWN';
}
