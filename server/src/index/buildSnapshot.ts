/** Reads files, and joins what is known of each into a snapshot. */
import type { DocumentPart } from '../model/document/documentPart';
import { SERVER_INFO } from '../model/document/guessMessage';
import { ztunnelSectionOf } from '../model/ztunnel/ztunnelDump';
import { configSourcePaths, isFileAt } from './configSource';
import type { DocumentFacts, SourceText } from './documentFacts';
import { keepShapes } from './keepShapes';
import { makeScopeNames, type ScopeNames } from './names/scopeNames';
import { makeIstioResources } from './istioResources';
import { makeProxyScope, type ProxyScope, type ScopeParts } from './proxyScope';
import { addToGroup } from '../text/addToGroup';
import { folderOf } from '../text/uriParts';
import { readDocumentFacts } from './readDocumentFacts';
import type { Snapshot } from './snapshot';

/** Reads all files and joins them. */
export function buildSnapshot(files: readonly SourceText[]): Snapshot {
  keepShapes((text) => joinDocuments([readDocumentFacts({ uri: '', text })]));
  return joinDocuments(files.map(readDocumentFacts));
}

/** Joins documents that are already read. Design: a dump is one proxy; loose files of one folder form one proxy; of two dumps of a node the newer counts. */
export function joinDocuments(documents: readonly DocumentFacts[]): Snapshot {
  const proxies = markSuperseded(groupParts(documents).map(scopeOf));
  const byUri = new Map(documents.map((facts) => [facts.uri, facts]));
  return {
    documents: byUri,
    proxies,
    istioResources: makeIstioResources(documents),
    namesOf(proxy) {
      let found = knownNames.get(proxy);
      if (!found) knownNames.set(proxy, (found = makeScopeNames(proxy, byUri)));
      return found;
    },
  };
}

/** Of proxies whose documents have not changed since; the documents alone decide what is in them. */
const knownNames = new WeakMap<ProxyScope, ScopeNames>();
/** By the first part. */
const knownScopes = new WeakMap<DocumentPart, ProxyScope>();

/** An edit of one dump leaves the proxies of the others as they are. */
function scopeOf(scope: ScopeParts): ProxyScope {
  const [first] = scope.parts;
  const known = first && knownScopes.get(first.part);
  const parts = known ? [...known.parts] : [];
  const isSame = known?.id === scope.id && parts.length === scope.parts.length && scope.parts.every(({ part }, at) => part === parts[at]);
  if (isSame) return known;
  const made = makeProxyScope(scope);
  if (first) knownScopes.set(first.part, made);
  return made;
}

/** The proxies that a document belongs to; several only for wrapped dumps and shared xDS files. */
export function proxiesOf(snapshot: Snapshot, uri: string): readonly ProxyScope[] {
  return snapshot.proxies.filter((proxy) => proxy.uris.includes(uri));
}

type Located = ScopeParts['parts'][number];

function groupParts(documents: readonly DocumentFacts[]): ScopeParts[] {
  const located = documents.flatMap((facts) => facts.parts.map((part): Located => ({ uri: facts.uri, part })));
  const taken = new Set<string | DocumentPart>();
  const wholes = located.filter(({ part }) => part.kind !== 'partial' && part.kind !== 'istio');
  const loose = located.filter(({ part }) => part.kind === 'partial');
  const scopes: ScopeParts[] = [];
  for (const whole of wholes) {
    if (taken.has(whole.part)) continue;
    const lists = listsBeside(whole, wholes);
    lists.forEach(({ part }) => taken.add(part));
    const owned = loose.filter((piece) => belongsTo(piece, whole, wholes));
    owned.forEach(({ uri }) => taken.add(uri));
    const parts = [whole, ...lists, ...owned];
    scopes.push({
      id: uniqueId(nodeIdIn(parts) ?? (whole.part.label || whole.uri), scopes),
      kind: whole.part.kind as ScopeParts['kind'],
      parts,
    });
  }
  const folders = new Map<string, Located[]>();
  for (const piece of loose) {
    if (!taken.has(piece.uri)) addToGroup(folders, folderOf(piece.uri), piece);
  }
  for (const [folder, parts] of folders)
    // Whose Envoy it is says nothing by itself of what that Envoy does.
    if (!parts.every(isServerInfo))
      scopes.push({
        id: uniqueId(nodeIdIn(parts) ?? (parts.length === 1 ? (parts[0]?.uri ?? folder) : folder), scopes),
        kind: 'partial',
        parts,
      });
  return scopes;
}

