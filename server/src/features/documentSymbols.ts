/** The outline: the proxy, not its brackets. Listener → chain → filter → virtual host → route; cluster → endpoints. */
import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver-types';
import { proxiesOf, type Snapshot } from '../index/buildSnapshot';
import type { ProxyScope } from '../index/proxyScope';
import { loadAssignmentOf } from '../index/resolveName';
import { formatAddress } from '../model/address';
import { summarizeCluster } from '../model/clusterSummary';
import { connectionManagerOf, describeDestination, describeListenerAddress, filterChainsOf } from '../model/listenerSummary';
import { endpointsOf, isHealthy } from '../model/loadAssignment';
import type { Resource, ResourceKind } from '../model/resource';
import { describeRouteAction, describeRouteMatch } from '../model/routeSummary';
import type { ConfigNode } from '../schema/configNode';
import { count } from './markdown';
import { rangeOfNode, selectionOf } from './place';

/** In the order of kinds below, inside a kind in file order; [] for documents that are not ours. */
export function findDocumentSymbols(snapshot: Snapshot, uri: string): DocumentSymbol[] {
  const proxies = proxiesOf(snapshot, uri);
  const resources = (snapshot.documents.get(uri)?.parts ?? []).flatMap((part) => {
    const proxy = proxies.find((each) => each.parts.has(part));
    return part.resources.map((resource) => ({ resource, proxy }));
  });
  return GROUPS.flatMap(({ kind, label, build }) => {
    const children = resources.flatMap(({ resource, proxy }) =>
      resource.kind === kind ? [withState(build(resource.node, proxy), resource)] : [],
    );
    return groupOf(label, children);
  });
}

interface Group {
  readonly kind: ResourceKind;
  readonly label: string;
  build(node: ConfigNode, proxy: ProxyScope | undefined): DocumentSymbol;
}

const GROUPS: readonly Group[] = [
  { kind: 'listener', label: 'Listeners', build: listenerSymbol },
  { kind: 'route_configuration', label: 'Route configurations', build: routeConfigurationSymbol },
  { kind: 'cluster', label: 'Clusters', build: clusterSymbol },
  { kind: 'load_assignment', label: 'Endpoints', build: loadAssignmentSymbol },
  { kind: 'secret', label: 'Secrets', build: (node) => symbol(node, { name: node.string('name'), detail: '', kind: SymbolKind.Key }) },
  {
    kind: 'scoped_route_configuration',
    label: 'Scoped routes',
    build: (node) =>
      symbol(node, { name: node.string('name'), detail: node.string('route_configuration_name'), kind: SymbolKind.Namespace }),
  },
  {
    kind: 'extension_config',
    label: 'Extension configurations',
    build: (node) => symbol(node, { name: node.string('name'), detail: '', kind: SymbolKind.Object }),
  },
  {
    kind: 'cluster_status',
    label: 'Cluster statuses',
    build: (node) => symbol(node, { name: node.string('name'), detail: '', kind: SymbolKind.Class }),
  },
  { kind: 'virtual_host', label: 'Virtual hosts', build: virtualHostSymbol },
  { kind: 'istio_resource', label: 'Kubernetes resources', build: kubernetesSymbol },
];

interface Shown {
  readonly name: string;
  readonly detail: string;
  readonly kind: SymbolKind;
}

/** A symbol's name must not be empty, and its selection must lie in its range (LSP). */
function symbol(node: ConfigNode, { name, detail, kind }: Shown, children: DocumentSymbol[] = []): DocumentSymbol {
  const range = rangeOfNode(node);
  return { name: name || '(no name)', detail, kind, range, selectionRange: selectionOf(node), children };
}

function withState(built: DocumentSymbol, { state }: Resource): DocumentSymbol {
  if (state !== 'warming' && state !== 'draining' && state !== 'error') return built;
  return { ...built, detail: `${state} · ${built.detail ?? ''}` };
}

