/** The places of the lab's world: each a network namespace of its own, as a pod or a node is. What is no place's address is the world outside. */

/** `gateway`: nothing is intercepted; `pod`: Istio's rules for a sidecar; `node`: pods of an ambient node, whose traffic the node's proxy takes. */
export type PlaceKind = 'gateway' | 'pod' | 'node';

export interface MeshPlace {
  readonly name: string;
  readonly kind: PlaceKind;
  /** The proxy's own address first; of a node then those of its pods. */
  readonly ips: readonly [string, ...string[]];
  /** Its IPv6 address; a node has none for its pods. */
  readonly ip6: string;
}

export const PLACES = {
  gateway: { name: 'gateway', kind: 'gateway', ips: ['10.4.0.2'], ip6: 'fd00:4::2' },
  second: { name: 'second', kind: 'gateway', ips: ['10.4.0.3'], ip6: 'fd00:4::3' },
  waypoint: { name: 'waypoint', kind: 'gateway', ips: ['10.4.3.1'], ip6: 'fd00:4:3::1' },
  pod1: { name: 'pod1', kind: 'pod', ips: ['10.4.1.1'], ip6: 'fd00:4:1::1' },
  pod2: { name: 'pod2', kind: 'pod', ips: ['10.4.1.2'], ip6: 'fd00:4:1::2' },
  pod3: { name: 'pod3', kind: 'pod', ips: ['10.4.1.3'], ip6: 'fd00:4:1::3' },
  node1: { name: 'node1', kind: 'node', ips: ['10.4.8.1', '10.4.8.11', '10.4.8.12'], ip6: 'fd00:4:8::1' },
  node2: { name: 'node2', kind: 'node', ips: ['10.4.9.1', '10.4.9.11', '10.4.9.12'], ip6: 'fd00:4:9::1' },
} as const satisfies Readonly<Record<string, MeshPlace>>;

export type PlaceName = keyof typeof PLACES;

/** Where applications listen, in every place and outside. */
export const APPLICATION_PORTS: readonly number[] = [9080, 9081, 9082];

/** Outside also: what nobody's dump shows, the internet and other nodes' HBONE. */
export const OUTSIDE_PORTS: readonly number[] = [...APPLICATION_PORTS, 80, 443, 15008];
