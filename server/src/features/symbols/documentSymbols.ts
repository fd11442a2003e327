/** The outline: the proxy, not its brackets. Listener → chain → filter → virtual host → route; cluster → endpoints. */
import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver-types';
import { proxiesOf } from '../../index/buildSnapshot';
import type { ProxyScope } from '../../index/proxyScope';
import { loadAssignmentOf } from '../../index/links/resolveName';
import { summarizeCluster } from '../../model/summary/clusterSummary';
import { describeDestination, describeListenerAddress } from '../../model/summary/listenerSummary';
import { countEndpoints, eachEndpoint, labelOfEndpoint, readHealth } from '../../model/loadAssignment';
import type { Resource, ResourceKind } from '../../model/resources/resource';
import { describeRouteAction, describeRouteMatch } from '../../model/summary/routeSummary';
import { ConfigNode } from '../../schema/configNode';
import { finish, type Steps } from '../../text/steps';
import { bootstrapSymbols } from './bootstrapSymbols';
import { isOurs } from '../known/isOurs';
import { shortHealthOf } from '../known/shortHealth';
import { detailOfIstioPart, nameOfIstioPart } from '../istio/istioOutline';
import { count } from '../writing/markdown';
import { partsBelow, type OutlinePart } from './outline';
import { nameNodeOf, positionAt, rangeOfNode, isBefore } from '../place/place';
import { ztunnelSymbols } from '../ztunnel/ztunnelSymbols';
import { shortNameOf } from '../../schema/table/typeUrl';
import type { Snapshot } from '../../index/snapshot';

/** In the order of the groups below, inside a group in file order; [] for documents that are not ours. */
export function findDocumentSymbols(snapshot: Snapshot, uri: string): DocumentSymbol[] {
  return finish(findDocumentSymbolsInSteps(snapshot, uri));
}

/** The same in steps: a large dump has tens of thousands of symbols. */
export function* findDocumentSymbolsInSteps(snapshot: Snapshot, uri: string): Steps<DocumentSymbol[]> {
  const proxies = proxiesOf(snapshot, uri);
  const byKind = new Map<ResourceKind, DocumentSymbol[]>(GROUPS.map(([kind]) => [kind, []]));
  const facts = snapshot.documents.get(uri);
  const parts = facts && isOurs(facts) ? facts.parts : [];
  for (const [index, part] of parts.entries()) {
    const proxy = proxies.find((each) => each.parts.has(part));
    for (const [at, resource] of part.resources.entries()) {
      byKind.get(resource.kind)?.push(yield* resourceSymbol(resource, proxy));
      if (at % STEP === STEP - 1) yield (index + at / part.resources.length) / parts.length;
    }
  }
  return [
    ...GROUPS.flatMap(([kind, label]) => groupOf(label, byKind.get(kind) ?? [])),
    ...groupOf('Bootstrap', bootstrapSymbols(snapshot, uri)),
    ...ztunnelSymbols(snapshot, uri).flatMap(({ label, symbols }) => groupOf(label, symbols)),
  ];
}

/** Resources, or parts of one, whose symbols are made in well below a millisecond as a rule. */
const STEP = 64;

const GROUPS: readonly (readonly [ResourceKind, string])[] = [
  ['listener', 'Listeners'],
  ['route_configuration', 'Route configurations'],
  ['cluster', 'Clusters'],
  ['load_assignment', 'Endpoints'],
  ['secret', 'Secrets'],
  ['scoped_route_configuration', 'Scoped routes'],
  ['extension_config', 'Extension configurations'],
  ['cluster_status', 'Cluster statuses'],
  ['virtual_host', 'Virtual hosts'],
  ['fragment', 'Pieces'],
  ['istio_resource', 'Kubernetes resources'],
];

