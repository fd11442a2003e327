/** Folding by what Envoy has (resources, filter chains, filters, virtual hosts, routes, endpoints), then by comments, then by every object and list. */
import { FoldingRangeKind, type FoldingRange } from 'vscode-languageserver-types';
import { nodeAt } from '../syntax/tree/nodeAt';
import { FLAG_COPY, type NodeId, type SyntaxTree } from '../syntax/tree/syntaxTree';
import { isOurs } from './known/isOurs';
import { partsBelow, type OutlinePart } from './symbols/outline';
import type { Snapshot } from '../index/snapshot';

/** More than anyone folds; VS Code takes 5,000 by itself. */
const MAX_RANGES = 5_000;

/**
 * In file order, one range a line. At most `limit`: what Envoy has before other objects, the outer ones before what is in them.
 * An editor that gets ranges from a server folds by indentation no more, so that YAML would fold resources alone without the others.
 */
export function findFoldingRanges(snapshot: Snapshot, uri: string, limit = MAX_RANGES): FoldingRange[] {
  const facts = snapshot.documents.get(uri);
  if (!facts || !isOurs(facts)) return [];
  const { tree, parts } = facts;
  const found = new Map<number, FoldingRange>();
  const add = (id: NodeId, kind?: FoldingRange['kind']) => {
    const range = linesOf(tree, id);
    if (range && found.size < limit && !found.has(range.startLine)) found.set(range.startLine, { ...range, ...(kind && { kind }) });
  };
  let level = parts.flatMap(({ resources }) =>
    resources.flatMap(({ kind, node }): OutlinePart[] => (kind === 'bootstrap' ? [] : [{ kind, node, index: null }])),
  );
  while (level.length > 0 && found.size < limit) {
    for (const { node } of level) add(node.id, FoldingRangeKind.Region);
    level = level.flatMap(partsBelow);
  }
  for (const range of commentBlocks(tree)) if (found.size < limit && !found.has(range.startLine)) found.set(range.startLine, range);
  addContainers(tree, () => found.size < limit, add);
  return [...found.values()].sort((a, b) => a.startLine - b.startLine);
}

/** Longer texts are no hand-written YAML. */
const MAX_LENGTH = 1_000_000;
const COMMENTS = /^[ \t]*#.*(?:\r?\n[ \t]*#.*)+/gm;

/** Comments of several lines; what looks like one inside a text (a script, a template) is none. */
function* commentBlocks(tree: SyntaxTree): Generator<FoldingRange> {
  if (tree.language !== 'yaml' || tree.text.length > MAX_LENGTH) return;
  for (const { 0: text, index } of String(tree.text).matchAll(COMMENTS)) {
    const start = index + text.search(/#/);
    const found = nodeAt(tree, start);
    if (found && !tree.isContainer(found.node) && tree.start(found.node) <= start && start < tree.end(found.node)) continue;
    const startLine = tree.lines.lineColumnAt(start).line;
    yield { startLine, endLine: tree.lines.lineColumnAt(index + text.length).line, kind: FoldingRangeKind.Comment };
  }
}

/** Level by level, until there is no room. */
function addContainers(tree: SyntaxTree, hasRoom: () => boolean, add: (id: NodeId) => void): void {
  let level = [...tree.roots];
  while (level.length > 0 && hasRoom()) {
    const below: NodeId[] = [];
    for (const id of level) {
      if (!tree.isContainer(id) || tree.hasFlag(id, FLAG_COPY)) continue;
      add(id);
      for (const child of tree.children(id)) if (tree.isContainer(child)) below.push(child);
      if (!hasRoom()) return;
    }
    level = below;
  }
}

/** From the line of the key, if there is one, to the last line, where a closing bracket stays in sight; undefined where that is one line. */
function linesOf(tree: SyntaxTree, id: NodeId): { startLine: number; endLine: number } | undefined {
  const { start, end } = tree.span(id);
  const startLine = tree.lines.lineColumnAt(tree.keySpan(id)?.start ?? start).line;
  const isBracket = /[{[]/.test(tree.text.charAt(start)) && /[}\]]/.test(tree.text.charAt(end - 1));
  const endLine = tree.lines.lineColumnAt(end).line - (isBracket ? 1 : 0);
  return endLine > startLine ? { startLine, endLine } : undefined;
}
