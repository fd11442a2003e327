/** One proxy: a namespace in which names resolve. Made from a dump, a bootstrap with its xDS files, or the loose files of a folder. */
import { takesTraffic, type Resource, type ResourceKind } from '../model/resources/resource';
import { readProxyNode, type ProxyNode } from '../model/proxyNode';
import type { DocumentPart } from '../model/document/documentPart';
import type { ZtunnelDump } from '../model/ztunnel/ztunnelDump';
import { indexesByKind, indexesOfKind } from '../model/resources/indexesByKind';
import type { ResourceList } from '../model/resources/resourceList';
import { ConfigNode, findField } from '../schema/configNode';
import { NO_NODE } from '../syntax/tree/syntaxTree';
import { nameResources, type NamedResources, type ResourcesByName } from './names/namedResources';
import { isNoted, note, NOTE } from '../model/resources/resourceNotes';
import { addToGroup } from '../text/addToGroup';

export interface ProxyScope {
  /** Node id, else the wrapper's label, else the file or folder. Unique in a snapshot. */
  readonly id: string;
  readonly kind: 'dump' | 'bootstrap' | 'partial' | 'ztunnel';
  readonly proxyNode: ProxyNode;
  readonly uris: readonly string[];
  /** The pieces of documents that it is made of. */
  readonly parts: ReadonlySet<DocumentPart>;
  readonly bootstrap: ConfigNode | undefined;
  /** Of the Rust ztunnel: its dump, or the lists of it that there are. */
  readonly ztunnel: ZtunnelDump | undefined;
  /** Everything, whatever its state, in file order. */
  readonly resources: readonly Resource[];
  /** The kinds of all resources, whatever their state. */
  readonly kinds: ReadonlySet<ResourceKind>;
  /** What takes traffic, by kind and name; the first of each name. */
  readonly byName: ResourcesByName;
  /** What is still warming, alike. */
  readonly warmingByName: ResourcesByName;
  /** Clusters whose endpoints a load assignment of that name lists: by `service_name`, else by their own name (Envoy: source/extensions/clusters/eds/eds.cc). */
  clustersOfEndpoints(name: string): readonly Resource[];
  /** Some of them have another name. */
  readonly hasRenamedEndpoints: boolean;
  /** Listeners that take traffic, in file order (names may repeat or be empty). */
  readonly listeners: readonly Resource[];
  /** The files say which endpoints there are (`?include_eds`, `/clusters`, EDS files). */
  readonly hasEndpoints: boolean;
  /** Latest `last_updated` of the dump, as the file writes it; '' where there is none. */
  readonly lastUpdated: string;
  /** Another dump of the same node is newer (its uri); then this one is not traced by default. */
  readonly supersededBy?: string;
}

export interface ScopeParts {
  readonly id: string;
  readonly kind: ProxyScope['kind'];
  readonly parts: readonly { readonly uri: string; readonly part: DocumentPart }[];
}

/** Joins the parts of one proxy. What an edit of a large dump does not ask for is made when somebody does. */
export function makeProxyScope({ id, kind, parts }: ScopeParts): ProxyScope {
  const lists = parts.map(({ part }) => part.list);
  const byName = nameResources(lists, 'inUse');
  const isWarming = lists.some((list) => indexesByKind(list, 'warming').size > 0);
  let warmingByName: ResourcesByName | undefined;
  const bootstrap = lists.flatMap((list) => indexesOfKind(list, 'bootstrap', 'all').flatMap((index) => list.at(index)?.node ?? []))[0];
  let all: readonly Resource[] | undefined;
  const resources = () => (all ??= lists.flatMap((list) => list.all));
  let listeners: readonly Resource[] | undefined;
  let lastUpdated: string | undefined;
  return {
    ...{ id, kind, bootstrap, byName },
    get warmingByName() {
      return (warmingByName ??= nameResources(isWarming ? lists : [], 'warming'));
    },
    proxyNode: readNodeOf(parts),
    uris: [...new Set(parts.map(({ uri }) => uri))],
    parts: new Set(parts.map(({ part }) => part)),
    ztunnel: kind === 'ztunnel' ? parts.map(({ part }) => part.node) : undefined,
    get resources() {
      return resources();
    },
    kinds: new Set(lists.flatMap((list) => [...indexesByKind(list, 'all').keys()])),
    clustersOfEndpoints: (name) => clustersByEndpoints(lists, byName.cluster, name),
    get hasRenamedEndpoints() {
      return lists.some((list) => renamedIn(list).names.size > 0);
    },
    get listeners() {
      return (listeners ??= resources().filter((resource) => resource.kind === 'listener' && takesTraffic(resource)));
    },
    hasEndpoints: parts.some(({ part }) => part.hasEndpoints) || byName.load_assignment.size > 0,
    get lastUpdated() {
      return (lastUpdated ??= latestUpdate(resources()));
    },
  };
}

