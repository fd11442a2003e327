/** The columns of a tree in which some members of a container have been replaced: copied in stretches, shifted behind them. */
import { KIND_MASK, NO_NODE, type NodeId, type TreeColumns } from './syntaxTree';
import type { Tape } from './tape';

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
  const size = old.size + grown;
  const offsets = { old, splice, size };
  const starts = joinOffsets(offsets, old.starts, tape.starts);
  const ends = joinOffsets(offsets, old.ends, tape.ends);
  for (let node = container; node !== NO_NODE; node = old.parents[node] ?? NO_NODE) ends[node] = (ends[node] ?? 0) + shift;
  const keyStarts = joinOffsets(offsets, old.keyStarts, tape.keyStarts);
  if (isAlike(old, splice)) return { ...old, starts, ends, keyStarts };
  const kinds = new Uint8Array(size);
  kinds.set(old.kinds.subarray(0, first));
  kinds.set(tape.kinds.subarray(1, tape.size), first);
  kinds.set(old.kinds.subarray(end, old.size), first + added);
  const keyIds = joinColumn(offsets, old.keyIds, tape.keyIds);
  const parents = joinColumn(offsets, old.parents, tape.parents);
  for (let node = first; node < first + added; node++) {
    const parent = parents[node] ?? 0;
    parents[node] = parent === 0 ? container : parent + first - 1;
  }
  for (let node = first + added; node < size; node++) if ((parents[node] ?? 0) >= end) parents[node] = (parents[node] ?? 0) + grown;
  const nexts = joinColumn(offsets, old.nexts, tape.nexts);
  for (let node = first; node < first + added; node++) nexts[node] = (nexts[node] ?? 0) + first - 1;
  for (let node = first + added; node < size; node++) nexts[node] = (nexts[node] ?? 0) + grown;
  for (let node = container; node !== NO_NODE; node = old.parents[node] ?? NO_NODE) nexts[node] = (nexts[node] ?? 0) + grown;
  return { size, kinds, starts, ends, parents, nexts, keyIds, keyStarts };
}

interface Joining {
  readonly old: TreeColumns;
  readonly splice: Splice;
  readonly size: number;
}

function joinColumn({ old, splice: { first, end, tape }, size }: Joining, before: Int32Array, added: Int32Array): Int32Array {
  const column = new Int32Array(size);
  column.set(before.subarray(0, first));
  column.set(added.subarray(1, tape.size), first);
  column.set(before.subarray(end, old.size), first + tape.size - 1);
  return column;
}

/** A column of offsets into the text; -1 stays. */
function joinOffsets(joining: Joining, before: Int32Array, added: Int32Array): Int32Array {
  const { shift, first, tape } = joining.splice;
  const column = joinColumn(joining, before, added);
  if (shift === 0) return column;
  for (let node = first + tape.size - 1; node < column.length; node++) {
    const offset = column[node] ?? 0;
    if (offset >= 0) column[node] = offset + shift;
  }
  return column;
}

/** The same keys and kinds in the same nesting: what most edits leave. */
function isAlike(old: TreeColumns, { container, first, end, tape }: Splice): boolean {
  if (tape.size - 1 !== end - first) return false;
  const lift = first - 1;
  for (let node = 1; node < tape.size; node++) {
    const parent = tape.parents[node] ?? 0;
    const isSame =
      tape.kinds[node] === old.kinds[node + lift] &&
      tape.keyIds[node] === old.keyIds[node + lift] &&
      (parent === 0 ? container : parent + lift) === old.parents[node + lift];
    if (!isSame) return false;
  }
  return ((old.kinds[container] ?? 0) & KIND_MASK) === ((tape.kinds[0] ?? 0) & KIND_MASK);
}