/** Groups span from their first to their last child. */
function groupOf(label: string, children: DocumentSymbol[]): DocumentSymbol[] {
  const [first] = children;
  if (!first) return [];
  const byPlace = [...children].sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
  const start = byPlace[0]?.range.start ?? first.range.start;
  const end = byPlace.reduce(
    (last, { range }) =>
      range.end.line > last.line || (range.end.line === last.line && range.end.character > last.character) ? range.end : last,
    start,
  );
  return [
    {
      name: label,
      detail: String(children.length),
      kind: SymbolKind.Package,
      range: { start, end },
      selectionRange: { start, end: start },
      children,
    },
  ];
}

function listenerSymbol(node: ConfigNode): DocumentSymbol {
  const chains = filterChainsOf(node).map(({ chain, index }) => chainSymbol(chain, index));
  return symbol(node, { name: node.string('name'), detail: describeListenerAddress(node), kind: SymbolKind.Interface }, chains);
}

function chainSymbol(chain: ConfigNode, index: number | null): DocumentSymbol {
  const filters = chain
    .list('filters')
    .map((filter) => symbol(filter, { name: filter.string('name'), detail: '', kind: SymbolKind.Function }));
  const routes = connectionManagerOf(chain)?.node.get('route_config');
  const inline = routes ? [routeConfigurationSymbol(routes)] : [];
  const last = filters.at(-1);
  if (last) last.children = inline;
  const name = chain.string('name') || (index === null ? 'default filter chain' : `filter chain ${index}`);
  return symbol(chain, { name, detail: describeDestination(chain), kind: SymbolKind.Method }, filters);
}

function routeConfigurationSymbol(node: ConfigNode): DocumentSymbol {
  const hosts = node.list('virtual_hosts').map(virtualHostSymbol);
  return symbol(node, { name: node.string('name'), detail: count(hosts.length, 'virtual host'), kind: SymbolKind.Module }, hosts);
}

function virtualHostSymbol(node: ConfigNode): DocumentSymbol {
  const domains = node.list('domains').map((domain) => domain.asString() ?? '');
  const routes = node.list('routes').map((route, index) => {
    const name = route.string('name') || `route ${index}`;
    return symbol(route, { name, detail: `${describeRouteMatch(route)} ${describeRouteAction(route)}`, kind: SymbolKind.Event });
  });
  return symbol(node, { name: node.string('name'), detail: domains.slice(0, 3).join(', '), kind: SymbolKind.Namespace }, routes);
}

/** Endpoints of a load assignment elsewhere (EDS) are counted; shown below are those that lie in the cluster itself. */
function clusterSymbol(node: ConfigNode, proxy: ProxyScope | undefined): DocumentSymbol {
  const inline = node.get('load_assignment');
  const assignment = proxy ? loadAssignmentOf(proxy, node) : inline;
  const { discovery, transport } = summarizeCluster(node);
  const counted = assignment ? `, ${count(endpointsOf(assignment).length, 'endpoint')}` : '';
  const shown = { name: node.string('name'), detail: `${discovery}${counted}, ${transport}`, kind: SymbolKind.Class };
  return symbol(node, shown, inline ? endpointSymbols(inline) : []);
}

/** Named as its metadata names it; its kind and namespace beside it. */
function kubernetesSymbol(node: ConfigNode): DocumentSymbol {
  const metadata = node.get('metadata');
  const detail = [node.string('kind'), metadata?.string('namespace')].filter(Boolean).join(', ');
  return symbol(node, { name: metadata?.string('name') ?? '', detail, kind: SymbolKind.Struct });
}

function loadAssignmentSymbol(node: ConfigNode): DocumentSymbol {
  const all = endpointsOf(node);
  return symbol(
    node,
    { name: node.string('cluster_name'), detail: `${all.filter(isHealthy).length}/${all.length} healthy`, kind: SymbolKind.Array },
    endpointSymbols(node),
  );
}

function endpointSymbols(assignment: ConfigNode): DocumentSymbol[] {
  return endpointsOf(assignment).map(({ node, address, health }) =>
    symbol(node, { name: address ? formatAddress(address) : 'no address', detail: health, kind: SymbolKind.Field }),
  );
}
