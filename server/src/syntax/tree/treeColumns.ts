/**
 * The nodes of a tree in columns. What is nearly always small (a length, a distance, the size of a subtree) takes two bytes; the few that
 * do not fit stand in a table. Since these say nothing of where in the text a node stands, an edit leaves nearly all of them as they are.
 */
import { NO_NODE, type NodeId } from './nodeId';

/** The columns; arrays may be longer than `size`. */
export interface TreeColumns {
  readonly size: number;
  /** A NodeKind with flags. */
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  /** Of a node's text, in UTF-16 units; or LARGE. */
  readonly lengths: Uint16Array;
  /** How far before the node its parent stands; 0: it has none. */
  readonly parentDistances: Int32Array;
  /** How many nodes the subtree has, the node counted; or LARGE. */
  readonly sizes: Uint16Array;
  /** Index into keyNames, or -1 (array items, document roots). */
  readonly keyIds: KeyIds;
  /** How far before the value the key's token starts (its quote included); or NO_KEY, or LARGE. */
  readonly keyDistances: Uint16Array;
  readonly large: LargeValues;
}

/** Wider only where a document has more keys than fit. */
export type KeyIds = Int16Array | Int32Array;

/** By node: what does not fit into the columns. */
export interface LargeValues {
  readonly lengths: ReadonlyMap<NodeId, number>;
  readonly sizes: ReadonlyMap<NodeId, number>;
  /** May be negative: a copy's key stands where its use is. */
  readonly keyDistances: ReadonlyMap<NodeId, number>;
}

/** Columns that are being written. */
export interface OpenColumns extends TreeColumns {
  readonly large: { readonly [Column in keyof LargeValues]: Map<NodeId, number> };
}

export const LARGE = 0xffff;
export const NO_KEY = 0xfffe;
/** The last key that fits into a narrow column. */
export const MAX_NARROW_KEY = 0x7fff;

export function lengthAt({ lengths, large }: TreeColumns, node: NodeId): number {
  const length = lengths[node] ?? 0;
  return length < LARGE ? length : (large.lengths.get(node) ?? 0);
}

export function endAt(columns: TreeColumns, node: NodeId): number {
  return (columns.starts[node] ?? 0) + lengthAt(columns, node);
}

export function parentAt({ parentDistances }: TreeColumns, node: NodeId): NodeId {
  const distance = parentDistances[node] ?? 0;
  return distance === 0 ? NO_NODE : node - distance;
}

/** The node after the subtree. */
export function nextOf({ sizes, large }: TreeColumns, node: NodeId): NodeId {
  const size = sizes[node] ?? 0;
  return node + (size < LARGE ? size : (large.sizes.get(node) ?? 0));
}

/** Where the key's token starts, or -1. */
export function keyStartAt({ starts, keyDistances, large }: TreeColumns, node: NodeId): number {
  const distance = keyDistances[node] ?? NO_KEY;
  if (distance < NO_KEY) return (starts[node] ?? 0) - distance;
  return distance === NO_KEY ? -1 : (starts[node] ?? 0) - (large.keyDistances.get(node) ?? 0);
}

export function setLength({ lengths, large }: OpenColumns, node: NodeId, length: number): void {
  lengths[node] = narrow(large.lengths, node, length, LARGE);
}

export function setSize({ sizes, large }: OpenColumns, node: NodeId, size: number): void {
  sizes[node] = narrow(large.sizes, node, size, LARGE);
}

/** `keyStart`: -1 where there is no key. */
export function setKeyStart({ starts, keyDistances, large }: OpenColumns, node: NodeId, keyStart: number): void {
  keyDistances[node] = keyStart < 0 ? NO_KEY : narrow(large.keyDistances, node, (starts[node] ?? 0) - keyStart, NO_KEY);
}

/** Where a container ends: in the text, and the node after its subtree. */
export function setExtent(columns: OpenColumns, node: NodeId, end: number, next: NodeId): void {
  setLength(columns, node, end - (columns.starts[node] ?? 0));
  setSize(columns, node, next - node);
}

/** What stands in a column for a value: itself, if it is below the limit. */
export function narrow(values: Map<NodeId, number>, node: NodeId, value: number, limit: number): number {
  // Taken without its sign, a negative one is large.
  if (value >>> 0 < limit) return value;
  values.set(node, value);
  return LARGE;
}

export function noLargeValues(): OpenColumns['large'] {
  return { lengths: new Map(), sizes: new Map(), keyDistances: new Map() };
}
