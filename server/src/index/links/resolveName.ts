/** What a name refers to: looked up in its own proxy, by the rules of its kind. */
import { takesTraffic, type Resource, type ResourceKind } from '../../model/resources/resource';
import { indexesOfKind } from '../../model/resources/indexesByKind';
import { ConfigNode } from '../../schema/configNode';
import type { ReferenceKind, ReferenceSite } from '../../schema/references/referenceSite';
import { NO_NODE } from '../../syntax/tree/syntaxTree';
import { definitionsOf, namedMessage, NEVER_MISSING } from './definitionsOf';
import type { NamedPlace } from '../names/documentNames';
import { scopedRoutesOf, virtualHostsOf } from './broughtSets';
import { isDelivered, isDeliveredByBootstrap, RESOURCES, sectionIsThere } from './delivery';
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
