/** What a Rust ztunnel knows, as values: workloads, services and policies (istio/ztunnel: src/state). */
import type { ConfigNode } from '../../schema/configNode';
import type { CidrRange } from '../address';
import type { ZtunnelSection } from './ztunnelDump';

/** `network/ip` or `namespace/hostname`, as ztunnel writes addresses. */
export type ZtunnelDestination =
  | { readonly kind: 'address'; readonly network: string; readonly ip: string }
  | { readonly kind: 'hostname'; readonly namespace: string; readonly hostname: string };

/** Where a waypoint or a gateway of another network stands. */
export interface GatewayAddress {
  readonly destination: ZtunnelDestination;
  /** HBONE port. Example: 15008 */
  readonly port: number;
  readonly node: ConfigNode;
}

export interface ZtunnelWorkload {
  readonly node: ConfigNode;
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly ips: readonly string[];
  readonly network: string;
  readonly hostname: string;
  /** What the workload's side understands. */
  readonly protocol: 'HBONE' | 'TCP';
  /** Example: `spiffe://cluster.local/ns/default/sa/sleep` */
  readonly identity: string;
  readonly serviceAccount: string;
  readonly kubernetesNode: string;
  readonly clusterId: string;
  readonly locality: { readonly region: string; readonly zone: string; readonly subzone: string };
  readonly waypoint: GatewayAddress | undefined;
  readonly networkGateway: GatewayAddress | undefined;
  readonly applicationTunnel: { readonly protocol: string; readonly port: number | undefined } | undefined;
  /** `namespace/name` */
  readonly authorizationPolicies: readonly string[];
  readonly capacity: number;
  readonly isHealthy: boolean;
  /** In the network of its Kubernetes node: its IP is the node's, and stands for nobody. */
  readonly isHostNetwork: boolean;
  /** It speaks HBONE itself, without the ztunnel of its node. Older dumps say so of every HBONE workload. */
  readonly isNativeTunnel: boolean;
}

export interface ZtunnelEndpoint {
  readonly node: ConfigNode;
  readonly workloadUid: string;
  /** Service port → target port, where the endpoint has its own. */
  readonly ports: ReadonlyMap<number, number>;
  readonly isHealthy: boolean;
}

export interface ZtunnelService {
  readonly node: ConfigNode;
  readonly name: string;
  readonly namespace: string;
  readonly hostname: string;
  readonly vips: readonly { readonly network: string; readonly ip: string }[];
  readonly ports: ReadonlyMap<number, number>;
  readonly endpoints: readonly ZtunnelEndpoint[];
  readonly subjectAltNames: readonly string[];
  readonly waypoint: GatewayAddress | undefined;
  readonly weightedWaypoints: readonly { readonly gateway: GatewayAddress; readonly weight: number }[];
  readonly loadBalancer: { readonly mode: string; readonly routingPreferences: readonly string[] } | undefined;
  /** To be preferred where several services share a name or an address. */
  readonly isCanonical: boolean;
  /** Only clients of its own namespace see it. */
  readonly isPrivate: boolean;
  /** The families of addresses that it allows; undefined: any. */
  readonly ipFamilies: 'IPv4' | 'IPv6' | undefined;
}

export interface ZtunnelPolicy {
  readonly node: ConfigNode;
  readonly name: string;
  readonly namespace: string;
  readonly scope: string;
  readonly action: 'Allow' | 'Deny';
  readonly dryRun: boolean;
  /** Any rule; all its clauses; any match of a clause. */
  readonly rules: readonly (readonly (readonly ConfigNode[])[])[];
}

export interface ZtunnelModel {
  readonly workloads: readonly ZtunnelWorkload[];
  readonly services: readonly ZtunnelService[];
  readonly policies: readonly ZtunnelPolicy[];
  /** The ztunnel's own network; '' where the dump does not tell. */
  readonly network: string;
  /** The cluster that it belongs to; '' where the dump does not tell. */
  readonly clusterId: string;
  /** The Kubernetes node that it serves; undefined where the dump does not tell. */
  readonly kubernetesNode: string | undefined;
  /** A workload's own tunnel is reached on the loopback (`localhostAppTunnel`; ztunnels that do not know the setting use the workload's address). */
  readonly usesLoopbackTunnel: boolean;
  /** Connections to services go through the waypoints of workloads, too, and workloads take none that come past theirs: Istio up to 1.21. */
  readonly knowsWorkloadWaypointsOnly: boolean;
  readonly workloadsByIp: ReadonlyMap<string, readonly ZtunnelWorkload[]>;
  readonly workloadsByUid: ReadonlyMap<string, ZtunnelWorkload>;
  readonly servicesByVip: ReadonlyMap<string, readonly ZtunnelService[]>;
  /** By identity: why the ztunnel has no certificate for it, in its own words. */
  readonly missingCertificates: ReadonlyMap<string, string>;
  /** Services that own whole ranges. */
  readonly servicesByRange: readonly { readonly range: CidrRange; readonly network: string; readonly service: ZtunnelService }[];
  /** Lists of which the files have none. */
  readonly missing: readonly ZtunnelSection[];
}
