/** The columns of a tree in which some members of a container have been replaced: copied in stretches, shifted behind them. */
import { KIND_MASK, NO_NODE, type NodeId } from './syntaxTree';
import type { Tape } from './tape';
import {
  lengthAt,
  nextOf,
  parentAt,
  setLength,
  setSize,
  type KeyIds,
  type LargeValues,
  type OpenColumns,
  type TreeColumns,
} from './treeColumns';

export interface Splice {
  readonly container: NodeId;
  /** Members of the container from `first` to `end` (exclusive), with all below them, are replaced. */
  readonly first: NodeId;
  readonly end: NodeId;
  /** By how many characters the text behind them has moved. */
  readonly shift: number;
  /** What replaces them, below a first node that stands for the container. */
  readonly tape: Tape;
}

/** New columns; those in which nothing has changed are shared with the old ones. */
export function spliceColumns(old: TreeColumns, splice: Splice): TreeColumns {
  const { container, first, end, shift, tape } = splice;
  const added = tape.size - 1;
  const grown = added - (end - first);
  const joining = { old, splice, size: old.size + grown };
  const isSame = isAlike(old, splice);
  const columns: OpenColumns = {
    size: joining.size,
    starts: joinStarts(joining),
    lengths: join(joining, new Uint16Array(joining.size), old.lengths, tape.lengths),
    keyDistances:
      isSame && haveSameDistances(old, splice)
        ? old.keyDistances
        : join(joining, new Uint16Array(joining.size), old.keyDistances, tape.keyDistances),
    kinds: isSame ? old.kinds : join(joining, new Uint8Array(joining.size), old.kinds, tape.kinds),
    keyIds: isSame ? old.keyIds : join(joining, newKeyIds(joining), old.keyIds, tape.keyIds),
    parentDistances: isSame ? old.parentDistances : joinParents(joining),
    sizes: isSame ? old.sizes : join(joining, new Uint16Array(joining.size), old.sizes, tape.sizes),
    large: {
      lengths: joinLarge(joining, 'lengths'),
      sizes: joinLarge(joining, 'sizes'),
      keyDistances: joinLarge(joining, 'keyDistances'),
    },
  };
  for (let node = container; node !== NO_NODE; node = parentAt(old, node)) {
    setLength(columns, node, lengthAt(old, node) + shift);
    if (!isSame) setSize(columns, node, nextOf(old, node) - node + grown);
  }
  return columns;
}

interface Joining {
  readonly old: TreeColumns;
  readonly splice: Splice;
  /** How many nodes there are then. */
  readonly size: number;
}

/** Fills a new column: what stood before the replaced nodes, what replaces them, what stood behind. */
function join<Column extends Uint8Array | Uint16Array | Int32Array | KeyIds>(
  { old, splice: { first, end, tape } }: Joining,
  column: Column,
  before: Column,
  added: Column,
): Column {
  column.set(before.subarray(0, first));
  column.set(added.subarray(1, tape.size), first);
  column.set(before.subarray(end, old.size), first + tape.size - 1);
  return column;
}

function newKeyIds({ old, splice: { tape }, size }: Joining): KeyIds {
  const isWide = old.keyIds instanceof Int32Array || tape.keyIds instanceof Int32Array;
  return isWide ? new Int32Array(size) : new Int16Array(size);
}

function joinStarts(joining: Joining): Int32Array {
  const { old, splice, size } = joining;
  const { shift, first, tape } = splice;
  const starts = join(joining, new Int32Array(size), old.starts, tape.starts);
  if (shift !== 0) for (let node = first + tape.size - 1; node < size; node++) starts[node] = (starts[node] ?? 0) + shift;
  return starts;
}

function joinParents(joining: Joining): Int32Array {
  const { old, splice, size } = joining;
  const { container, first, end, tape } = splice;
  const distances = join(joining, new Int32Array(size), old.parentDistances, tape.parentDistances);
  const behind = first + tape.size - 1;
  const grown = behind - end;
  for (let node = first; node < behind; node++) if (parentAt(tape, node - first + 1) === 0) distances[node] = node - container;
  // Only the members of what is around the edit are farther from it now.
  let from = end;
  for (let around = container; grown !== 0 && around !== NO_NODE; around = parentAt(old, around)) {
    const stop = nextOf(old, around);
    for (let member = from; member < stop; member = nextOf(old, member))
      distances[member + grown] = (distances[member + grown] ?? 0) + grown;
    from = stop;
  }
  return distances;
}

function joinLarge({ old, splice: { first, end, tape } }: Joining, column: keyof LargeValues): Map<NodeId, number> {
  const behind = first + tape.size - 1;
  const joined = new Map<NodeId, number>();
  for (const [node, value] of old.large[column]) {
    if (node < first) joined.set(node, value);
    else if (node >= end) joined.set(node - end + behind, value);
  }
  for (const [node, value] of tape.large[column]) if (node > 0) joined.set(node + first - 1, value);
  return joined;
}

/** The same keys and kinds in the same nesting: what most edits leave. */
function isAlike(old: TreeColumns, { container, first, end, tape }: Splice): boolean {
  if (tape.size - 1 !== end - first) return false;
  const lift = first - 1;
  for (let node = 1; node < tape.size; node++) {
    const parent = parentAt(tape, node);
    const isSame =
      tape.kinds[node] === old.kinds[node + lift] &&
      tape.keyIds[node] === old.keyIds[node + lift] &&
      (parent === 0 ? container : parent + lift) === parentAt(old, node + lift);
    if (!isSame) return false;
  }
  return ((old.kinds[container] ?? 0) & KIND_MASK) === ((tape.kinds[0] ?? 0) & KIND_MASK);
}

/** No value stands farther from its key than before, nor nearer: what edits of values leave. */
function haveSameDistances(old: TreeColumns, { first, tape }: Splice): boolean {
  for (let node = 1; node < tape.size; node++) if (tape.keyDistances[node] !== old.keyDistances[node + first - 1]) return false;
  return true;
}
