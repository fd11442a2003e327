/**
 * One read-only tree over JSON and YAML: columns in typed arrays, nodes in document order (pre-order).
 * A node is its number. Values are nodes; a property's key is a column of its value. Built by parseJson and parseYaml.
 */
import type { Text } from '../../text/text';
import type { KeyTable } from './keyTable';
import { LineIndex } from '../../text/lineIndex';
import type { Span } from '../../text/span';
import { endAt, keyStartAt, LARGE, lengthAt, nextOf, parentAt, type TreeColumns } from './treeColumns';
import type { TypeNotes } from './typeNotes';
import { type NodeId, NO_NODE } from './nodeId';

export { NO_NODE, type NodeId } from './nodeId';

/** Low three bits of the kind column. `missing`: a key without a value. */
export const NodeKind = {
  missing: 0,
  object: 1,
  array: 2,
  string: 3,
  number: 4,
  boolean: 5,
  null: 6,
} as const;
export type NodeKind = (typeof NodeKind)[keyof typeof NodeKind];

export const KIND_MASK = 7;
/** The container lost something: `{...}`, `[...]`, cut off, or an unreadable stretch inside. */
export const FLAG_INCOMPLETE = 8;
/** Stands for an anchor's content at its use (alias or merge key): the span is the use. */
export const FLAG_COPY = 16;
/** A string whose text is not its value (escapes, folding …). */
export const FLAG_ENCODED = 32;

export type Scalar = string | number | boolean | null;

export interface SyntaxProblem {
  readonly span: Span;
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'information';
}

export interface TreeParts {
  readonly uri: string;
  readonly text: Text;
  /** Of the text, where it is known already. */
  readonly lines?: LineIndex;
  readonly language: 'json' | 'yaml';
  readonly columns: TreeColumns;
  /** Of YAML: nothing is known by its offset but what the columns say, so that an edit may move it. */
  readonly isMovable?: boolean;
  /** Every key once; trees that were made of this one by edits share it. */
  readonly keys: KeyTable;
  /** Not of trees that were made by edits. */
  readonly types?: TypeNotes | undefined;
  /** The top value of each document. */
  readonly roots: readonly NodeId[];
  readonly problems: readonly SyntaxProblem[];
  /** The value of a scalar node; called with scalar nodes only. */
  readonly decode: (tree: SyntaxTree, node: NodeId) => Scalar;
  /** Whether the value of a scalar is kept, and is not made of its text each time. */
  readonly keepsValue?: (node: NodeId) => boolean;
  /** The end of the key token that starts at `start`. */
  readonly keyEnd: (text: Text, start: number) => number;
}

export class SyntaxTree {
  readonly uri: string;
  readonly text: Text;
  readonly language: 'json' | 'yaml';
  readonly columns: TreeColumns;
  readonly keyNames: readonly string[];
  readonly roots: readonly NodeId[];
  readonly problems: readonly SyntaxProblem[];
  readonly lines: LineIndex;
  /** The key ids of proto fields in either spelling (-1: no key has it), by proto name; filled by those who look fields up. */
  readonly spellings = new Map<string, { readonly snake: number; readonly camel: number }>();
  readonly parts: TreeParts;
  private readonly derived = new Map<object, Map<NodeId, unknown>>();

  constructor(parts: TreeParts) {
    this.parts = parts;
    this.uri = parts.uri;
    this.text = parts.text;
    this.language = parts.language;
    this.columns = parts.columns;
    this.keyNames = parts.keys.names;
    this.roots = parts.roots;
    this.problems = parts.problems;
    this.lines = parts.lines ?? new LineIndex(parts.text);
  }

  get size(): number {
    return this.columns.size;
  }

  kind(node: NodeId): NodeKind {
    return ((this.columns.kinds[node] ?? 0) & KIND_MASK) as NodeKind;
  }

  hasFlag(node: NodeId, flag: number): boolean {
    return ((this.columns.kinds[node] ?? 0) & flag) !== 0;
  }

  isContainer(node: NodeId): boolean {
    const kind = this.kind(node);
    return kind === NodeKind.object || kind === NodeKind.array;
  }

  start(node: NodeId): number {
    return this.columns.starts[node] ?? 0;
  }

