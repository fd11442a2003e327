/** The columns of a tree while it is being written: typed arrays that grow, and what has been found beside the nodes. */
import type { Text } from '../../text/text';
import { createKeyTable, type KeyTable } from './keyTable';
import { FLAG_INCOMPLETE, KIND_MASK, NO_NODE, type NodeId, type NodeKind, type SyntaxProblem } from './syntaxTree';
import { MAX_NARROW_KEY, noLargeValues, setExtent, setKeyStart, setLength, type OpenColumns, type TreeColumns } from './treeColumns';
import { TypeNotes } from './typeNotes';

/** A file that is no config at all shall not fill the memory with complaints. */
const MAX_PROBLEMS = 1000;

type Writable<Columns> = { -readonly [Column in keyof Columns]: Columns[Column] };

export interface Tape extends Writable<OpenColumns> {
  readonly text: Text;
  capacity: number;
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
    large: noLargeValues(),
    keys: createKeyTable(),
    types: new TypeNotes(),
    roots: [],
    problems: [],
  };
}

/** Appends a node without children; a container is closed later by `closeNode`. */
export function addNode(tape: Tape, node: NewNode): NodeId {
  makeRoom(tape, node.start, 1);
  const id = tape.size++;
  tape.kinds[id] = node.kind;
  tape.starts[id] = node.start;
  setLength(tape, id, node.end - node.start);
  tape.parentDistances[id] = node.parent === NO_NODE ? 0 : id - node.parent;
  tape.sizes[id] = 1;
  if (node.keyId > MAX_NARROW_KEY) widenKeyIds(tape);
  tape.keyIds[id] = node.keyId;
  setKeyStart(tape, id, node.keyStart);
  if (node.parent === NO_NODE) tape.roots.push(id);
  return id;
}

export function closeNode(tape: Tape, node: NodeId, end: number): void {
  setExtent(tape, node, end, tape.size);
}

/** Whatever flags the node has. */
export function isKind({ kinds }: Pick<Tape, 'kinds'>, node: NodeId, kind: NodeKind): boolean {
  return ((kinds[node] ?? 0) & KIND_MASK) === kind;
}

/** For documents with more keys than a narrow column can tell apart. */
export function widenKeyIds(tape: Tape): void {
  if (tape.keyIds instanceof Int16Array) tape.keyIds = Int32Array.from(tape.keyIds);
}

export function markIncomplete(tape: Tape, node: NodeId): void {
  if (node !== NO_NODE) tape.kinds[node] = (tape.kinds[node] ?? 0) | FLAG_INCOMPLETE;
}

/** Keeps the first thousand problems; the rest would tell nobody anything. */
export function addProblem(tape: Tape, problem: SyntaxProblem): void {
  if (tape.problems.length < MAX_PROBLEMS) tape.problems.push(problem);
}

/** Makes room for more nodes; `at` is how far the text is read, which tells how many nodes the rest will have, more or less. */
export function makeRoom(tape: Tape, at: number, more: number): void {
  const size = tape.size + more;
  if (size <= tape.capacity) return;
  const expected = (size * (tape.text.length + 1)) / Math.max(1, at);
  const sparse = Math.min(expected, size * 512);
  resizeTape(tape, Math.ceil(Math.max(sparse, size) * SLACK) + 64);
}

/** The beginning of a dump may have fewer nodes to a character than the rest: to guess too low costs another copy, and a collection. */
const SLACK = 1.08;

/** The finished columns; room that was not needed is given back when it is worth the copy. */
export function finishColumns(tape: Tape): TreeColumns {
  if (tape.capacity > tape.size * 1.1 + 64) resizeTape(tape, tape.size);
  const { size, kinds, starts, lengths, parentDistances, sizes, keyIds, keyDistances, large } = tape;
  return { size, kinds, starts, lengths, parentDistances, sizes, keyIds, keyDistances, large };
}

type Columns = Omit<OpenColumns, 'size' | 'large'>;

function newColumns(capacity: number, isWide = false): Columns {
  return {
    kinds: new Uint8Array(capacity),
    starts: new Int32Array(capacity),
    lengths: new Uint16Array(capacity),
    parentDistances: new Int32Array(capacity),
    sizes: new Uint16Array(capacity),
    keyIds: isWide ? new Int32Array(capacity) : new Int16Array(capacity),
    keyDistances: new Uint16Array(capacity),
  };
}

function resizeTape(tape: Tape, capacity: number): void {
  const columns = newColumns(capacity, tape.keyIds instanceof Int32Array);
  columns.kinds.set(tape.kinds.subarray(0, tape.size));
  columns.starts.set(tape.starts.subarray(0, tape.size));
  columns.lengths.set(tape.lengths.subarray(0, tape.size));
  columns.parentDistances.set(tape.parentDistances.subarray(0, tape.size));
  columns.sizes.set(tape.sizes.subarray(0, tape.size));
  columns.keyIds.set(tape.keyIds.subarray(0, tape.size));
  columns.keyDistances.set(tape.keyDistances.subarray(0, tape.size));
  Object.assign(tape, columns);
  tape.capacity = capacity;
}
