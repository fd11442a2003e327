/** Whether the files of a proxy have lost resources: then the absence of one proves nothing. */
import type { ProxyScope } from '../index/proxyScope';
import type { Resource, ResourceKind } from '../model/resources/resource';
import { readTyped, type ConfigNode } from '../schema/configNode';
import { KEPT_BACK } from '../schema/keptBack';
import { mayLackEntries } from '../schema/mayLackEntries';
import { memoizeByObject } from '../text/memoizeByObject';
import { fileNameOf } from '../text/uriParts';
import { shortNameOf } from '../schema/table/typeUrl';

/** Whether the file at a path is one of the proxy's; the open ones are known by their names alone. */
export function isFileOpen({ uris }: ProxyScope, path: string): boolean {
  return uris.some((uri) => fileNameOf(uri) === fileNameOf(path));
}

/** A list or section of that kind is cut (`{...}`), the whole file is, or a name is kept back. */
export function mayLack(proxy: ProxyScope, kind: ResourceKind): boolean {
  const { kinds, isCut } = lossesOf(proxy);
  return isCut || kinds.has(kind);
}

interface Losses {
  readonly kinds: ReadonlySet<ResourceKind>;
  /** What holds the sections. */
  readonly isCut: boolean;
}

const KINDS: Readonly<Record<string, ResourceKind>> = {
  ListenersConfigDump: 'listener',
  ClustersConfigDump: 'cluster',
  RoutesConfigDump: 'route_configuration',
  EndpointsConfigDump: 'load_assignment',
};

const lossesOf = memoizeByObject((proxy: ProxyScope): Losses => {
  const kinds = new Set<ResourceKind>();
  for (const resource of proxy.resources) if (isGone(resource) || resource.name === KEPT_BACK) kinds.add(resource.kind);
  let isCut = false;
  for (const { node } of proxy.parts) {
    for (const section of [node, ...node.list('configs')]) {
      const type = readTyped(section).type;
      const kind = KINDS[shortNameOf(type)];
      if (kind && isCutSection(section)) kinds.add(kind);
    }
    if (proxy.kind === 'dump' && (node.isIncomplete || node.get('configs')?.isIncomplete === true)) isCut = true;
  }
  for (const list of listsOf(proxy)) if (list.node.isIncomplete) kinds.add(list.kind);
  for (const kind of cutStaticLists(proxy)) kinds.add(kind);
  return { kinds, isCut };
});

/** A section of a dump that lost something of its own or of its lists. */
function isCutSection(section: ConfigNode): boolean {
  const isCutList = (list: ConfigNode): boolean => list.isArray && (list.isIncomplete || list.items().some(isCutEntry));
  return section.isIncomplete || section.entries().some(([, list]) => isCutList(list));
}

/** An entry of a section, or the state that holds its message. */
function isCutEntry(entry: ConfigNode): boolean {
  return entry.isIncomplete || entry.get('active_state')?.isIncomplete === true;
}

const STATIC_LISTS: readonly (readonly [string, ResourceKind])[] = [
  ['listeners', 'listener'],
  ['clusters', 'cluster'],
];

/** Of a bootstrap's own lists nothing may be left: then no resource tells where they stood. */
function cutStaticLists({ bootstrap, kind }: ProxyScope): ResourceKind[] {
  if (!bootstrap || kind === 'dump') return [];
  const holder = bootstrap.get('static_resources') ?? bootstrap;
  return STATIC_LISTS.flatMap(([name, of]) => (mayLackEntries(holder, name) ? [of] : []));
}

/** Where resources stand outside of a dump's sections. */
function listsOf({ resources }: ProxyScope): { kind: ResourceKind; node: ConfigNode }[] {
  const found: { kind: ResourceKind; node: ConfigNode }[] = [];
  let last: ConfigNode | undefined;
  for (const { kind, entry, node } of resources) {
    const list = entry.parent;
    if (!list || (last && list.sameAs(last))) continue;
    last = list;
    found.push({ kind, node: list }, ...(list.parent ? [{ kind, node: list.parent }] : []));
    if (node.parent && !node.sameAs(entry)) found.push({ kind, node: node.parent });
  }
  return found;
}

/** Of the message nothing is left, or not its name. */
function isGone({ name, node, entry }: Resource): boolean {
  return (node.isIncomplete && node.entries().length === 0) || (name === '' && (node.isIncomplete || entry.isIncomplete));
}
