/** What a name refers to: looked up in its own proxy, by the rules of its kind. */
import { takesTraffic, type Resource, type ResourceKind } from '../../model/resources/resource';
import { indexesOfKind } from '../../model/resources/indexesByKind';
import { ConfigNode, findField } from '../../schema/configNode';
import type { ReferenceKind, ReferenceSite } from '../../schema/references/referenceSite';
import { NO_NODE } from '../../syntax/tree/syntaxTree';
import { definitionsOf, namedMessage, NEVER_MISSING } from './definitionsOf';
import type { NamedPlace } from '../names/documentNames';
import { scopedRoutesOf, virtualHostsOf } from './broughtSets';
import { isSourceGiven, readConfigSource } from '../configSource';
import { fileNameOf } from '../../text/uriParts';
import { endpointsNameOf, type ProxyScope } from '../proxyScope';
import { getOrMake } from '../../text/getOrMake';
import { memoizeByObject } from '../../text/memoizeByObject';
import type { Snapshot } from '../snapshot';

/** `external`: delivered by xDS, an agent or a file that is not open; `unchecked`: the files cannot tell. */
export type LinkStatus = 'resolved' | 'missing' | 'external' | 'unchecked';

export interface Resolution {
  readonly status: LinkStatus;
  /** The messages that are named (a resource, a filter chain, …). */
  readonly targets: readonly ConfigNode[];
  /** The proxy of each target, where several proxies were asked. */
  readonly proxies?: readonly ProxyScope[];
}

/** Kinds that are resources of the proxy, by name. */
const RESOURCES: Partial<Record<ReferenceKind, ResourceKind>> = {
  cluster: 'cluster',
  listener: 'listener',
  internal_listener: 'listener',
  route_configuration: 'route_configuration',
  endpoints: 'load_assignment',
  secret: 'secret',
  extension_config: 'extension_config',
};

/** The kinds of names that mean resources of a kind. */
export function referenceKindsOf(resource: ResourceKind): ReferenceKind[] {
  return (Object.keys(RESOURCES) as ReferenceKind[]).filter((kind) => RESOURCES[kind] === resource);
}

/** Resolves a reference inside one proxy. */
export function resolveName(snapshot: Snapshot, proxy: ProxyScope, place: NamedPlace): Resolution {
  if (place.site.dynamic) return UNFOUND.unchecked;
  const targets = place.site.back ? clustersOfLoadAssignment(proxy, place.name) : targetsOf(snapshot, proxy, place);
  if (targets.length > 0) return { status: 'resolved', targets };
  return UNFOUND[statusOfUnfound(proxy, place)];
}

const NO_TARGETS: readonly ConfigNode[] = [];
const UNFOUND: Readonly<Record<LinkStatus, Resolution>> = {
  resolved: { status: 'resolved', targets: NO_TARGETS },
  missing: { status: 'missing', targets: NO_TARGETS },
  external: { status: 'external', targets: NO_TARGETS },
  unchecked: { status: 'unchecked', targets: NO_TARGETS },
};

/** The kind of resource that a reference of a site means; undefined where it means something else, or more than the name decides. */
export function resourceKindOf({ kind, dynamic, back }: ReferenceSite): ResourceKind | undefined {
  return dynamic || back ? undefined : RESOURCES[kind];
}

/** The resource of a name that a reference of the site means: one that is in use, else one that is still warming. */
export function resourceNamed(proxy: ProxyScope, site: ReferenceSite, name: string): Resource | undefined {
  const kind = resourceKindOf(site);
  const resource = kind && (proxy.byName[kind].get(name) ?? proxy.warmingByName[kind].get(name));
  return resource && isMeant(site, resource) ? resource : undefined;
}

/** Whether a name at the site may mean a resource of that kind and name. */
export function isMeant({ kind }: ReferenceSite, { node }: Resource): boolean {
  return kind !== 'internal_listener' || node.has('internal_listener');
}

function targetsOf(snapshot: Snapshot, proxy: ProxyScope, place: NamedPlace): ConfigNode[] {
  const resource = place.kind === 'secret' ? secretNamed(proxy, place) : resourceNamed(proxy, place.site, place.name);
  if (resource || RESOURCES[place.kind]) return resource ? [resource.node] : [];
  if (place.kind === 'scoped_routes') return scopedRoutesOf(proxy, place);
  if (place.kind === 'virtual_host') return virtualHostsOf(proxy, place.name);
  if (place.kind === 'istio_config') return [...snapshot.istioResources.find(place.name, routeNameOf(place))];
  return definitionsOf(snapshot, proxy, place);
}

/** With a source SDS brings the secret, without one it is static: both may have the same name (Envoy: source/common/secret/secret_manager_impl.cc). */
function secretNamed(proxy: ProxyScope, place: NamedPlace): Resource | undefined {
  const named = resourceNamed(proxy, place.site, place.name);
  if (!named || !hasStaticAndDynamic(proxy)) return named;
  const isStatic = isDelivered(proxy, place.site, namedMessage(place)) ? false : place.site.delivery !== undefined;
  return secretsByState(proxy)[isStatic ? 'static' : 'brought'].get(place.name) ?? named;
}

/** The first of each name. */
const secretsByState = memoizeByObject(({ resources }: ProxyScope) => {
  const found = { static: new Map<string, Resource>(), brought: new Map<string, Resource>() };
  for (const resource of resources)
    if (resource.kind === 'secret' && takesTraffic(resource))
      getOrMake(found[resource.state === 'static' ? 'static' : 'brought'], resource.name, () => resource);
  return found;
});

