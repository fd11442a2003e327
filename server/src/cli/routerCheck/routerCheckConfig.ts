/** Reads the route configuration that router_check_tool's tests are about. */
import { collectDiagnostics } from '../../features/diagnostics/collectDiagnostics';
import { buildSnapshot } from '../../index/buildSnapshot';
import { makeProxyScope } from '../../index/proxyScope';
import { ConfigNode } from '../../schema/configNode';
import { parseText } from '../../syntax/parseText';
import type { SyntaxTree } from '../../syntax/tree/syntaxTree';
import type { BareRouting } from '../../trace/http/routeConfiguration/matchRouteConfiguration';
import { locationOf } from '../../trace/record/locationOf';
import type { Snapshot } from '../../index/snapshot';

/** The file is a RouteConfiguration; the first one in a larger configuration is taken as well. A text: why there is none to test. */
export function readRouterConfig(text: string, uri: string): BareRouting | string {
  const snapshot: Snapshot = buildSnapshot([{ uri, text }]);
  const tree = snapshot.documents.get(uri)?.tree;
  const whole = tree && rootOf(tree);
  const manager = rootOf(parseText(uri, '{}'));
  if (!whole || !manager) return `${uri} holds no route configuration`;
  const proxy = snapshot.proxies[0] ?? makeProxyScope({ id: uri, kind: 'partial', parts: [] });
  const isBare = whole.has('virtual_hosts');
  const routeConfiguration = isBare ? whole : proxy.resources.find(({ kind }) => kind === 'route_configuration')?.node;
  if (!routeConfiguration) return `${uri} holds no route configuration`;
  return (isBare ? findRefusal(snapshot, uri) : undefined) ?? { snapshot, proxy, manager, routeConfiguration };
}

/** Codes of lint for what only the rules of the API refuse: the tool does not ask for them. */
const UNCHECKED_BY_TOOL: ReadonlySet<string> = new Set(['missing-field', 'invalid-value', 'dangling-reference']);

/** Why the tool would not load the route configuration. */
function findRefusal(snapshot: Snapshot, uri: string): string | undefined {
  const refusal = collectDiagnostics(snapshot, uri).find(({ severity, code }) => severity === 'error' && !UNCHECKED_BY_TOOL.has(code));
  return refusal && `${uri}:${locationOf(refusal.at).line}: Envoy refuses the configuration: ${refusal.message}`;
}

/** The first document of a text; undefined where there is none. */
export function rootOf(tree: SyntaxTree): ConfigNode | undefined {
  const root = tree.roots[0];
  return root === undefined ? undefined : new ConfigNode(tree, root);
}
