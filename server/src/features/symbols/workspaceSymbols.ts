/** Workspace symbols: resources of all proxies by name, fuzzy as editors expect. */
import { SymbolKind, type WorkspaceSymbol } from 'vscode-languageserver-types';
import type { Resource, ResourceKind } from '../../model/resources/resource';
import type { ConfigNode } from '../../schema/configNode';
import { shortProxy } from '../../model/summary/shortProxy';
import { scoreName } from './fuzzyScore';
import { selectionOf } from '../place/place';
import { nameOfThing, ztunnelPlacesOf } from '../ztunnel/ztunnelPlaces';
import { SYMBOL_KINDS } from '../ztunnel/ztunnelSymbols';
import { fileNameOf } from '../../text/uriParts';
import type { Snapshot } from '../../index/snapshot';

const KINDS: Partial<Record<ResourceKind, SymbolKind>> = {
  listener: SymbolKind.Interface,
  cluster: SymbolKind.Class,
  route_configuration: SymbolKind.Module,
  load_assignment: SymbolKind.Array,
  secret: SymbolKind.Key,
  extension_config: SymbolKind.Object,
  istio_resource: SymbolKind.Struct,
};

/** What other resources are about comes first. */
function rankOf(kind: SymbolKind): number {
  return kind === SymbolKind.Array || kind === SymbolKind.Key ? 1 : 0;
}

const MAX_SYMBOLS = 2_000;

export interface WorkspaceSymbolOptions {
  /** False: the editor asks for the range of the one that it jumps to (`workspaceSymbol/resolve`). */
  readonly withRanges: boolean;
}

/** Resources whose name has the query's letters in order, case folded; best first (see scoreName), resources before the endpoints and secrets of the same name. */
export function findWorkspaceSymbols(
  snapshot: Snapshot,
  query: string,
  { withRanges }: WorkspaceSymbolOptions = { withRanges: true },
): WorkspaceSymbol[] {
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  const found: { score: number; name: string; kind: SymbolKind; containerName: string; node: ConfigNode }[] = [];
  for (const { containerName, resources } of containersOf(snapshot)) {
    for (const { kind, name, node, state } of resources) {
      const symbolKind = KINDS[kind];
      if (symbolKind === undefined || name === '' || state === 'error') continue;
      const score = scoreName(name, wanted);
      if (score !== undefined) found.push({ score, name, kind: symbolKind, containerName, node });
    }
  }
  for (const { containerName, name, kind, node } of ztunnelThings(snapshot)) {
    const score = name === '' ? undefined : scoreName(name, wanted);
    if (score !== undefined) found.push({ score, name, kind, containerName, node });
  }
  return found
    .sort((a, b) => a.score - b.score || rankOf(a.kind) - rankOf(b.kind))
    .slice(0, MAX_SYMBOLS)
    .map(({ name, kind, containerName, node }) => ({
      name,
      kind,
      containerName,
      location: withRanges ? { uri: node.tree.uri, range: selectionOf(node) } : { uri: node.tree.uri },
      ...(!withRanges && { data: { uri: node.tree.uri, node: node.id } }),
    }));
}

/** With the range where the resource stands now: the document may have changed since the symbol was listed. */
export function resolveWorkspaceSymbol(snapshot: Snapshot, symbol: WorkspaceSymbol): WorkspaceSymbol {
  const { uri } = symbol.location;
  const thing = ztunnelThings(snapshot).find(
    (each) => each.node.tree.uri === uri && each.name === symbol.name && each.kind === symbol.kind,
  );
  if (thing) return { ...symbol, location: { uri, range: selectionOf(thing.node) } };
  const resources = snapshot.documents.get(uri)?.parts.flatMap((part) => part.resources) ?? [];
  const named = resources.filter(({ kind, name }) => name === symbol.name && KINDS[kind] === symbol.kind);
  const data: unknown = symbol.data;
  const id = typeof data === 'object' && data !== null && 'node' in data ? data.node : undefined;
  const node = (named.find((each) => each.node.id === id) ?? named[0])?.node;
  return node ? { ...symbol, location: { uri, range: selectionOf(node) } } : symbol;
}

/** The proxies, and the documents with Istio's own resources, which belong to none. */
function containersOf(snapshot: Snapshot): { containerName: string; resources: readonly Resource[] }[] {
  const proxies = snapshot.proxies.map(({ id, resources }) => ({ containerName: shortProxy(id), resources }));
  const documents = [...snapshot.documents.values()].flatMap(({ uri, parts }) =>
    parts.filter(({ kind }) => kind === 'istio').map(({ resources }) => ({ containerName: fileNameOf(uri), resources })),
  );
  return [...proxies, ...documents];
}

/** Workloads, services and policies. */
function ztunnelThings(snapshot: Snapshot): { containerName: string; name: string; kind: SymbolKind; node: ConfigNode }[] {
  const uris = new Set(snapshot.proxies.flatMap(({ ztunnel, uris: own }) => (ztunnel ? own : [])));
  return [...uris].flatMap((uri) =>
    ztunnelPlacesOf(snapshot, uri)
      .filter(({ isDefinition, node }) => isDefinition && node.tree.uri === uri)
      .map(({ thing }) => ({
        containerName: fileNameOf(uri),
        name: nameOfThing(thing),
        kind: SYMBOL_KINDS[thing.kind],
        node: thing.node,
      })),
  );
}