/** Some secret of the proxy is static, and one is not. */
export const hasStaticAndDynamic = memoizeByObject(({ parts }: ProxyScope): boolean => {
  const states = new Set<boolean>();
  for (const { list } of parts)
    for (const index of indexesOfKind(list, 'secret', 'inUse')) states.add(list.head(index)?.state === 'static');
  return states.size > 1;
});

/** The name of the route that carries a path of Istio's (`metadata.filter_metadata.istio.config`); '' where no route does. */
export function routeNameOf(place: NamedPlace): string {
  const route = new ConfigNode(place.resource.node.tree, place.node).parent?.parent?.parent?.parent;
  return route?.has('match') ? route.string('name') : '';
}

/** Both names stand in the same listener, connection manager, route configuration, cluster or load assignment. */
export function isSameScope(a: NamedPlace, b: NamedPlace): boolean {
  return a.resource === b.resource && a.scopeNode === b.scopeNode && a.scopeNode !== NO_NODE;
}

/** Clusters whose endpoints a load assignment of that name lists. */
export function clustersOfLoadAssignment(proxy: ProxyScope, name: string): ConfigNode[] {
  return proxy.clustersOfEndpoints(name).map(({ node }) => node);
}

/** A cluster's endpoints: the load assignment of the dump (live), else the inline one. */
export function loadAssignmentOf(proxy: ProxyScope, cluster: ConfigNode, name?: string): ConfigNode | undefined {
  return proxy.byName.load_assignment.get(endpointsNameOf(cluster, name))?.node ?? cluster.get('load_assignment');
}

/** What a name that nothing defines is. */
function statusOfUnfound(proxy: ProxyScope, place: NamedPlace): LinkStatus {
  const { site } = place;
  const ofSite = statusOfUnfoundAt(site);
  if (ofSite !== undefined) return ofSite;
  return isElsewhere(place.name) || isDelivered(proxy, site, namedMessage(place)) ? 'external' : statusOfUndelivered(proxy, site.kind);
}

/** The same where every name of the site has the same answer; undefined where the name or the messages around it decide. */
export function statusOfUnfoundAt({ external, role, condition, kind }: ReferenceSite): LinkStatus | undefined {
  if (external) return 'external';
  return role === 'use' || role === 'shared' || condition || NEVER_MISSING.has(kind) ? 'unchecked' : undefined;
}

/** A name of a resource at another authority (xDS: xdstp URLs). */
export function isElsewhere(name: string): boolean {
  return name.startsWith('xdstp://');
}

/** A name that is looked for in vain where nothing brings what is named. */
export function statusOfUndelivered(proxy: ProxyScope, kind: ReferenceKind): LinkStatus {
  if (proxy.kind === 'dump') return sectionIsThere(proxy, kind) ? 'missing' : 'unchecked';
  if (proxy.kind === 'partial') return 'unchecked';
  return isDeliveredByBootstrap(proxy, kind) ? 'external' : 'missing';
}

/** Does the dump list resources of that kind at all (`?resource=` leaves sections out)? */
function sectionIsThere(proxy: ProxyScope, kind: ReferenceKind): boolean {
  if (kind === 'endpoints') return proxy.hasEndpoints;
  const resource = RESOURCES[kind] ?? HOMES[kind];
  return resource === undefined || proxy.kinds.has(resource);
}

/** Where names are defined that are no resources. */
const HOMES: Partial<Record<ReferenceKind, ResourceKind>> = {
  http_filter: 'listener',
  jwt_provider: 'listener',
  jwt_requirement: 'listener',
  named_filter_chain: 'listener',
  rate_limit_stage: 'listener',
  lua_source: 'listener',
  api_key_client: 'listener',
  generic_filter: 'listener',
  // The section of routes has those of all protocols.
  thrift_route_configuration: 'route_configuration',
  dubbo_route_configuration: 'route_configuration',
  generic_route_configuration: 'route_configuration',
};

/**
 * Whether the message with the name has a ConfigSource that brings what is named. A dump lists all that was brought, but secrets: what is
 * not there is missing.
 */
export function isDelivered(proxy: ProxyScope, { delivery, kind }: ReferenceSite, { tree, id }: Pick<ConfigNode, 'tree' | 'id'>): boolean {
  if (delivery === undefined || (proxy.kind === 'dump' && kind !== 'secret' && sectionIsThere(proxy, kind))) return false;
  let source = id;
  for (const field of delivery) source = findField(tree, source, field);
  return source !== NO_NODE && isSourceGiven(tree, source);
}

function isDeliveredByBootstrap(proxy: ProxyScope, kind: ReferenceKind): boolean {
  const dynamic = proxy.bootstrap?.get('dynamic_resources');
  if (!dynamic) return false;
  if (kind === 'cluster') return dynamic.has('cds_resources_locator') || isBroughtUnseen(proxy, dynamic.get('cds_config'));
  if (kind === 'listener' || kind === 'internal_listener')
    return dynamic.has('lds_resources_locator') || isBroughtUnseen(proxy, dynamic.get('lds_config'));
  return false;
}

/** A source other than a file that is among those of the proxy: what is not in that is nowhere. */
function isBroughtUnseen({ uris }: ProxyScope, config: ConfigNode | undefined): boolean {
  if (!config) return false;
  const source = readConfigSource(config);
  return source.kind !== 'path' || !uris.some((uri) => fileNameOf(uri) === fileNameOf(source.path));
}
