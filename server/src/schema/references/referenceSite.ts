/** What a place in the API that names something is: the vocabulary of the tables of sites. */

/** What is named. */
export type ReferenceKind =
  | 'cluster'
  | 'listener'
  /** Resolved among listeners with `internal_listener`. */
  | 'internal_listener'
  | 'route_configuration'
  | 'thrift_route_configuration'
  | 'dubbo_route_configuration'
  | 'generic_route_configuration'
  | 'scoped_routes'
  | 'virtual_host'
  | 'route'
  | 'endpoints'
  | 'endpoint_name'
  | 'filter_chain'
  | 'filter_chain_collection'
  | 'named_filter_chain'
  | 'http_filter'
  | 'extension_config'
  | 'cluster_specifier_plugin'
  | 'secret'
  | 'certificate_provider'
  | 'transport_socket_match'
  | 'jwt_provider'
  | 'jwt_requirement'
  | 'lua_source'
  | 'api_key_client'
  /** A filter of a generic proxy. */
  | 'generic_filter'
  | 'rate_limit_stage'
  | 'virtual_cluster'
  | 'dns_cache'
  | 'alternate_protocols_cache'
  /** Filters for connections that share one bucket have its key. */
  | 'token_bucket'
  /** A key of the entries that actions make and limits ask for. */
  | 'rate_limit_descriptor'
  | 'kafka_cluster'
  | 'resource_monitor'
  | 'runtime'
  | 'runtime_layer'
  | 'header'
  /** `name` is the first key, `qualifier` the namespace. */
  | 'metadata'
  | 'metadata_namespace'
  /** The key of an object of the stream's filter state. */
  | 'filter_state'
  /** A key of endpoint metadata; `qualifier` is the namespace. */
  | 'endpoint_metadata'
  /** xDS authorities and collections (xdstp). */
  | 'authority'
  | 'collection'
  /** A resource of Istio in the workspace: a path, or the name of a generated policy. */
  | 'istio_config';

/** Where equal names mean the same thing. Within a proxy, the nearest enclosing resource of the scope counts. */
export type ReferenceScope =
  | 'proxy'
  | 'listener'
  | 'http_connection_manager'
  | 'jwt_authentication'
  | 'generic_proxy'
  | 'route_configuration'
  | 'cluster'
  | 'load_assignment'
  | 'kafka_mesh'
  | 'workspace';

export interface ReferenceSite {
  /** Its place among all sites: what columns of names hold. */
  readonly number: number;
  /** Example: `envoy.config.route.v3.RouteAction`. */
  readonly message: string;
  /** Proto name. Example: `cluster`. */
  readonly field: string;
  readonly kind: ReferenceKind;
  /** `shared`: no side defines it, equal names must mean one thing. `use` and `set`: of headers and metadata, where order decides. */
  readonly role: 'reference' | 'definition' | 'shared' | 'use' | 'set';
  readonly scope: ReferenceScope;
  /** `key`: the names are the keys of the map. `sibling`: the name stands in another field of the message, at `path`. */
  readonly place: 'value' | 'key' | 'sibling';
  /** Fields to follow from the value (from the message for `sibling`) to the name; [] where it stands right there. */
  readonly path: readonly string[];
  /** Nothing is named here where this field of the value is set. */
  readonly unless?: string;
  /** Field of the same message that holds the namespace of a metadata key. */
  readonly qualifierField?: string;
  /** The namespace itself, where it is fixed or the field is unset. */
  readonly qualifier?: string;
  /** The value names a request header; what that header holds at run time is the name. */
  readonly dynamic?: boolean;
  /** The name only decides whether something applies: nothing is looked up. */
  readonly condition?: boolean;
  /** The name stands in what is itself named: a cluster's endpoints. */
  readonly back?: boolean;
  /** Path from the message to the ConfigSource that delivers what is named; where that is set, the target may come later. */
  readonly delivery?: readonly string[];
  /** Never in the configuration itself: delivered by xDS whenever, known to the other end only, or a file of the workspace. */
  readonly external?: 'xds' | 'peer' | 'workspace';
  /** Names not of this shape are none. */
  readonly shape?: RegExp;
}

type SiteOptions = Partial<Omit<ReferenceSite, 'number' | 'message' | 'field' | 'kind'>>;

const sites: ReferenceSite[] = [];

/** One row of a table; `fullField` as in `envoy.config.route.v3.RouteAction.cluster`. */
export function site(fullField: string, kind: ReferenceKind, options: SiteOptions = {}): ReferenceSite {
  const dot = fullField.lastIndexOf('.');
  const made: ReferenceSite = {
    number: sites.length,
    message: fullField.slice(0, dot),
    field: fullField.slice(dot + 1),
    kind,
    role: 'reference',
    scope: 'proxy',
    place: 'value',
    path: [],
    ...options,
  };
  sites.push(made);
  return made;
}

export function siteOfNumber(number: number): ReferenceSite {
  const found = sites[number];
  if (!found) throw new Error(`no site has the number ${number}`);
  return found;
}

/** Names there refer to something. */
export function isReferenceSite({ role }: ReferenceSite): boolean {
  return role === 'reference' || role === 'use' || role === 'shared';
}

/** How many sites there are. */
export function siteCount(): number {
  return sites.length;
}

/** A row that defines names. */
export function definition(fullField: string, kind: ReferenceKind, options: SiteOptions = {}): ReferenceSite {
  return site(fullField, kind, { role: 'definition', ...options });
}