/** Lists of one ztunnel (`istioctl ztunnel-config workload`, `service` …) that lie in one folder, as long as there is one of each. */
function listsBeside(list: Located, wholes: readonly Located[]): Located[] {
  const sectionOf = ({ part }: Located) => (part.kind === 'ztunnel' ? ztunnelSectionOf(part.node) : undefined);
  if (sectionOf(list) === undefined) return [];
  const all = wholes.filter((other) => sectionOf(other) !== undefined && folderOf(other.uri) === folderOf(list.uri));
  return new Set(all.map(sectionOf)).size === all.length ? all.filter((other) => other !== list) : [];
}

/** The answer of /server_info: no configuration, but it tells the node and the version. */
function isServerInfo({ part: { list } }: Located): boolean {
  return list.length === 1 && list.at(0)?.message === SERVER_INFO;
}

/** A dump's own answer of /server_info: by the node, or as the only one without a node that lies beside it. */
function isServerOf(info: Located, dump: Located, wholes: readonly Located[]): boolean {
  const id = dump.part.proxyNode?.string('id') ?? '';
  if (id !== '') return id === info.part.proxyNode?.string('id');
  const nameless = wholes.filter(({ uri, part }) => folderOf(uri) === folderOf(info.uri) && (part.proxyNode?.string('id') ?? '') === '');
  return nameless.length === 1 && nameless[0] === dump;
}

/** A loose file is a bootstrap's when the bootstrap names it by its path, or when it is the only bootstrap of the folder. */
function belongsTo(piece: Located, whole: Located, wholes: readonly Located[]): boolean {
  if (whole.part.kind === 'dump') return isServerInfo(piece) && isServerOf(piece, whole, wholes);
  if (whole.part.kind !== 'bootstrap') return false;
  if (configSourcePaths(whole.part.node).some((path) => isFileAt(piece.uri, path))) return true;
  const bootstraps = wholes.filter(({ uri, part }) => part.kind === 'bootstrap' && folderOf(uri) === folderOf(piece.uri));
  return folderOf(piece.uri) === folderOf(whole.uri) && bootstraps.length === 1;
}

/** The id of the node that the parts tell. */
function nodeIdIn(parts: readonly Located[]): string | undefined {
  return parts.map(({ part }) => part.proxyNode?.string('id') ?? '').find((id) => id !== '');
}

function uniqueId(id: string, scopes: readonly ScopeParts[]): string {
  let unique = id;
  for (let count = 2; scopes.some((scope) => scope.id === unique); count++) unique = `${id} (${count})`;
  return unique;
}

function markSuperseded(proxies: ProxyScope[]): ProxyScope[] {
  return proxies.map((proxy) => {
    const node = proxy.proxyNode.id;
    if (node === '' || proxy.kind !== 'dump') return proxy;
    const newer = proxies.filter(
      (other) => other !== proxy && other.kind === 'dump' && other.proxyNode.id === node && isNewer(other, proxy, proxies),
    );
    return newer[0] ? { ...proxy, supersededBy: newer[0].uris[0] ?? newer[0].id } : proxy;
  });
}

/** By the dumps' own timestamps; of equals the later file counts. */
function isNewer(other: ProxyScope, proxy: ProxyScope, proxies: readonly ProxyScope[]): boolean {
  if (other.lastUpdated !== proxy.lastUpdated) return other.lastUpdated > proxy.lastUpdated;
  return proxies.indexOf(other) > proxies.indexOf(proxy);
}
