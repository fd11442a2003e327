/** The resources of a document that may have names, in columns; which of them a name stands in is a number. */
import type { DocumentPart } from '../../model/document/documentPart';
import type { Resource } from '../../model/resources/resource';
import { outermostOf, type ResourceHead, type ResourceList } from '../../model/resources/resourceList';
import { NO_NODE, type NodeId, type SyntaxTree } from '../../syntax/tree/syntaxTree';

/** Those that lie in no other one, in document order part by part, then those inside of bootstraps. */
export interface NameOwners {
  readonly parts: readonly DocumentPart[];
  /** By owner: the place of its part. */
  readonly partOf: Int32Array;
  /** By owner: the place of the resource in the part's list. */
  readonly indexes: Int32Array;
  /** How many lie in no other one. */
  readonly outer: number;
}

export function listOwners(tree: SyntaxTree, parts: readonly DocumentPart[]): NameOwners {
  const outer = parts.map(({ list }) => list.ofKinds(namedResources));
  const inner = parts.map(({ list }, at) => resourcesInBootstraps(tree, list, outer[at] ?? new Int32Array(0)));
  const columns = [...outer, ...inner];
  const partOf = columns.flatMap((indexes, column) => new Array<number>(indexes.length).fill(column % parts.length));
  return {
    parts,
    partOf: Int32Array.from(partOf),
    indexes: concatenate(columns),
    outer: outer.reduce((sum, { length }) => sum + length, 0),
  };
}

const namedResources = (list: ResourceList): Int32Array => outermostOf(list, ({ kind }) => kind !== 'istio_resource');

function resourcesInBootstraps(tree: SyntaxTree, list: ResourceList, outer: Int32Array): Int32Array {
  const inside: number[] = [];
  for (const index of outer) {
    if (list.head(index)?.kind !== 'bootstrap') continue;
    const id = list.nodes[index] ?? NO_NODE;
    const end = tree.next(id);
    for (const [other, node] of list.nodes.entries()) if (node > id && node < end) inside.push(other);
  }
  return Int32Array.from(inside);
}

function concatenate(columns: readonly Int32Array[]): Int32Array {
  const [first] = columns;
  const whole = new Int32Array(columns.reduce((sum, { length }) => sum + length, 0));
  if (first?.length === whole.length) return first;
  let at = 0;
  for (const column of columns) {
    whole.set(column, at);
    at += column.length;
  }
  return whole;
}

export function resourceOf({ parts, partOf, indexes }: NameOwners, owner: number): Resource | undefined {
  return parts[partOf[owner] ?? 0]?.list.at(indexes[owner] ?? 0);
}

/** What a resource is, apart from where it stands. */
export function headOf({ parts, partOf, indexes }: NameOwners, owner: number): ResourceHead | undefined {
  return parts[partOf[owner] ?? 0]?.list.head(indexes[owner] ?? 0);
}

export function nodeOf({ parts, partOf, indexes }: NameOwners, owner: number): NodeId {
  return parts[partOf[owner] ?? 0]?.list.nodes[indexes[owner] ?? 0] ?? NO_NODE;
}

/** Resources inside of others, by their nodes: the numbers of the owners. */
export function innerOwners(owners: NameOwners): ReadonlyMap<NodeId, number> {
  const inner = new Map<NodeId, number>();
  for (let owner = owners.outer; owner < owners.indexes.length; owner++) inner.set(resourceOf(owners, owner)?.node.id ?? NO_NODE, owner);
  return inner;
}
