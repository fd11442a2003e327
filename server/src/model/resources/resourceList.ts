/**
 * The resources of a part in columns. An edit moves nearly all of them and changes one: so what they are is shared from one list to the next,
 * only where they stand is copied, and a resource becomes an object when somebody asks for it.
 */
import { ConfigNode } from '../../schema/configNode';
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { answerOnce, KeptAnswers, type FormerName } from './keptAnswers';
import { NameNumbers } from './nameNumbers';
import type { Resource, ResourceKind } from './resource';

/** What a resource is, apart from where it stands. */
export type ResourceHead = Omit<Resource, 'node' | 'entry'>;

interface ResourceColumns {
  /** Undefined of an empty list. */
  readonly tree: SyntaxTree | undefined;
  readonly heads: readonly ResourceHead[];
  readonly nodes: Int32Array;
  readonly entries: Int32Array;
}

/** How nodes have moved: from `first` on by `shift`. */
export interface NodeShift {
  readonly tree: SyntaxTree;
  readonly first: NodeId;
  readonly shift: number;
}

/** The resource in which an edit was, by its index, and its name after it. */
export interface ResourceEdit {
  readonly index: number;
  readonly name: string;
  /** What is noted of its inner messages (innerMessages.ts), where the edit was in one of them. */
  readonly innerNotes: number[] | undefined;
}

/** The names of all in numbers. Lists after edits share the table: what was given once stays. */
interface NumberedNames {
  readonly table: NameNumbers;
  readonly numbers: Int32Array;
}

export class ResourceList {
  private numbered: NumberedNames | undefined;
  private everything: readonly Resource[] | undefined;
  private readonly made: (Resource | undefined)[];

  private constructor(
    private readonly columns: ResourceColumns,
    private readonly kept: KeptAnswers,
    everything?: readonly Resource[],
  ) {
    this.everything = everything;
    this.made = everything ? [] : new Array<Resource | undefined>(columns.heads.length);
  }

  static of(resources: readonly Resource[]): ResourceList {
    const { length } = resources;
    const tree = resources[0]?.node.tree;
    const columns: ResourceColumns = { tree, heads: resources, nodes: new Int32Array(length), entries: new Int32Array(length) };
    for (const [index, { node, entry }] of resources.entries()) {
      columns.nodes[index] = node.id;
      columns.entries[index] = entry.id;
    }
    return new ResourceList(columns, KeptAnswers.none(length), resources);
  }

  get length(): number {
    return this.columns.heads.length;
  }

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

  /** By index: the number of the name. */
  get nameNumbers(): Int32Array {
    return this.numberedNames().numbers;
  }

  /** The number that resources of this name have, or one that none has. */
  numberOfName(name: string): number {
    return this.numberedNames().table.find(name);
  }

  private numberedNames(): NumberedNames {
    if (!this.numbered) {
      const table = new NameNumbers();
      this.numbered = { table, numbers: table.giveAll(this.columns.heads) };
    }
    return this.numbered;
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

  /** See KeptAnswers; may be written. */
  get notes(): Uint8Array {
    return this.kept.notes;
  }

  /** See KeptAnswers; may be written. */
  innerNotesAt(index: number): number[] {
    return this.kept.innerNotesAt(index);
  }

  /** See KeptAnswers. */
  takeFormerNames(): readonly FormerName[] {
    return this.kept.takeFormerNames();
  }

  /** What `make` gives, made once for this list and those after edits: it may look at kinds, states and nesting alone, and name indexes alone. */
  ofKinds<Answer>(make: (list: ResourceList) => Answer): Answer {
    return answerOnce<ResourceList, Answer>(this.kept.ofKinds, make, this);
  }

  /** The same for what looks at names of a kind, too: until one changes. */
  ofNames<Answer>(kind: ResourceKind, make: (list: ResourceList) => Answer): Answer {
    return answerOnce<ResourceList, Answer>(this.kept.ofNames(kind), make, this);
  }

  /** The same for what looks into resources of a kind: until one of these is edited. */
  ofTexts<Answer>(kind: ResourceKind, make: (list: ResourceList) => Answer): Answer {
    return answerOnce<ResourceList, Answer>(this.kept.ofTexts(kind), make, this);
  }

  /** The same for one resource: until it is edited; it may name nodes by their distance from the resource. */
  ofOne<Answer>(index: number, make: (resource: Resource) => Answer): Answer | undefined {
    const resource = this.at(index);
    return resource && answerOnce<Resource, Answer>(this.kept.ofOne(index), make, resource);
  }

  /** The list after an edit, which was in one of its resources or outside of all. */
  moved({ tree, first, shift }: NodeShift, edit: ResourceEdit | undefined): ResourceList {
    const head = edit && this.head(edit.index);
    const formerName = head && head.name !== edit.name ? head.name : undefined;
    const edited = edit && head && { index: edit.index, kind: head.kind, formerName, innerNotes: edit.innerNotes };
    const columns: ResourceColumns = {
      tree,
      heads: this.headsAfter(formerName === undefined ? undefined : edit),
      nodes: shifted(this.columns.nodes, first, shift),
      entries: shifted(this.columns.entries, first, shift),
    };
    const list = new ResourceList(columns, this.kept.after(edited));
    list.numbered = this.numbered && edit && formerName !== undefined ? renumbered(this.numbered, edit) : this.numbered;
    return list;
  }

  /** Resources as they were read have the old tree, which need not stay. */
  private headsAfter(renamed: ResourceEdit | undefined): readonly ResourceHead[] {
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

function renumbered({ table, numbers }: NumberedNames, { index, name }: ResourceEdit): NumberedNames {
  const copy = numbers.slice();
  copy[index] = table.give(name);
  return { table, numbers: copy };
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

/** The indexes of resources that `isWanted` and that lie in no other one of these, in document order. */
export function outermostOf(list: ResourceList, isWanted: (head: ResourceHead) => boolean): Int32Array {
  const wanted = list.indexesOf(isWanted);
  const node = (index: number) => list.nodes[index] ?? 0;
  if (wanted.some((index, at) => at > 0 && node(wanted[at - 1] ?? 0) > node(index))) wanted.sort((a, b) => node(a) - node(b));
  const found: number[] = [];
  let end = -1;
  for (const index of wanted) {
    if (node(index) < end) continue;
    found.push(index);
    end = list.tree?.next(node(index)) ?? end;
  }
  return Int32Array.from(found);
}
