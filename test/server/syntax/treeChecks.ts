/** What every tree must hold, and plain values of trees to compare. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FLAG_INCOMPLETE, KIND_MASK, NO_NODE, NodeKind, type NodeId, type SyntaxTree } from '../../../server/src/syntax/tree/syntaxTree';

/** The shared material, where it is present. */
export const sharedFolder = process.env['ENVOY_LENS_SHARED'] ?? resolve(import.meta.dirname, '../../../../shared');
export const hasShared = existsSync(join(sharedFolder, 'corpus'));

/** All files under a folder of the shared material whose name ends so. */
export function sharedFiles(folder: string, ending: string): string[] {
  const root = join(sharedFolder, folder);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(root, name))
    .sort();
}

export function readShared(path: string): string {
  return readFileSync(path, 'utf8');
}

/** The first thing that is wrong with the shape of a tree, or undefined. */
export function findShapeFault(tree: SyntaxTree): string | undefined {
  const { columns, text } = tree;
  const lastStart = new Map<NodeId, number>();
  for (let node = 0; node < tree.size; node++) {
    const parent = tree.parent(node);
    const { start, end } = tree.span(node);
    const next = tree.next(node);
    if (start < 0 || end < start || end > text.length) return `node ${node} has the span ${start}-${end}`;
    if (next <= node || next > tree.size) return `node ${node} ends at node ${next}`;
    if (!tree.isContainer(node) && next !== node + 1) return `the leaf ${node} has children`;
    if (((columns.kinds[node] ?? 0) & KIND_MASK) > NodeKind.null) return `node ${node} has an unknown kind`;
    const key = tree.keySpan(node);
    const first = key?.start ?? start;
    if (key && (key.end < key.start || key.end > text.length)) return `the key of ${node} has the span ${key.start}-${key.end}`;
    if (first < (lastStart.get(parent) ?? 0)) return `node ${node} begins before its sibling`;
    lastStart.set(parent, tree.hasFlag(node, 16) ? first : Math.max(first, end));
    if (parent === NO_NODE) {
      if (!tree.roots.includes(node)) return `node ${node} is no root and has no parent`;
      continue;
    }
    if (parent >= node || !tree.isContainer(parent)) return `node ${node} has the parent ${parent}`;
    if (next > tree.next(parent)) return `node ${node} ends after its parent`;
    if (first < tree.start(parent) || end > tree.end(parent)) return `node ${node} (${first}-${end}) is not inside of its parent`;
  }
  return undefined;
}

/** The plain value of a node, as JSON.parse would give it; repeated keys: the last one; missing values: undefined. */
export function valueOf(tree: SyntaxTree, node: NodeId): unknown {
  if (tree.kind(node) === NodeKind.array) return tree.children(node).map((child) => valueOf(tree, child));
  if (tree.kind(node) !== NodeKind.object) return tree.scalar(node);
  const value: Record<string, unknown> = {};
  for (const child of tree.children(node))
    Object.defineProperty(value, tree.key(child) ?? '', {
      value: valueOf(tree, child),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return value;
}

/** The strings under the given keys anywhere in the tree. */
export function stringsUnder(tree: SyntaxTree, keys: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  for (let node = 0; node < tree.size; node++) {
    const value = keys.has(tree.key(node) ?? '') ? tree.scalar(node) : undefined;
    if (typeof value === 'string') found.add(value);
  }
  return found;
}

/** Every scalar with its key, in order: what a reader can see. */
export function legibleThings(tree: SyntaxTree, before = Infinity): string[] {
  const found: string[] = [];
  for (let node = 0; node < tree.size; node++) {
    const scalar = tree.scalar(node);
    if (scalar !== undefined && tree.end(node) <= before)
      found.push(`${tree.start(node)} ${tree.key(node) ?? ''} = ${JSON.stringify(scalar)}`);
  }
  return found;
}

export function isIncomplete(tree: SyntaxTree, pointer: string): boolean {
  return tree.hasFlag(tree.nodeAtPointer(pointer), FLAG_INCOMPLETE);
}

/** All that is known of each node, with keys by name (their numbers depend on the order in which they were met), and where lines begin. */
export function describeTree(tree: SyntaxTree): object {
  return {
    nodes: Array.from({ length: tree.size }, (_, node) => [
      tree.columns.kinds[node],
      tree.span(node),
      tree.parent(node),
      tree.next(node),
      tree.key(node),
      tree.keySpan(node),
      tree.scalar(node),
    ]),
    lines: Array.from({ length: tree.lines.lineCount }, (_, line) => tree.lines.offsetAt({ line, column: 0 })),
  };
}