/** The first that is told; its version, which no bootstrap in a file tells, may be told by another answer of the same Envoy. */
function readNodeOf(parts: ScopeParts['parts']): ProxyNode {
  const [first = readProxyNode(undefined), ...others] = parts.flatMap(({ part }) =>
    part.proxyNode ? [readProxyNode(part.proxyNode)] : [],
  );
  if (others.length === 0) return first;
  const same = others.filter(({ id }) => id === first.id || first.id === '');
  return { ...(first.id === '' ? (same[0] ?? first) : first), version: first.version ?? same.find(({ version }) => version)?.version };
}

/** The clusters that take traffic under their names, and whose endpoints are listed under this one. Asked for every load assignment. */
function clustersByEndpoints(lists: readonly ResourceList[], clusters: NamedResources, name: string): Resource[] {
  const own = clusters.get(name);
  const found = own && (lists.every((list) => !renamedIn(list).names.has(name)) || endpointsNameOf(own.node, name) === name) ? [own] : [];
  for (const list of lists)
    for (const index of renamedIn(list).byEndpoints.get(name) ?? NONE) {
      const cluster = list.at(index);
      if (cluster && clusters.get(cluster.name) === cluster) found.push(cluster);
    }
  const place = (cluster: Resource) => clusters.placeOf(cluster.name) ?? 0;
  return found.length < 2 ? found : found.sort((a, b) => place(a) - place(b));
}

const NONE: readonly number[] = [];

/** Clusters whose endpoints are listed under another name than theirs. */
interface RenamedClusters {
  readonly names: ReadonlySet<string>;
  /** Their indexes. */
  readonly byEndpoints: ReadonlyMap<string, readonly number[]>;
}

const renamedIn = (list: ResourceList): RenamedClusters => list.ofTexts('cluster', findRenamed);

function findRenamed(list: ResourceList): RenamedClusters {
  const names = new Set<string>();
  const byEndpoints = new Map<string, number[]>();
  for (const index of indexesOfKind(list, 'cluster', 'all')) {
    const name = endpointsNameAt(list, index);
    if (isNoted(list, index, NOTE.listsOwnEndpoints)) continue;
    names.add(list.head(index)?.name ?? '');
    addToGroup(byEndpoints, name, index);
  }
  return { names, byEndpoints };
}

/** The same as `endpointsNameOf`, for the cluster at an index; noted where it is its own. */
export function endpointsNameAt(list: ResourceList, index: number): string {
  const own = list.head(index)?.name ?? '';
  const cluster = isNoted(list, index, NOTE.listsOwnEndpoints) ? undefined : list.at(index);
  const name = cluster ? endpointsNameOf(cluster.node, own) : own;
  if (cluster) note(list, index, NOTE.listsOwnEndpoints, name === own);
  return name;
}

/** The name under which a cluster's endpoints are listed: nearly always its own, and then no new text is made of it. */
export function endpointsNameOf(cluster: ConfigNode, name = cluster.string('name')): string {
  const { tree, id } = cluster;
  const config = findField(tree, id, 'eds_cluster_config');
  const given = config === NO_NODE ? NO_NODE : findField(tree, config, 'service_name');
  return given === NO_NODE || tree.isString(given, name) ? name : new ConfigNode(tree, given).asString() || name;
}

/** RFC 3339 texts of one producer compare as texts. */
function latestUpdate(resources: readonly Resource[]): string {
  let latest = '';
  for (const { entry } of resources) {
    const updated = entry.string('last_updated') || entry.path('active_state')?.string('last_updated') || '';
    if (updated > latest) latest = updated;
  }
  return latest;
}