  end(node: NodeId): number {
    return endAt(this.columns, node);
  }

  span(node: NodeId): Span {
    return { start: this.start(node), end: this.end(node) };
  }

  parent(node: NodeId): NodeId {
    return parentAt(this.columns, node);
  }

  firstChild(node: NodeId): NodeId {
    return (this.columns.sizes[node] ?? 0) > 1 ? node + 1 : NO_NODE;
  }

  /** The node after the subtree. */
  next(node: NodeId): NodeId {
    return nextOf(this.columns, node);
  }

  nextSibling(node: NodeId): NodeId {
    const parent = this.parent(node);
    if (parent === NO_NODE) return NO_NODE;
    const next = this.next(node);
    return next < this.next(parent) ? next : NO_NODE;
  }

  children(node: NodeId): NodeId[] {
    const found: NodeId[] = [];
    for (let child = this.firstChild(node); child !== NO_NODE; child = this.nextSibling(child)) found.push(child);
    return found;
  }

  /** The items of a list, or the first `count` of them; those of lists in it, however deep, stand in their place. */
  listItems(list: NodeId, count = Infinity): NodeId[] {
    return this.mapListItems(list, (item) => item, count);
  }

  /** What `make` makes of the same items. */
  mapListItems<Item>(list: NodeId, make: (item: NodeId) => Item, count = Infinity): Item[] {
    const found: Item[] = [];
    const end = this.next(list);
    for (let item = list + 1; item < end && found.length < count;) {
      const isList = this.kind(item) === NodeKind.array;
      if (!isList) found.push(make(item));
      item = isList ? item + 1 : this.next(item);
    }
    return found;
  }

  /** Index into keyNames, or -1. */
  keyId(node: NodeId): number {
    return this.columns.keyIds[node] ?? -1;
  }

  /** The decoded key of a property's value, undefined for array items and roots. */
  key(node: NodeId): string | undefined {
    const id = this.keyId(node);
    return id < 0 ? undefined : this.keyNames[id];
  }

  /** Where the key's token starts (its quote included), or -1. */
  keyStart(node: NodeId): number {
    return keyStartAt(this.columns, node);
  }

  /** Where a member begins: at its key, or at the value itself where it has none. */
  memberStart(node: NodeId): number {
    const key = this.keyStart(node);
    return key < 0 ? this.start(node) : key;
  }

  /** The key's token, quotes included. */
  keySpan(node: NodeId): Span | undefined {
    const start = this.keyStart(node);
    return start < 0 ? undefined : { start, end: this.parts.keyEnd(this.text, start) };
  }

  /** The id of a key's name in this tree, -1 where no key has it. */
  idOfKey(name: string): number {
    return this.parts.keys.ids.get(name) ?? -1;
  }

  /** The value under `key` in an object (the last one, where a key is repeated), or NO_NODE. */
  child(node: NodeId, key: string): NodeId {
    const id = this.idOfKey(key);
    return id < 0 ? NO_NODE : this.childByKeyId(node, id);
  }

  childByKeyId(node: NodeId, id: number): NodeId {
    const { columns } = this;
    const end = nextOf(columns, node);
    let found = NO_NODE;
    for (let child = node + 1; child < end; child = nextOf(columns, child)) if (columns.keyIds[child] === id) found = child;
    return found;
  }

  /** The place of an array item among its siblings, 0-based. */
  indexInParent(node: NodeId): number {
    const parent = this.parent(node);
    if (parent === NO_NODE) return 0;
    const first = this.firstChild(parent);
    // Pointers into long lists are asked for again and again: their places are counted once.
    const LONG = 64;
    if (this.next(parent) - first > LONG) return this.memoize(this.placesOfChildren, parent, parent).get(node) ?? 0;
    let index = 0;
    for (let child = first; child !== node && child !== NO_NODE; child = this.nextSibling(child)) index++;
    return index;
  }

  private readonly placesOfChildren = (parent: NodeId): ReadonlyMap<NodeId, number> =>
    new Map(this.children(parent).map((child, index) => [child, index]));

