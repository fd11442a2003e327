/** "Trace from here": what stands at a place, and what is taken for granted when a trace begins there. */
import type { ProxyScope } from '../../index/proxyScope';
import { takesTraffic, type Resource } from '../../model/resources/resource';
import { ConfigNode } from '../../schema/configNode';
import { NO_NODE, type NodeId } from '../../syntax/tree/syntaxTree';
import type { Assumption } from '../hop';
import type { Snapshot } from '../../index/snapshot';

export interface Place {
  readonly proxy: ProxyScope;
  readonly assumed: Assumption;
  readonly notes: readonly string[];
}

/** One place for each proxy that has the file; [] when nothing that a request passes stands there. */
export function placesAt(snapshot: Snapshot, at: { uri: string; pointer: string }): Place[] {
  const tree = snapshot.documents.get(at.uri)?.tree;
  if (!tree) return [];
  for (let document = 0; document < tree.roots.length; document++) {
    const id = tree.nodeAtPointer(at.pointer, document);
    if (id === NO_NODE) continue;
    const places = placesOfNode(snapshot, new ConfigNode(tree, id));
    if (places.length > 0) return places;
  }
  return [];
}

/** The same for a node. */
export function placesOfNode(snapshot: Snapshot, node: ConfigNode): Place[] {
  const proxies = snapshot.proxies.filter(({ uris }) => uris.includes(node.tree.uri));
  const live = proxies.filter(({ supersededBy }) => supersededBy === undefined);
  return (live.length > 0 ? live : proxies).flatMap((proxy) => placeIn(proxy, node) ?? []);
}

function placeIn(proxy: ProxyScope, node: ConfigNode): Place | undefined {
  const path = ancestorsOf(node);
  const resource = enclosingResource(proxy, path);
  if (!resource) return undefined;
  const notes = takesTraffic(resource)
    ? []
    : [`${resource.name || 'the resource'} is in state ${resource.state}: it takes no new connections, and is traced as if it did`];
  switch (resource.kind) {
    case 'listener':
      return { proxy, notes, assumed: { listener: resource.node, ...insideListener(resource.node, path) } };
    case 'route_configuration':
      return { proxy, notes, assumed: { ...usersOfRoutes(proxy, resource), ...insideRoutes(path) } };
    case 'cluster':
      return { proxy, notes, assumed: { cluster: resource.name } };
    case 'load_assignment':
    case 'cluster_status':
      return { proxy, notes, assumed: { cluster: clusterOfAssignment(proxy, resource.name) } };
    default:
      return undefined;
  }
}

/** The node and everything around it, innermost first. */
function ancestorsOf(node: ConfigNode): ConfigNode[] {
  const path: ConfigNode[] = [];
  for (let at: ConfigNode | undefined = node; at; at = at.parent) path.push(at);
  return path;
}

function enclosingResource(proxy: ProxyScope, path: readonly ConfigNode[]): Resource | undefined {
  const tree = path[0]?.tree;
  const depth = new Map<NodeId, number>(path.map(({ id }, index) => [id, index]));
  let best: { resource: Resource; depth: number } | undefined;
  for (const resource of proxy.resources) {
    if (resource.kind === 'bootstrap' || resource.node.tree !== tree) continue;
    const at = depth.get(resource.node.id) ?? depth.get(resource.entry.id);
    if (at !== undefined && (!best || at < best.depth)) best = { resource, depth: at };
  }
  return best?.resource ?? copyInBootstrap(proxy, path);
}

/** A dump's bootstrap repeats the static resources; the ones in use have the same name. */
function copyInBootstrap(proxy: ProxyScope, path: readonly ConfigNode[]): Resource | undefined {
  for (const node of path) {
    if (node.parent?.isField('listeners')) return proxy.byName.listener.get(node.string('name'));
    if (node.parent?.isField('clusters')) return proxy.byName.cluster.get(node.string('name'));
  }
  return undefined;
}

function insideListener(listener: ConfigNode, path: readonly ConfigNode[]): Assumption {
  const chain = path.find((node) => node.parent?.isField('filter_chains') || node.isField('default_filter_chain'));
  if (chain) return { filterChain: chain, ...insideRoutes(path) };
  const inMatcher = path.some((node) => node.isField('filter_chain_matcher'));
  const name = inMatcher ? chainNameOfBranch(path) : undefined;
  const named = name === undefined ? undefined : listener.list('filter_chains').find((each) => each.string('name') === name);
  return named ? { filterChain: named } : {};
}

/** The chain that a matcher branch picks, where it picks one. */
function chainNameOfBranch(path: readonly ConfigNode[]): string | undefined {
  for (const node of path) {
    const action = node.isField('action') ? node : (node.get('action') ?? node.path('on_match', 'action'));
    if (action) return action.typed()?.node.string('value') || action.string('name');
    if (node.has('matcher') || node.path('on_match', 'matcher') || node.has('matcher_tree') || node.has('matcher_list')) return undefined;
  }
  return undefined;
}

function insideRoutes(path: readonly ConfigNode[]): Assumption {
  const virtualHost = path.find((node) => node.parent?.isField('virtual_hosts'));
  const route = path.find((node) => node.parent?.isField('routes'));
  return { ...(virtualHost && { virtualHost }), ...(virtualHost && route && { route }) };
}

/** The first listener and chain that take their routes from a route configuration. A dump repeats inline ones, also those without a name. */
function usersOfRoutes(proxy: ProxyScope, { name, node }: Resource): Assumption {
  const isUser = name === '' ? inlineRoutesLike(node) : (chain: ConfigNode): boolean => usesRoutes(chain, name);
  for (const { node: listener } of proxy.listeners) {
    const chains = listener.list('filter_chains');
    const byDefault = listener.get('default_filter_chain');
    for (const filterChain of byDefault ? [...chains, byDefault] : chains) if (isUser(filterChain)) return { listener, filterChain };
  }
  return { routeConfiguration: node };
}

function usesRoutes(chain: ConfigNode, name: string): boolean {
  return chain.list('filters').some((filter) => {
    const manager = filter.typed()?.node;
    return manager?.path('rds', 'route_config_name')?.asString() === name || manager?.path('route_config', 'name')?.asString() === name;
  });
}

function inlineRoutesLike(routes: ConfigNode): (chain: ConfigNode) => boolean {
  const wanted = JSON.stringify(routes.get('virtual_hosts')?.toValue());
  const size = routes.list('virtual_hosts').length;
  return (chain) =>
    chain.list('filters').some((filter) => {
      const inline = filter.typed()?.node.get('route_config');
      return inline?.list('virtual_hosts').length === size && JSON.stringify(inline.get('virtual_hosts')?.toValue()) === wanted;
    });
}

/** EDS names endpoints by `service_name`, which may differ from the cluster's. */
function clusterOfAssignment(proxy: ProxyScope, name: string): string {
  return proxy.byName.cluster.has(name) ? name : (proxy.clustersOfEndpoints(name)[0]?.name ?? name);
}
