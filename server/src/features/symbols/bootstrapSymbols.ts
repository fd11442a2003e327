/** The outline of what a bootstrap has beside its static resources: who the proxy is, where it is asked, where the rest comes from. */
import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver-types';
import { indexesOfKind } from '../../model/resources/indexesByKind';
import { formatAddress, readAddress } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import { rangeOfNode, rangeOfSpan } from '../place/place';
import type { Snapshot } from '../../index/snapshot';

/** In file order; [] for documents without a bootstrap. Static resources are in the groups of their kinds. */
export function bootstrapSymbols(snapshot: Snapshot, uri: string): DocumentSymbol[] {
  const lists = snapshot.documents.get(uri)?.parts.map(({ list }) => list) ?? [];
  const bootstraps = lists.flatMap((list) => indexesOfKind(list, 'bootstrap', 'all').flatMap((index) => list.at(index) ?? []));
  return bootstraps.flatMap(({ node }) => node.entries().flatMap(([key, value]) => symbolOf(key, value) ?? []));
}

function symbolOf(key: string, node: ConfigNode): DocumentSymbol | undefined {
  if (/^static_?resources$/i.test(key) || key === '@type') return undefined;
  const span = node.tree.keySpan(node.id);
  const selectionRange = span ? rangeOfSpan(node.tree, span) : rangeOfNode(node);
  const range = { start: selectionRange.start, end: rangeOfNode(node).end };
  return { name: key, detail: detailOf(key, node), kind: SymbolKind.Property, range, selectionRange };
}

function detailOf(key: string, node: ConfigNode): string {
  switch (key) {
    case 'node':
      return node.string('id') || node.string('cluster');
    case 'admin': {
      const address = readAddress(node.get('address'));
      return address ? formatAddress(address) : '';
    }
    case 'dynamic_resources':
    case 'dynamicResources':
      return keysOf(node);
    case 'layered_runtime':
    case 'layeredRuntime':
      return node
        .list('layers')
        .map((layer) => layer.string('name'))
        .join(', ');
    default:
      return '';
  }
}

/** `lds_config`, `cds_config` … as `lds, cds`. */
function keysOf(node: ConfigNode): string {
  return node
    .entries()
    .map(([key]) => key.replace(/_?config$/i, ''))
    .join(', ');
}
