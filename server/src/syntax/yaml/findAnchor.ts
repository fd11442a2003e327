/** What an alias names: the anchor in the text before it (YAML 1.2, 7.1). */
import type { Span } from '../../text/span';
import { getOrMake } from '../../text/getOrMake';
import { memoizeByObject } from '../../text/memoizeByObject';
import { nodeAt } from '../tree/nodeAt';
import { FLAG_COPY, NO_NODE, type NodeId, type SyntaxTree } from '../tree/syntaxTree';

/** The node that stands for a whole alias, not for a part of what it repeats, around a node; NO_NODE where there is none. */
export function aliasAround(tree: SyntaxTree, node: NodeId): NodeId {
  let at = node;
  if (at === NO_NODE || !tree.hasFlag(at, FLAG_COPY)) return NO_NODE;
  while (tree.parent(at) !== NO_NODE && tree.hasFlag(tree.parent(at), FLAG_COPY)) at = tree.parent(at);
  return tree.text.charAt(tree.start(at)) === '*' ? at : NO_NODE;
}

/** The last anchor of that name before an alias, its `&` included; undefined where there is none. */
export function findAnchor(tree: SyntaxTree, alias: NodeId): Span | undefined {
  const { text } = tree;
  const { start, end } = tree.span(alias);
  const anchor = `&${text.slice(start + 1, end)}`;
  for (let at = text.lastIndexOf(anchor, start); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(anchor, at - 1)) {
    const span = { start: at, end: at + anchor.length };
    if (isWhole(tree, span)) return span;
  }
  return undefined;
}

/** The anchor around an offset, its `&` included; undefined where none stands. */
export function anchorAround(tree: SyntaxTree, offset: number): Span | undefined {
  if (tree.language !== 'yaml') return undefined;
  const { text } = tree;
  const start = text.lastIndexOf('&', offset);
  const name = start < 0 || offset - start > MAX_NAME ? undefined : /^&[^\s,[\]{}]+/.exec(text.slice(start, start + MAX_NAME))?.[0];
  const span = { start, end: start + (name?.length ?? 0) };
  return name !== undefined && offset <= span.end && isWhole(tree, span) ? span : undefined;
}

const MAX_NAME = 200;

/** The nodes that stand for whole aliases, one for each, in the order of the text. */
export const aliasesOf: (tree: SyntaxTree) => readonly NodeId[] = memoizeByObject((tree: SyntaxTree) => {
  const found = new Map<number, NodeId>();
  for (let node = 0; tree.language === 'yaml' && node < tree.size; node++)
    if (aliasAround(tree, node) === node) getOrMake(found, tree.start(node), () => node);
  return [...found.values()];
});

/** No part of a longer name, of a text or of a comment. */
function isWhole(tree: SyntaxTree, { start, end }: Span): boolean {
  const { text } = tree;
  if (!/^(?:$|[\s[{,:-])/.test(text.charAt(start - 1)) || !/^(?:$|[\s,\]}])/.test(text.charAt(end))) return false;
  const line = text.slice(text.lastIndexOf('\n', start) + 1, start);
  if (/(?:^|\s)#/.test(line)) return false;
  const place = nodeAt(tree, start);
  return !place || tree.isContainer(place.node) || tree.start(place.node) >= end;
}
