/** What a resource is: a named message of the configuration, with where it came from and whether it takes traffic. */
import type { ConfigNode } from '../../schema/configNode';

export type ResourceKind =
  | 'listener'
  | 'cluster'
  | 'route_configuration'
  | 'scoped_route_configuration'
  | 'virtual_host'
  | 'load_assignment'
  | 'secret'
  | 'extension_config'
  | 'runtime'
  | 'cluster_status'
  | 'bootstrap'
  | 'istio_resource'
  /** A message that is no resource by itself: a pasted route, a filter, the value of a patch. */
  | 'fragment';

/**
 * `static`: from the bootstrap; `active`: delivered and in use; `warming`, `draining`: not (any more) for new connections;
 * `error`: refused by Envoy, never used; `plain`: a file that does not tell (hand-written, istioctl list, filesystem xDS).
 */
export type ResourceState = 'static' | 'active' | 'warming' | 'draining' | 'error' | 'plain';

export interface Resource {
  readonly kind: ResourceKind;
  /** Example: `outbound|9080||reviews.default.svc.cluster.local`; '' where the file gives none. */
  readonly name: string;
  readonly state: ResourceState;
  /** The message itself. */
  readonly node: ConfigNode;
  /** What wraps it in a dump (`version_info`, `last_updated`, `error_state` …); the message itself where nothing does. */
  readonly entry: ConfigNode;
  /** Of a scoped route configuration: the name of its set (`HCM.scoped_routes.name`). */
  readonly set?: string;
  /** Of a fragment: the full name of its message. */
  readonly message?: string;
}

/** Only these take new connections and requests. */
export function takesTraffic(resource: Pick<Resource, 'state'>): boolean {
  return resource.state === 'static' || resource.state === 'active' || resource.state === 'plain';
}
