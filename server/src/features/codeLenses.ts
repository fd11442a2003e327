/** Code lenses: references, endpoints, and "Trace from here" on listeners, chains, routes and clusters. */
import type { CodeLens, Range } from 'vscode-languageserver-types';
import { proxiesOf } from '../index/buildSnapshot';
import type { ProxyScope } from '../index/proxyScope';
import { loadAssignmentOf } from '../index/links/resolveName';
import { connectionManagerOf, filterChainsOf } from '../model/summary/listenerSummary';
import { countHealthy, endpointsOf, type Endpoint } from '../model/loadAssignment';
import { isOfMesh, specMessagesOf } from '../model/istio/istioSpec';
import { takesTraffic, type Resource } from '../model/resources/resource';
import type { ConfigNode } from '../schema/configNode';
import { memoizeByObject } from '../text/memoizeByObject';
import { finish, type Steps } from '../text/steps';
import { countUsesOfCluster } from './known/countUses';
import { count } from './writing/markdown';
import { findImplementation } from './definition';
import { isOfIstio } from './known/isOfIstio';
import { rangeOfName, rangeOfNode, selectionOf, type Place } from './place/place';
import { findReferences, placesOfName } from './references';
import { ztunnelPlacesOf } from './ztunnel/ztunnelPlaces';
import type { Snapshot } from '../index/snapshot';

/** In file order. A document of a very large mesh gets its first 5,000. */
export function findCodeLenses(snapshot: Snapshot, uri: string): CodeLens[] {
  return finish(findCodeLensesInSteps(snapshot, uri));
}

/** The same in steps: a large dump has thousands of clusters whose uses and endpoints are counted. */
export function* findCodeLensesInSteps(snapshot: Snapshot, uri: string): Steps<CodeLens[]> {
  const lenses: CodeLens[] = [];
  const parts = snapshot.documents.get(uri)?.parts ?? [];
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'istio') lenses.push(...part.resources.slice(0, MAX_LENSES).flatMap(({ node }) => istioLenses(snapshot, node)));
    const proxy = proxiesOf(snapshot, uri).find((each) => each.parts.has(part));
    if (!proxy) continue;
    for (const [at, resource] of part.resources.entries()) {
      if (lenses.length > MAX_LENSES) break;
      lenses.push(...lensesOf(snapshot, proxy, resource));
      if (at % STEP === STEP - 1) yield (index + at / part.resources.length) / parts.length;
    }
  }
  for (const { thing, isDefinition, node } of ztunnelPlacesOf(snapshot, uri))
    if (isDefinition && thing.kind !== 'policy' && node.tree.uri === uri && lenses.length <= MAX_LENSES) lenses.push(traceLens(thing.node));
  return lenses.sort((a, b) => a.range.start.line - b.range.start.line);
}

/** Resources whose lenses are made in about a millisecond. */
const STEP = 128;

const MAX_LENSES = 5_000;

/**
 * Counted when they are on the screen: that takes a look at every dump. A Service counts where there is a mesh that may know it; of the others
 * most are never named, and count where there are proxies of which something may have come of them.
 */
function istioLenses(snapshot: Snapshot, resource: ConfigNode): CodeLens[] {
  const kind = resource.string('kind');
  const mayCount = snapshot.proxies.length > 0 || NAMED_BY_OTHERS.has(kind);
  const counts = kind === 'Service' ? hasMesh(snapshot) : mayCount && specMessagesOf(resource).length > 0;
  const name = counts ? resource.path('metadata', 'name') : undefined;
  return name ? [{ range: rangeOfNode(name), data: { uri: resource.tree.uri, title: '', what: 'istio' } satisfies LensData }] : [];
}

/** Kinds to which other resources are bound by their name. */
const NAMED_BY_OTHERS: ReadonlySet<string> = new Set(['Gateway', 'GatewayClass']);

const hasMesh: (snapshot: Snapshot) => boolean = memoizeByObject(
  ({ proxies, documents }: Snapshot) =>
    proxies.some(isOfIstio) ||
    [...documents.values()].some(({ parts }) =>
      parts.some(({ kind, resources }) => kind === 'istio' && resources.some(({ node }) => isOfMesh(node))),
    ),
);

