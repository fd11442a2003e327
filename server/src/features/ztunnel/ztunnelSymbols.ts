/** The outline of a ztunnel's dump: its services with their endpoints, its workloads, its policies. */
import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver-types';
import { count } from '../writing/markdown';
import { rangeOfNode } from '../place/place';
import { nameOfThing, ztunnelPlacesOf, type ZtunnelPlace, type ZtunnelThing } from './ztunnelPlaces';
import type { Snapshot } from '../../index/snapshot';

/** By kind, in file order; things of the document alone. */
export function ztunnelSymbols(snapshot: Snapshot, uri: string): { label: string; symbols: DocumentSymbol[] }[] {
  const own = ztunnelPlacesOf(snapshot, uri).filter(({ isDefinition, node }) => isDefinition && node.tree.uri === uri);
  const of = (kind: ZtunnelThing['kind']) => own.filter(({ thing }) => thing.kind === kind).map(symbolOf);
  return [
    { label: 'Services', symbols: of('service') },
    { label: 'Workloads', symbols: of('workload') },
    { label: 'Policies', symbols: of('policy') },
  ];
}

export const SYMBOL_KINDS: Readonly<Record<ZtunnelThing['kind'], SymbolKind>> = {
  service: SymbolKind.Class,
  workload: SymbolKind.Interface,
  policy: SymbolKind.Key,
};

function symbolOf({ node, thing }: ZtunnelPlace): DocumentSymbol {
  return {
    name: nameOfThing(thing) || '(no name)',
    detail: detailOf(thing),
    kind: SYMBOL_KINDS[thing.kind],
    range: rangeOfNode(thing.node),
    selectionRange: rangeOfNode(node),
  };
}

function detailOf(thing: ZtunnelThing): string {
  switch (thing.kind) {
    case 'workload':
      return [...thing.workload.ips.slice(0, 2), thing.workload.protocol].join(', ');
    case 'service':
      return [...thing.service.vips.slice(0, 2).map(({ ip }) => ip), count(thing.service.endpoints.length, 'endpoint')].join(', ');
    case 'policy':
      return [thing.policy.action, thing.policy.scope].join(', ');
  }
}
