/** Workspace symbols: resources of all proxies by name, fuzzy as editors expect. */
import { SymbolKind, type WorkspaceSymbol } from 'vscode-languageserver-types';
import type { Snapshot } from '../index/buildSnapshot';
import type { ResourceKind } from '../model/resource';
import { shortProxy } from '../trace/renderText';
import { rangeOfNode, selectionOf } from './place';

const KINDS: Partial<Record<ResourceKind, SymbolKind>> = {
  listener: SymbolKind.Interface,
  cluster: SymbolKind.Class,
  route_configuration: SymbolKind.Module,
  load_assignment: SymbolKind.Array,
  secret: SymbolKind.Key,
  extension_config: SymbolKind.Object,
  istio_resource: SymbolKind.Struct,
};

const MAX_SYMBOLS = 2_000;

/** Resources whose name has the query's letters in order, case folded; best first (the query as a whole, then early hits). */
export function findWorkspaceSymbols(snapshot: Snapshot, query: string): WorkspaceSymbol[] {
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  const found: { score: number; symbol: WorkspaceSymbol }[] = [];
  for (const proxy of snapshot.proxies) {
    for (const { kind, name, node, state } of proxy.resources) {
      const symbolKind = KINDS[kind];
      if (symbolKind === undefined || name === '' || state === 'error') continue;
      const score = scoreOf(name.toLowerCase(), wanted);
      if (score === undefined) continue;
      const range = node.has('name') || node.has('cluster_name') ? selectionOf(node) : rangeOfNode(node);
      found.push({
        score,
        symbol: { name, kind: symbolKind, containerName: shortProxy(proxy.id), location: { uri: node.tree.uri, range } },
      });
    }
  }
  return found
    .sort((a, b) => a.score - b.score)
    .slice(0, MAX_SYMBOLS)
    .map(({ symbol }) => symbol);
}

/** Lower is better; undefined: no match. */
function scoreOf(name: string, wanted: string): number | undefined {
  if (wanted === '') return 1;
  const whole = name.indexOf(wanted);
  if (whole >= 0) return whole / 1_000;
  let at = -1;
  let first = -1;
  for (const letter of wanted) {
    at = name.indexOf(letter, at + 1);
    if (at < 0) return undefined;
    if (first < 0) first = at;
  }
  return 1 + at - first;
}