  /** What `derive` makes of a node, made once and kept with the tree (which never changes). `subject` stands for the node. */
  memoize<Value, Subject>(derive: (subject: Subject) => Value, node: NodeId, subject: Subject): Value {
    let values = this.derived.get(derive);
    if (!values) this.derived.set(derive, (values = new Map<NodeId, unknown>()));
    const known = values.get(node);
    if (known !== undefined || values.has(node)) return known as Value;
    const value = derive(subject);
    values.set(node, value);
    return value;
  }

  /** The value of a scalar; undefined for containers and missing values. */
  scalar(node: NodeId): Scalar | undefined {
    const kind = this.kind(node);
    if (kind === NodeKind.object || kind === NodeKind.array || kind === NodeKind.missing) return undefined;
    return this.parts.decode(this, node);
  }

  /** Whether a node is a string with this value. */
  isString(node: NodeId, value: string): boolean {
    const { kinds, lengths } = this.columns;
    const kind = kinds[node] ?? 0;
    if ((kind & KIND_MASK) !== NodeKind.string) return false;
    if (this.language !== 'json' || (kind & FLAG_ENCODED) !== 0) return this.scalar(node) === value;
    const QUOTES = 2;
    const length = value.length + QUOTES;
    if (length < LARGE ? lengths[node] !== length : lengthAt(this.columns, node) !== length) return false;
    const start = this.start(node) + 1;
    // Names of one length mostly differ in the middle: hosts begin and end alike.
    const middle = value.length >> 1;
    if (middle > 0 && this.text.charCodeAt(start + middle) !== value.charCodeAt(middle)) return false;
    // Two strings of one length are compared by words; `startsWith` goes character by character.
    return this.text.slice(start, start + value.length) === value;
  }

  /** Whether a node is a string with this end. */
  endsWith(node: NodeId, tail: string): boolean {
    if (this.language !== 'json' || this.hasFlag(node, FLAG_ENCODED)) return String(this.scalar(node)).endsWith(tail);
    const quote = this.end(node) - 1;
    // Most texts are told apart by their last character.
    if (this.text.charCodeAt(quote - 1) !== tail.charCodeAt(tail.length - 1)) return false;
    return quote - this.start(node) > tail.length && this.text.slice(quote - tail.length, quote) === tail;
  }

  /** The same of the text of an `@type`: one that is noted is not looked at. */
  typeEndsWith(node: NodeId, tail: string): boolean {
    const id = this.parts.types?.idAt(node) ?? -1;
    return id < 0 ? this.endsWith(node, tail) : (this.keyNames[id] ?? '').endsWith(tail);
  }

  /** Whether a string says nothing; most are told by their length alone, but for block scalars of blank lines. */
  isEmptyString(node: NodeId): boolean {
    const QUOTES = 2;
    const mayBeBlank = this.language !== 'json' && this.hasFlag(node, FLAG_ENCODED);
    return (mayBeBlank || lengthAt(this.columns, node) <= QUOTES) && this.scalar(node) === '';
  }

  /** Which document of the stream the node is in, 0-based. */
  documentOf(node: NodeId): number {
    let found = 0;
    this.roots.forEach((root, index) => {
      if (root <= node) found = index;
    });
    return found;
  }

  /** RFC 6901 pointer from the document's root, over decoded keys. */
  pointer(node: NodeId): string {
    const parts: string[] = [];
    for (let at = node; this.parent(at) !== NO_NODE; at = this.parent(at))
      parts.push((this.key(at) ?? String(this.indexInParent(at))).replace(/~/g, '~0').replace(/\//g, '~1'));
    return parts.length === 0 ? '' : `/${parts.reverse().join('/')}`;
  }

  /** The node at a pointer, or NO_NODE. */
  nodeAtPointer(pointer: string, document = 0): NodeId {
    let node = this.roots[document] ?? NO_NODE;
    if (pointer === '') return node;
    for (const part of pointer.slice(1).split('/')) {
      if (node === NO_NODE) return NO_NODE;
      const key = part.replace(/~1/g, '/').replace(/~0/g, '~');
      node = this.kind(node) === NodeKind.array ? (this.children(node)[Number(key)] ?? NO_NODE) : this.child(node, key);
    }
    return node;
  }
}
