/** The names of a dump after an edit inside one of its resources: those around the edit are sought, all others are moved. */
import { InnerReferenceCollector } from '../../schema/references/collectReferences';
import { qualifierOf } from '../../schema/references/rawReference';
import type { ReferenceKind, ReferenceSite } from '../../schema/references/referenceSite';
import { siteOfCode } from '../../schema/references/referenceTape';
import type { EditedTree } from '../../syntax/tree/editedTree';
import type { NodeId, SyntaxTree } from '../../syntax/tree/syntaxTree';
import { inOrder, messageOf } from '../names/collectNames';
import { DocumentNames, type NameColumns } from '../names/documentNames';
import type { NameOwners } from '../names/nameOwners';
import { getOrMake } from '../../text/getOrMake';
import type { MovedParts, TouchedMessage } from './untouchedParts';

/** The names after an edit, and which of them are those of the touched message: from `first`, before and after. */
export interface MovedNames {
  readonly names: DocumentNames;
  readonly first: number;
  readonly end: number;
  readonly added: number;
}

/** Undefined where the names must be sought in the whole document. */
export function moveNames(before: DocumentNames, edited: EditedTree, { parts, touched }: MovedParts): MovedNames | undefined {
  const { tree } = edited;
  const owners: NameOwners = { ...before.owners, parts };
  if (!touched) return { names: new DocumentNames(tree, before.columns, owners), first: 0, end: 0, added: 0 };
  const owner = ownerOf(owners, touched);
  const inside = owner < 0 ? undefined : namesInside(tree, touched, owner);
  if (!inside) return undefined;
  const first = before.firstAt(touched.node);
  const end = before.firstAt(before.tree.next(touched.node));
  const { nodes, sites, scopes, size, ...old } = before.columns;
  const added = inside.size;
  const join = <Column extends Int32Array | Uint16Array>(column: Column, from: Column, middle: Column): Column => {
    column.set(from.subarray(0, first));
    column.set(middle.subarray(0, added), first);
    column.set(from.subarray(end, size), first + added);
    return column;
  };
  const length = size - (end - first) + added;
  const columns: NameColumns = {
    size: length,
    nodes: join(new Int32Array(length), nodes, inside.nodes),
    sites: join(new Uint16Array(length), sites, inside.sites),
    scopes: join(new Int32Array(length), scopes, inside.scopes),
    owners: join(new Int32Array(length), old.owners, inside.owners),
    joined: moveJoined(old.joined, inside.joined, { first, end, added }),
  };
  const shift = edited.added - (edited.end - edited.first);
  shiftNodes(columns.nodes.subarray(first + added), edited.first, shift);
  shiftNodes(columns.scopes.subarray(first + added), edited.first, shift);
  return { names: new DocumentNames(tree, columns, owners), first, end, added };
}

/** By the index of the name; those of the touched message are counted from its first one. */
function moveJoined(
  before: ReadonlyMap<number, string>,
  inside: ReadonlyMap<number, string>,
  { first, end, added }: Omit<MovedNames, 'names'>,
): Map<number, string> {
  const moved = new Map<number, string>();
  for (const [index, name] of before)
    if (index < first) moved.set(index, name);
    else if (index >= end) moved.set(index + added - (end - first), name);
  for (const [index, name] of inside) moved.set(first + index, name);
  return moved;
}

/** The names in the message that encloses the edit; undefined where some stand around it. */
function namesInside(tree: SyntaxTree, { after, kind, node: touched }: TouchedMessage, owner: number): NameColumns | undefined {
  const collector = new InnerReferenceCollector(tree, touched);
  collector.collect(after.id, messageOf({ kind, node: after }));
  const { tape } = collector;
  const names = inOrder(tape, new Int32Array(tape.size).fill(owner));
  const isInside = (names.nodes[0] ?? touched) >= touched && (names.nodes[names.size - 1] ?? touched) < tree.next(touched);
  return isInside ? names : undefined;
}

/** The number of the resource among those that have names, or -1. */
function ownerOf({ partOf, indexes }: NameOwners, { part, index }: TouchedMessage): number {
  for (let owner = 0; owner < indexes.length; owner++) if (indexes[owner] === index && partOf[owner] === part) return owner;
  return -1;
}

/** Nodes before the edit stay: what encloses it, and what is none (-1). */
function shiftNodes(column: Int32Array, first: NodeId, shift: number): void {
  if (shift === 0) return;
  for (let index = 0; index < column.length; index++) {
    const node = column[index] ?? 0;
    if (node >= first) column[index] = node + shift;
  }
}

/** A name that a stretch of names defines, and how often. */
export interface Definition {
  readonly kind: ReferenceKind;
  readonly site: number;
  readonly name: string;
  count: number;
}

export function definitionsIn(names: DocumentNames, first: number, end: number): Map<string, Definition> {
  return namesIn(names, { first, end }, ({ role }) => role === 'definition' || role === 'set');
}

/** The names that are wanted in a stretch of names, and how often each stands there. */
export function namesIn(
  names: DocumentNames,
  { first, end }: { readonly first: number; readonly end: number },
  isWanted: (site: ReferenceSite) => boolean,
): Map<string, Definition> {
  const found = new Map<string, Definition>();
  for (let index = first; index < end; index++) {
    const site = names.columns.sites[index] ?? 0;
    const entry = siteOfCode(site);
    if (!isWanted(entry)) continue;
    const { kind } = entry;
    const name = names.textAt(index);
    const qualifier = entry.qualifierField === undefined ? '' : qualifierOf(names.tree, entry, names.columns.nodes[index] ?? 0);
    getOrMake(found, `${site} ${qualifier} ${name}`, () => ({ kind, site, name, count: 0 })).count++;
  }
  return found;
}

/** Those that one of the two has more often than the other. */
export function changesOf(before: ReadonlyMap<string, Definition>, after: ReadonlyMap<string, Definition>): Definition[] {
  const differs =
    (other: ReadonlyMap<string, Definition>) =>
    ([key, { count }]: [string, Definition]) =>
      other.get(key)?.count !== count;
  return [...[...before].filter(differs(after)), ...[...after].filter(differs(before))].map(([, definition]) => definition);
}