/** What a piece is shown as, by its message. */
const PIECES: Readonly<Record<string, OutlinePart['kind']>> = {
  'envoy.config.listener.v3.Listener': 'listener',
  'envoy.config.listener.v3.FilterChain': 'filter_chain',
  'envoy.config.listener.v3.Filter': 'filter',
  'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter': 'filter',
  'envoy.config.core.v3.TypedExtensionConfig': 'filter',
  'envoy.config.route.v3.RouteConfiguration': 'route_configuration',
  'envoy.config.route.v3.VirtualHost': 'virtual_host',
  'envoy.config.route.v3.Route': 'route',
  'envoy.config.cluster.v3.Cluster': 'cluster',
};

/** Groups span from their first to their last child. */
function groupOf(name: string, children: DocumentSymbol[]): DocumentSymbol[] {
  const [first] = children;
  if (!first) return [];
  let { start, end } = first.range;
  for (const { range } of children) {
    if (isBefore(range.start, start)) start = range.start;
    if (isBefore(end, range.end)) end = range.end;
  }
  const detail = String(children.length);
  return [{ name, detail, kind: SymbolKind.Package, range: { start, end }, selectionRange: { start, end: start }, children }];
}

function* resourceSymbol({ kind, name, node, state, message = '' }: Resource, proxy: ProxyScope | undefined): Steps<DocumentSymbol> {
  const part: OutlinePart = { kind: PIECES[message] ?? kind, name, node, index: null };
  const built = symbolOf(part, proxy, HAS_MANY.has(part.kind) ? yield* childrenInSteps(part, proxy) : undefined);
  if (kind === 'fragment' && (PIECES[message] === undefined || !nameNodeOf(node))) built.name = shortNameOf(message);
  if (state === 'warming' || state === 'draining' || state === 'error') built.detail = `${state} · ${built.detail ?? ''}`;
  return built;
}

/** A gateway's route configuration may have thousands of virtual hosts, a waypoint's listener of filter chains. */
const HAS_MANY: ReadonlySet<OutlinePart['kind']> = new Set(['route_configuration', 'listener']);

function* childrenInSteps(part: OutlinePart, proxy: ProxyScope | undefined): Steps<DocumentSymbol[] | undefined> {
  const children: DocumentSymbol[] = [];
  for (const below of partsBelow(part)) {
    children.push(symbolOf(below, proxy));
    if (children.length % STEP === 0) yield below.node.id / below.node.tree.size;
  }
  return children.length === 0 ? undefined : children;
}

/** A symbol's name must not be empty, and its selection must lie in its range (LSP). Dumps have tens of thousands: what is empty is left out. */
function symbolOf(part: OutlinePart, proxy: ProxyScope | undefined, children = childrenOf(part, proxy)): DocumentSymbol {
  const { node } = part;
  const nameNode = nameNodeOf(node);
  const name = nameOf(part, (nameNode && (part.name ?? nameNode.asString())) ?? '');
  const { tree, id } = node;
  // In the order of the text, in which lines are found beside the ones before.
  const start = positionAt(tree, tree.start(id));
  const selectionRange = nameNode ? rangeOfNode(nameNode) : { start, end: start };
  const detail = part.kind === 'load_assignment' && children ? healthOfAll(children) : detailOf(part, name, proxy);
  const kind = KINDS[part.kind];
  const range = { start, end: positionAt(tree, tree.end(id)) };
  if (!children) return { name: name || UNNAMED, detail, kind, range, selectionRange };
  return { name: name || UNNAMED, detail, kind, range, selectionRange, children };
}

const UNNAMED = '(no name)';

/** Undefined where there are none; a load assignment always has a list of them. */
function childrenOf(part: OutlinePart, proxy: ProxyScope | undefined): DocumentSymbol[] | undefined {
  if (part.kind === 'load_assignment') return endpointSymbols(part.node);
  if (part.kind === 'cluster') {
    const assignment = part.node.get('load_assignment');
    return assignment && endpointSymbols(assignment);
  }
  const below = partsBelow(part);
  return below.length === 0 ? undefined : below.map((each) => symbolOf(each, proxy));
}

