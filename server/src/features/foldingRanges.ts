/** Folding by what Envoy has: resources, filter chains, filters, virtual hosts, routes, endpoints. */
import { FoldingRangeKind, type FoldingRange } from 'vscode-languageserver-types';
import type { Snapshot } from '../index/buildSnapshot';
import { partsBelow, type OutlinePart } from './outline';
import { rangeOfNode } from './place';

/** One range a part of the outline that spans lines, in file order. At most `limit`: the outer ones before what is in them. */
export function findFoldingRanges(snapshot: Snapshot, uri: string, limit = Infinity): FoldingRange[] {
  const found = new Map<string, FoldingRange>();
  const parts = snapshot.documents.get(uri)?.parts ?? [];
  let level = parts.flatMap(({ resources }) =>
    resources.flatMap(({ kind, node }): OutlinePart[] => (kind === 'bootstrap' ? [] : [{ kind, node, index: null }])),
  );
  while (level.length > 0 && found.size < limit) {
    for (const { node } of level) {
      const { start, end } = rangeOfNode(node);
      if (end.line > start.line && found.size < limit)
        found.set(`${start.line} ${end.line}`, { startLine: start.line, endLine: end.line, kind: FoldingRangeKind.Region });
    }
    level = level.flatMap(partsBelow);
  }
  return [...found.values()].sort((a, b) => a.startLine - b.startLine);
}
