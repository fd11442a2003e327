/** The columns of a tree while it is being written: typed arrays that grow, and what has been found beside the nodes. */
import type { Text } from '../text/text';
import { createKeyTable, type KeyTable } from './keyTable';
import { FLAG_INCOMPLETE, NO_NODE, type NodeId, type SyntaxProblem, type TreeColumns, type TypeNotes } from './syntaxTree';

/** A file that is no config at all shall not fill the memory with complaints. */
const MAX_PROBLEMS = 1000;

export interface Tape {
  readonly text: Text;
  size: number;
  capacity: number;
  kinds: Uint8Array;
  starts: Int32Array;
  ends: Int32Array;
  parents: Int32Array;
  nexts: Int32Array;
  keyIds: Int32Array;
  keyStarts: Int32Array;
  readonly keys: KeyTable;
  readonly types: TypeNotes;
  readonly roots: NodeId[];
  readonly problems: SyntaxProblem[];
}

/** What a new node is. `keyId` and `keyStart` are -1 where it has no key. */
export interface NewNode {
  /** A NodeKind with flags. */
  readonly kind: number;
  readonly start: number;
  readonly end: number;
  readonly parent: NodeId;
  readonly keyId: number;
  readonly keyStart: number;
}

export function createTape(text: Text): Tape {
  const capacity = 64 + Math.min(1 << 16, text.length >> 3);
  return {
    text,
    size: 0,
    capacity,
    ...newColumns(capacity),
    keys: createKeyTable(),
    types: { nodes: [], ids: [] },
    roots: [],
    problems: [],
  };
}

/** Appends a node without children; a container is closed later by `closeNode`. */
export function addNode(tape: Tape, node: NewNode): NodeId {
  if (tape.size === tape.capacity) growTape(tape, node.start);
  const id = tape.size++;
  tape.kinds[id] = node.kind;
  tape.starts[id] = node.start;
  tape.ends[id] = node.end;
  tape.parents[id] = node.parent;
  tape.nexts[id] = id + 1;
  tape.keyIds[id] = node.keyId;
  tape.keyStarts[id] = node.keyStart;
  if (node.parent === NO_NODE) tape.roots.push(id);
  return id;
}

export function closeNode(tape: Tape, node: NodeId, end: number): void {
  tape.ends[node] = end;
  tape.nexts[node] = tape.size;
}

export function markIncomplete(tape: Tape, node: NodeId): void {
  if (node !== NO_NODE) tape.kinds[node] = (tape.kinds[node] ?? 0) | FLAG_INCOMPLETE;
}

/** Keeps the first thousand problems; the rest would tell nobody anything. */
export function addProblem(tape: Tape, problem: SyntaxProblem): void {
  if (tape.problems.length < MAX_PROBLEMS) tape.problems.push(problem);
}

/** Makes room; `at` is how far the text is read, which tells how many nodes the rest will have, more or less. */
export function growTape(tape: Tape, at: number): void {
  const expected = (tape.size * (tape.text.length + 1)) / Math.max(1, at);
  const sparse = Math.min(expected, tape.size * 512);
  resizeTape(tape, Math.ceil(Math.max(sparse, tape.size) * SLACK) + 64);
}

/** The beginning of a dump may have fewer nodes to a character than the rest: to guess too low costs another copy, and a collection. */
const SLACK = 1.08;

/** The finished columns; room that was not needed is given back when it is worth the copy. */
export function finishColumns(tape: Tape): TreeColumns {
  if (tape.capacity > tape.size * 1.1 + 64) resizeTape(tape, tape.size);
  const { size, kinds, starts, ends, parents, nexts, keyIds, keyStarts } = tape;
  return { size, kinds, starts, ends, parents, nexts, keyIds, keyStarts };
}

type Columns = Pick<Tape, 'kinds' | 'starts' | 'ends' | 'parents' | 'nexts' | 'keyIds' | 'keyStarts'>;

function newColumns(capacity: number): Columns {
  return {
    kinds: new Uint8Array(capacity),
    starts: new Int32Array(capacity),
    ends: new Int32Array(capacity),
    parents: new Int32Array(capacity),
    nexts: new Int32Array(capacity),
    keyIds: new Int32Array(capacity),
    keyStarts: new Int32Array(capacity),
  };
}

function resizeTape(tape: Tape, capacity: number): void {
  const columns = newColumns(capacity);
  columns.kinds.set(tape.kinds.subarray(0, tape.size));
  columns.starts.set(tape.starts.subarray(0, tape.size));
  columns.ends.set(tape.ends.subarray(0, tape.size));
  columns.parents.set(tape.parents.subarray(0, tape.size));
  columns.nexts.set(tape.nexts.subarray(0, tape.size));
  columns.keyIds.set(tape.keyIds.subarray(0, tape.size));
  columns.keyStarts.set(tape.keyStarts.subarray(0, tape.size));
  Object.assign(tape, columns);
  tape.capacity = capacity;
}
