/**
 * The resources of a part in columns. An edit moves nearly all of them and changes one: so what they are is shared from one list to the next,
 * only where they stand is copied, and a resource becomes an object when somebody asks for it.
 */
import { ConfigNode } from '../schema/configNode';
import { NO_NODE, type NodeId, type SyntaxTree } from '../syntax/syntaxTree';
import type { Resource } from './resource';

/** What a resource is, apart from where it stands. */
export type ResourceHead = Omit<Resource, 'node' | 'entry'>;

interface ResourceColumns {
  readonly tree: SyntaxTree | undefined;
  readonly heads: readonly ResourceHead[];
  readonly nodes: Int32Array;
  readonly entries: Int32Array;
}

/** What was made of a list, by what made it. */
type Derived = Map<unknown, unknown>;

interface ListState {
  readonly notes: Uint8Array;
  readonly hostNotes: Map<number, number[]>;
  /** Shared by lists that have the same resources in the same nesting, whatever stands in them. */
  readonly ofKinds: Derived;
  /** The same where their names are the same, too. */
  readonly ofNames: Derived;
}

/** How nodes have moved: from `first` on by `shift`. */
export interface NodeShift {
  readonly tree: SyntaxTree;
  readonly first: NodeId;
  readonly shift: number;
}

/** The resource in which an edit was. */
export interface EditedResource {
  readonly index: number;
  readonly name: string;
  /** What is noted of its virtual hosts, where the edit was in one of them. */
  readonly hostNotes: number[] | undefined;
}

export class ResourceList {
  private everything: readonly Resource[] | undefined;
  private readonly made: (Resource | undefined)[];

  private constructor(
    private readonly columns: ResourceColumns,
    private readonly state: ListState,
    everything?: readonly Resource[],
  ) {
    this.everything = everything;
    this.made = everything ? [] : new Array<Resource | undefined>(columns.heads.length);
  }

  static of(resources: readonly Resource[]): ResourceList {
    const columns: ResourceColumns = {
      tree: resources[0]?.node.tree,
      heads: resources,
      nodes: new Int32Array(resources.length),
      entries: new Int32Array(resources.length),
    };
    for (const [index, { node, entry }] of resources.entries()) {
      columns.nodes[index] = node.id;
      columns.entries[index] = entry.id;
    }
    const state = { notes: new Uint8Array(resources.length), hostNotes: new Map(), ofKinds: new Map(), ofNames: new Map() };
    return new ResourceList(columns, state, resources);
  }

  get length(): number {
    return this.columns.heads.length;
  }

  /** Undefined of an empty list. */
  get tree(): SyntaxTree | undefined {
    return this.columns.tree;
  }

  /** In the order in which they were read: the document's, section by section. */
  get all(): readonly Resource[] {
    return (this.everything ??= this.columns.heads.map((_, index) => this.made[index] ?? this.make(index)));
  }

  /** The same object for the same index. */
  at(index: number): Resource | undefined {
    return this.everything?.[index] ?? this.made[index] ?? (index < this.length ? this.make(index) : undefined);
  }

  head(index: number): ResourceHead | undefined {
    return this.columns.heads[index];
  }

  /** The nodes of all, by index. */
  get nodes(): Int32Array {
    return this.columns.nodes;
  }

  /** The indexes of those that `isWanted`. */
  indexesOf(isWanted: (head: ResourceHead) => boolean): number[] {
    const found: number[] = [];
    for (const [index, head] of this.columns.heads.entries()) if (isWanted(head)) found.push(index);
    return found;
  }

  /** Bits by which those who look at a resource by itself note what they have found; they hold until it is edited. By index. */
  get notes(): Uint8Array {
    return this.state.notes;
  }

  /** The same of the virtual hosts of a route configuration, in their order: there may be thousands in one. */
  hostNotesAt(index: number): number[] {
    const known = this.state.hostNotes.get(index);
    if (known) return known;
    const made: number[] = [];
    this.state.hostNotes.set(index, made);
    return made;
  }

  /** What `make` gives, made once for this list and those after edits: it may look at kinds, states and nesting alone. */
  ofKinds<Value>(make: (list: ResourceList) => Value): Value {
    return derive(this.state.ofKinds, make, this);
  }

  /** The same for what looks at names, too. */
  ofNames<Value>(make: (list: ResourceList) => Value): Value {
    return derive(this.state.ofNames, make, this);
  }

  /** The list after an edit, which was in one of its resources or outside of all. */
  moved({ tree, first, shift }: NodeShift, edited: EditedResource | undefined): ResourceList {
    const isRenamed = edited !== undefined && this.head(edited.index)?.name !== edited.name;
    const columns: ResourceColumns = {
      tree,
      heads: this.headsAfter(isRenamed ? edited : undefined),
      nodes: shifted(this.columns.nodes, first, shift),
      entries: shifted(this.columns.entries, first, shift),
    };
    const notes = this.state.notes.slice();
    const hostNotes = new Map(this.state.hostNotes);
    if (edited) {
      notes[edited.index] = 0;
      hostNotes.set(edited.index, edited.hostNotes ?? []);
    }
    return new ResourceList(columns, {
      notes,
      hostNotes,
      ofKinds: this.state.ofKinds,
      ofNames: isRenamed ? new Map() : this.state.ofNames,
    });
  }

  /** Resources as they were read have the old tree, which need not stay. */
  private headsAfter(renamed: EditedResource | undefined): readonly ResourceHead[] {
    const heads = this.columns.heads === this.everything ? this.everything.map(headOf) : this.columns.heads;
    return renamed ? heads.map((head, index) => (index === renamed.index ? { ...head, name: renamed.name } : head)) : heads;
  }

  private make(index: number): Resource {
    const { tree, heads, nodes, entries } = this.columns;
    const head = heads[index];
    const id = nodes[index] ?? NO_NODE;
    if (!tree || !head) throw new Error('no such resource');
    const node = new ConfigNode(tree, id);
    return (this.made[index] = { ...head, node, entry: entries[index] === id ? node : new ConfigNode(tree, entries[index] ?? NO_NODE) });
  }
}

function headOf({ kind, name, state, set, message }: Resource): ResourceHead {
  return { kind, name, state, ...(set !== undefined && { set }), ...(message !== undefined && { message }) };
}

function shifted(column: Int32Array, first: NodeId, shift: number): Int32Array {
  const copy = column.slice();
  if (shift !== 0)
    for (let index = 0; index < copy.length; index++) if ((copy[index] ?? 0) >= first) copy[index] = (copy[index] ?? 0) + shift;
  return copy;
}

function derive<Value>(derived: Derived, make: (list: ResourceList) => Value, list: ResourceList): Value {
  if (derived.has(make)) return derived.get(make) as Value;
  const value = make(list);
  derived.set(make, value);
  return value;
}

/** The indexes of resources that `isWanted` and that lie in no other one of these, in document order. */
export function outermostOf(list: ResourceList, isWanted: (head: ResourceHead) => boolean): Int32Array {
  const wanted = list.indexesOf(isWanted);
  const { nodes } = list;
  const node = (index: number) => nodes[index] ?? 0;
  if (wanted.some((index, at) => at > 0 && node(wanted[at - 1] ?? 0) > node(index))) wanted.sort((a, b) => node(a) - node(b));
  const found: number[] = [];
  let end = -1;
  for (const index of wanted) {
    if (node(index) < end) continue;
    found.push(index);
    end = list.tree?.columns.nexts[node(index)] ?? end;
  }
  return Int32Array.from(found);
}