function lensesOf(snapshot: Snapshot, proxy: ProxyScope, resource: Resource): CodeLens[] {
  if (!takesTraffic(resource)) return [];
  switch (resource.kind) {
    case 'listener':
      return listenerLenses(resource.node);
    case 'cluster':
      return clusterLenses(snapshot, proxy, resource.node);
    case 'route_configuration':
      return routeLenses(resource.node);
    default:
      return [];
  }
}

function listenerLenses(listener: ConfigNode): CodeLens[] {
  const chains = filterChainsOf(listener).flatMap(({ chain }) => {
    const routes = connectionManagerOf(chain)?.node.get('route_config');
    return [traceLens(chain), ...(routes ? routeLenses(routes) : [])];
  });
  return [traceLens(listener), ...chains];
}

function routeLenses(routeConfiguration: ConfigNode): CodeLens[] {
  return routeConfiguration.list('virtual_hosts').flatMap((host) => host.list('routes').map(traceLens));
}

function clusterLenses(snapshot: Snapshot, proxy: ProxyScope, cluster: ConfigNode): CodeLens[] {
  const range = selectionOf(cluster);
  const uses = countUsesOfCluster(snapshot, proxy, cluster.string('name'));
  const assignment = loadAssignmentOf(proxy, cluster);
  const endpoints = assignment ? endpointsOf(assignment) : undefined;
  return [
    traceLens(cluster),
    referencesLens(cluster, range, count(uses, 'reference')),
    ...(endpoints ? [referencesLens(cluster, range, healthOf(endpoints), 'implementation')] : []),
  ];
}

/** `2/3 endpoints healthy`; just the number where nobody says how they are. */
function healthOf(endpoints: readonly Endpoint[]): string {
  const all = count(endpoints.length, 'endpoint');
  const healthy = countHealthy(endpoints);
  return healthy === undefined ? all : `${healthy}/${all} healthy`;
}

function traceLens(node: ConfigNode): CodeLens {
  const range = selectionOf(node);
  return { range, command: { title: 'Trace from here', command: 'envoyLens.traceFromHere', arguments: [node.tree.uri, range.start] } };
}

function referencesLens(node: ConfigNode, range: Range, title: string, what: LensData['what'] = 'references'): CodeLens {
  const data: LensData = { uri: node.tree.uri, title, what };
  return { range, data };
}

/** What a lens that is not yet resolved carries. */
interface LensData {
  readonly uri: string;
  readonly title: string;
  readonly what: 'references' | 'implementation' | 'istio';
}

/** Finds the places only when the lens is on the screen. */
export function resolveCodeLens(snapshot: Snapshot, lens: CodeLens): CodeLens {
  const data = lens.data as LensData | undefined;
  const tree = data && snapshot.documents.get(data.uri)?.tree;
  if (!data || !tree) return lens;
  const { line, character } = lens.range.start;
  const place = { snapshot, uri: data.uri, offset: tree.lines.offsetAt({ line, column: character }) };
  if (data.what === 'istio') return resolveIstioLens(place, lens);
  const locations =
    data.what === 'references'
      ? placesOfName(place, false)
          .filter(({ site }) => !site.back)
          .map((each) => ({ uri: each.resource.node.tree.uri, range: rangeOfName(each) }))
      : findImplementation(place).map(({ targetUri, targetSelectionRange }) => ({ uri: targetUri, range: targetSelectionRange }));
  return {
    range: lens.range,
    command: { title: data.title, command: 'envoyLens.showReferences', arguments: [data.uri, lens.range.start, locations] },
  };
}

/** What became of the resource, and who names it. */
function resolveIstioLens(place: Place, lens: CodeLens): CodeLens {
  const locations = findReferences(place, false);
  const uris = new Set(place.snapshot.proxies.flatMap((proxy) => proxy.uris));
  const made = locations.filter(({ uri }) => uris.has(uri)).length;
  const others = locations.length - made;
  const title = [made > 0 ? `${count(made, 'place')} in the dumps` : '', others > 0 || made === 0 ? count(others, 'reference') : '']
    .filter(Boolean)
    .join(', ');
  return {
    range: lens.range,
    command: { title, command: 'envoyLens.showReferences', arguments: [place.uri, lens.range.start, locations] },
  };
}
