/** The place of a route in its virtual host: file order; inside a matcher the pre-order of its actions. */
import { memoizeByNode, readTyped, type ConfigNode } from '../../../schema/configNode';

const ROUTE = 'envoy.config.route.v3.Route';
const ROUTE_LIST = 'envoy.config.route.v3.RouteList';
const MAX_DEPTH = 100;

/** -1 where the route is not the virtual host's. */
export function routeIndexOf(virtualHost: ConfigNode, route: ConfigNode): number {
  return indexesOf(virtualHost).get(route.id) ?? -1;
}

const indexesOf: (virtualHost: ConfigNode) => ReadonlyMap<number, number> = memoizeByNode((virtualHost) => {
  const indexes = new Map<number, number>();
  const matcher = virtualHost.get('matcher');
  const routes = matcher ? routesOfMatcher(matcher) : virtualHost.list('routes');
  routes.forEach(({ id }, index) => indexes.set(id, index));
  return indexes;
});

/** The routes of a matcher's action (OnMatch.action): one Route, or the routes of a RouteList; [] for anything else. */
export function routesOfAction(action: ConfigNode): ConfigNode[] {
  const any = action.get('typed_config');
  const typed = any && readTyped(any);
  if (typed?.type === ROUTE) return [typed.node];
  return typed?.type === ROUTE_LIST ? typed.node.list('routes') : [];
}

function routesOfMatcher(matcher: ConfigNode): ConfigNode[] {
  const found: ConfigNode[] = [];
  collect(matcher, found, 0);
  return found;
}

function collect(node: ConfigNode, found: ConfigNode[], depth: number): void {
  if (depth > MAX_DEPTH) return;
  const action = node.isObject ? node.get('action') : undefined;
  if (action) {
    found.push(...routesOfAction(action));
    return;
  }
  for (const child of node.isArray ? node.items() : node.entries().map(([, value]) => value))
    if (child.isObject || child.isArray) collect(child, found, depth + 1);
}