/** Half of all symbols of a dump: nothing is made for them but what is shown. */
function endpointSymbols(assignment: ConfigNode): DocumentSymbol[] {
  const { tree } = assignment;
  const found: DocumentSymbol[] = [];
  eachEndpoint(assignment, (endpoint) => {
    const range = { start: positionAt(tree, tree.start(endpoint)), end: positionAt(tree, tree.end(endpoint)) };
    const node = new ConfigNode(tree, endpoint);
    found.push({ name: labelOfEndpoint(node), detail: healthOf(node), kind: SymbolKind.Field, range, selectionRange: range });
  });
  return found;
}

/** '' where nobody says how it is. */
function healthOf(endpoint: ConfigNode): string {
  const health = readHealth(endpoint);
  return health === 'UNKNOWN' ? '' : health;
}

/** Endpoints tell their health beside their address. */
function healthOfAll(endpoints: readonly DocumentSymbol[]): string {
  return shortHealthOf(endpoints.map(({ detail }) => ({ health: detail || 'UNKNOWN' })));
}

const KINDS: Readonly<Record<OutlinePart['kind'], SymbolKind>> = {
  listener: SymbolKind.Interface,
  filter_chain: SymbolKind.Method,
  filter: SymbolKind.Function,
  route_configuration: SymbolKind.Module,
  scoped_route_configuration: SymbolKind.Namespace,
  virtual_host: SymbolKind.Namespace,
  route: SymbolKind.Event,
  cluster: SymbolKind.Class,
  cluster_status: SymbolKind.Class,
  load_assignment: SymbolKind.Array,
  endpoint: SymbolKind.Field,
  secret: SymbolKind.Key,
  extension_config: SymbolKind.Object,
  runtime: SymbolKind.Object,
  bootstrap: SymbolKind.Object,
  fragment: SymbolKind.Object,
  istio_resource: SymbolKind.Struct,
  istio_part: SymbolKind.Field,
};

/** `given`: what the part's own `name` says, '' where it has none. */
function nameOf({ kind, node, index, list = '' }: OutlinePart, given: string): string {
  if (kind === 'istio_part') return nameOfIstioPart(node, list, index ?? 0);
  if (given !== '') return given;
  if (kind === 'filter_chain') return index === null ? 'default filter chain' : `filter chain ${index}`;
  return kind === 'route' ? `route ${index ?? 0}` : '';
}

function detailOf({ kind, node }: OutlinePart, name: string, proxy: ProxyScope | undefined): string {
  switch (kind) {
    case 'listener':
      return describeListenerAddress(node);
    case 'filter_chain':
      return describeDestination(node);
    case 'filter':
    case 'load_assignment':
      return '';
    case 'route_configuration':
      return count(node.list('virtual_hosts').length, 'virtual host');
    case 'virtual_host':
      return node
        .list('domains', 3)
        .map((domain) => domain.asString() ?? '')
        .join(', ');
    case 'route':
      return `${describeRouteMatch(node)} ${describeRouteAction(node)}`;
    case 'cluster':
      return clusterDetail(node, name, proxy);
    case 'istio_resource':
      return [node.string('kind'), node.get('metadata')?.string('namespace')].filter(Boolean).join(', ');
    case 'istio_part':
      return detailOfIstioPart(node);
    default:
      return node.string('route_configuration_name');
  }
}

/** Endpoints of a load assignment elsewhere (EDS) are counted; the outline shows below a cluster those that lie in it. */
function clusterDetail(node: ConfigNode, name: string, proxy: ProxyScope | undefined): string {
  const assignment = proxy ? loadAssignmentOf(proxy, node, name) : node.get('load_assignment');
  const { discovery, transport } = summarizeCluster(node);
  return `${discovery}${assignment ? `, ${count(countEndpoints(assignment), 'endpoint')}` : ''}, ${transport}`;
}
