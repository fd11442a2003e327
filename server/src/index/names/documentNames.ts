/** All names of one document in columns, in document order; a place becomes an object when somebody asks for it. */
import { findFirst } from '../../text/findFirst';
import type { DocumentPart } from '../../model/document/documentPart';
import type { Resource } from '../../model/resources/resource';
import type { ResourceHead, ResourceList } from '../../model/resources/resourceList';
import { qualifierOf } from '../../schema/references/rawReference';
import { isReferenceSite, siteCount, siteOfNumber, type ReferenceKind, type ReferenceSite } from '../../schema/references/referenceSite';
import { isKeyCode, nameText, siteOfCode, type ReferenceTape } from '../../schema/references/referenceTape';
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import { lengthAt } from '../../syntax/tree/treeColumns';
import { headOf, resourceOf, type NameOwners } from './nameOwners';

/** A place that names something. */
export interface NamedPlace {
  readonly kind: ReferenceKind;
  readonly site: ReferenceSite;
  /** The scalar that is the name; for `isKey` the value whose key is the name. */
  readonly node: NodeId;
  readonly isKey: boolean;
  /** Never empty. Runtime keys of nested objects are joined with dots. */
  readonly name: string;
  /** The namespace of metadata. */
  readonly qualifier?: string | undefined;
  /** The enclosing message of the site's scope (its listener, connection manager …), or NO_NODE (see RawReference). */
  readonly scopeNode: NodeId;
  /** The resource in which the name stands, and the part of the document which has that. */
  readonly resource: Resource;
  readonly part: DocumentPart;
}

export interface NameColumns extends Readonly<ReferenceTape> {
  /** Index into owners. */
  readonly owners: Int32Array;
}

export class DocumentNames {
  private places: (NamedPlace | undefined)[] | undefined;

  constructor(
    readonly tree: SyntaxTree,
    readonly columns: NameColumns,
    readonly owners: NameOwners,
  ) {}

  get length(): number {
    return this.columns.size;
  }

  /** The same object for the same index. */
  at(index: number): NamedPlace | undefined {
    if (index < 0 || index >= this.columns.size) return undefined;
    this.places ??= new Array<NamedPlace | undefined>(this.columns.size);
    return (this.places[index] ??= new PlaceOfColumns(this, index));
  }

  /** A place that nobody keeps; an object of its own each time. */
  passingAt(index: number): NamedPlace {
    return new PlaceOfColumns(this, index);
  }

  siteAt(index: number): ReferenceSite {
    return siteOfCode(this.columns.sites[index] ?? 0);
  }

  /** The message whose name stands at an index. */
  messageAt(index: number): NodeId {
    return messageOfName(this.tree, this.columns.nodes[index] ?? NO_NODE, isKeyCode(this.columns.sites[index] ?? 0));
  }

  partAt(index: number): DocumentPart {
    const { parts, partOf } = this.owners;
    const part = parts[partOf[this.columns.owners[index] ?? 0] ?? 0];
    if (!part) throw new Error('a name without a part');
    return part;
  }

  resourceAt(index: number): Resource {
    const resource = resourceOf(this.owners, this.columns.owners[index] ?? 0);
    if (!resource) throw new Error('a name without a resource');
    return resource;
  }

  /** What the resource is in which a name stands. */
  headAt(index: number): ResourceHead | undefined {
    return headOf(this.owners, this.columns.owners[index] ?? 0);
  }

  /** The list of that resource, and its index there. */
  listAt(index: number): ResourceList {
    return this.partAt(index).list;
  }

  indexInListAt(index: number): number {
    return this.owners.indexes[this.columns.owners[index] ?? 0] ?? 0;
  }

  /** Whether the name at an index, without its quotes, takes as much room as this one. */
  isAsLongAt(index: number, name: string): boolean {
    const QUOTES = 2;
    return lengthAt(this.tree.columns, this.columns.nodes[index] ?? NO_NODE) === name.length + QUOTES;
  }

  /** Whether the name at an index is this one. */
  isAt(index: number, name: string): boolean {
    const { nodes, sites, joined } = this.columns;
    const code = sites[index] ?? 0;
    if (isKeyCode(code) || (joined.size > 0 && joined.has(index))) return this.textAt(index) === name;
    return this.tree.isString(nodes[index] ?? NO_NODE, name);
  }

  textAt(index: number): string {
    const { nodes, sites, joined } = this.columns;
    return joined.get(index) ?? nameText(this.tree, nodes[index] ?? NO_NODE, isKeyCode(sites[index] ?? 0));
  }

  /** The index of the first name that fulfils a condition, which all behind it fulfil too; names are in document order. */
  first(isBehind: (place: NamedPlace) => boolean): number {
    return findFirst(this.length, (index) => isBehind(this.passingAt(index)));
  }

  /** The index of the first name at or behind a node. */
  firstAt(node: NodeId): number {
    const { nodes, size } = this.columns;
    return findFirst(size, (index) => (nodes[index] ?? 0) >= node);
  }

  slice(from = 0, to = this.length): NamedPlace[] {
    const found: NamedPlace[] = [];
    for (let index = from; index < to; index++) {
      const place = this.at(index);
      if (place) found.push(place);
    }
    return found;
  }

  filter(isWanted: (place: NamedPlace) => boolean): NamedPlace[] {
    return this.slice().filter(isWanted);
  }
}

/** The message whose name stands at a node: the owner of a `name` field, the value of a map's key. */
export function messageOfName(tree: SyntaxTree, node: NodeId, isKey: boolean): NodeId {
  const parent = isKey ? NO_NODE : tree.parent(node);
  return parent === NO_NODE ? node : parent;
}

/** The indexes of the names from one to another (exclusive) that refer to something. */
export function referencesIn({ columns: { sites } }: DocumentNames, from: number, to: number): Int32Array {
  const indexes = new Int32Array(to - from);
  const refers = (refersAt ??= whichRefer());
  let count = 0;
  for (let index = from; index < to; index++) if (refers[(sites[index] ?? 0) >> 1] === 1) indexes[count++] = index;
  return indexes.slice(0, count);
}

/** By the number of the site: 1 where names there refer to something. Made when all tables of sites are loaded. */
let refersAt: Uint8Array | undefined;

function whichRefer(): Uint8Array {
  return Uint8Array.from({ length: siteCount() }, (_, number) => (isReferenceSite(siteOfNumber(number)) ? 1 : 0));
}

class PlaceOfColumns implements NamedPlace {
  constructor(
    private readonly names: DocumentNames,
    private readonly index: number,
  ) {}

  get site(): ReferenceSite {
    return this.names.siteAt(this.index);
  }

  get kind(): ReferenceKind {
    return this.site.kind;
  }

  get node(): NodeId {
    return this.names.columns.nodes[this.index] ?? NO_NODE;
  }

  get isKey(): boolean {
    return isKeyCode(this.names.columns.sites[this.index] ?? 0);
  }

  get name(): string {
    return this.names.textAt(this.index);
  }

  get qualifier(): string | undefined {
    return qualifierOf(this.names.tree, this.site, this.node);
  }

  get scopeNode(): NodeId {
    return this.names.columns.scopes[this.index] ?? NO_NODE;
  }

  get resource(): Resource {
    return this.names.resourceAt(this.index);
  }

  get part(): DocumentPart {
    return this.names.partAt(this.index);
  }
}
