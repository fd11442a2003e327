/** A mesh of the lab: proxies in their places, and the requests that pass through them. */
import type { TraceRequest } from '../../../server/src/protocol/trace';
import type { JsonObject } from '../labCase';
import type { PlaceName } from './places/meshPlaces';

export interface MeshCase {
  /** Example: `ingress` */
  readonly area: string;
  readonly proxies: readonly MeshProxy[];
  readonly requests: readonly MeshRequest[];
}

export interface MeshProxy {
  readonly place: PlaceName;
  readonly node: MeshNode;
  readonly listeners: readonly JsonObject[];
  readonly clusters: readonly JsonObject[];
  /** Secrets by name: the identity of a leaf of the lab, or its CA. */
  readonly secrets: readonly MeshSecret[];
  /** Route configurations that connection managers ask for by RDS. */
  readonly routes?: readonly JsonObject[];
  /** Assignments of clusters of type EDS. */
  readonly endpoints?: readonly JsonObject[];
  /** Listeners and clusters come by xDS, not with the bootstrap. */
  readonly dynamic: boolean;
}

export interface MeshNode {
  /** Example: `router~10.4.0.2~gateway-0.istio-system~istio-system.svc.cluster.local` */
  readonly id: string;
  readonly cluster: string;
  readonly metadata: JsonObject;
}

export interface MeshSecret {
  readonly name: string;
  /** A SPIFFE id or a DNS name; undefined: the CA. */
  readonly identity?: string;
}

export interface MeshRequest {
  readonly from: PlaceName | 'outside';
  readonly request: TraceRequest;
  readonly repeat: number;
}
