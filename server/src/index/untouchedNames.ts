/** The names of a dump after an edit inside one of its resources: those of that one are sought, all others are moved. */
import { ReferenceCollector } from '../schema/collectReferences';
import type { ReferenceKind } from '../schema/referenceSite';
import { siteOfCode } from '../schema/referenceTape';
import type { EditedTree } from '../syntax/editJson';
import { listOwners, messageOf } from './collectNames';
import { DocumentNames, type NameColumns } from './documentNames';
import type { MovedParts } from './untouchedParts';

/** The names after an edit, and which of them are those of the edited resource: from `first`, before and after. */
export interface MovedNames {
  readonly names: DocumentNames;
  readonly first: number;
  readonly end: number;
  readonly added: number;
}

/** Undefined where the names must be sought in the whole document. */
export function moveNames(before: DocumentNames, edited: EditedTree, { parts, ...resource }: MovedParts): MovedNames | undefined {
  const { tree } = edited;
  const collector = new ReferenceCollector(tree);
  collector.collect(resource.after.node.id, messageOf(resource.after));
  const { tape } = collector;
  for (let index = 1; index < tape.size; index++) if ((tape.nodes[index - 1] ?? 0) > (tape.nodes[index] ?? 0)) return undefined;
  // Joined names stand in runtime layers, and these in bootstraps, behind which names would have to be counted anew.
  if (tape.joined.size > 0 || before.columns.joined.size > 0) return undefined;
  const { id } = resource.before.node;
  const first = before.firstAt(id);
  const end = before.firstAt(before.tree.columns.nexts[id] ?? 0);
  const owners = listOwners(tree, parts);
  const owner = owners.findIndex(({ resource: each }) => each === resource.after);
  if (owner < 0 || owners.length !== before.owners.length) return undefined;
  const { nodes, sites, scopes, size, ...old } = before.columns;
  const added = tape.size;
  const join = <Column extends Int32Array | Uint16Array>(column: Column, from: Column, middle: Column): Column => {
    column.set(from.subarray(0, first));
    column.set(middle.subarray(0, added), first);
    column.set(from.subarray(end, size), first + added);
    return column;
  };
  const length = size - (end - first) + added;
  const columns: NameColumns = {
    size: length,
    nodes: join(new Int32Array(length), nodes, tape.nodes),
    sites: join(new Uint16Array(length), sites, tape.sites),
    scopes: join(new Int32Array(length), scopes, tape.scopes),
    owners: join(new Int32Array(length), old.owners, new Int32Array(added).fill(owner)),
    joined: old.joined,
  };
  const shift = edited.added - (edited.end - edited.first);
  shiftNodes(columns.nodes, first + added, shift);
  shiftNodes(columns.scopes, first + added, shift);
  return { names: new DocumentNames(tree, columns, owners), first, end, added };
}

/** Nodes that are none (-1) stay. */
function shiftNodes(column: Int32Array, from: number, shift: number): void {
  if (shift === 0) return;
  for (let index = from; index < column.length; index++) {
    const node = column[index] ?? 0;
    if (node >= 0) column[index] = node + shift;
  }
}

/** What a stretch of names defines, by kind, as texts that can be compared. */
export function definitionsIn(names: DocumentNames, first: number, end: number): Map<ReferenceKind, string> {
  const found = new Map<ReferenceKind, string>();
  for (let index = first; index < end; index++) {
    const code = names.columns.sites[index] ?? 0;
    const { kind, role } = siteOfCode(code);
    if (role === 'definition' || role === 'set') found.set(kind, `${found.get(kind) ?? ''}\n${code} ${names.textAt(index)}`);
  }
  return found;
}
