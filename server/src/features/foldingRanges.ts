/** Folding by what Envoy has: resources, filter chains, filters, virtual hosts, routes, endpoints. */
import { FoldingRangeKind, type DocumentSymbol, type FoldingRange } from 'vscode-languageserver-types';
import type { Snapshot } from '../index/buildSnapshot';
import { findDocumentSymbols } from './documentSymbols';

/** One range a symbol that spans lines; the groups of the outline are no places and fold nothing. */
export function findFoldingRanges(snapshot: Snapshot, uri: string): FoldingRange[] {
  const found = new Map<string, FoldingRange>();
  const pending: DocumentSymbol[] = findDocumentSymbols(snapshot, uri).flatMap(({ children = [] }) => children);
  for (let symbol = pending.pop(); symbol; symbol = pending.pop()) {
    const { start, end } = symbol.range;
    if (end.line > start.line)
      found.set(`${start.line} ${end.line}`, { startLine: start.line, endLine: end.line, kind: FoldingRangeKind.Region });
    pending.push(...(symbol.children ?? []));
  }
  return [...found.values()].sort((a, b) => a.startLine - b.startLine);
}
