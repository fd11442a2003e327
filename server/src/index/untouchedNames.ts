/** Names of resources that an edit did not touch: moved, not sought again. */
import type { Resource, ResourceKind } from '../model/resource';
import { addReference, type ReferenceTape } from '../schema/referenceTape';
import type { EditedTree } from '../syntax/editJson';
import { NO_NODE, type NodeId } from '../syntax/syntaxTree';
import type { DocumentNames } from './documentNames';

export interface NamesBefore {
  readonly names: DocumentNames;
  readonly edited: EditedTree;
}

/** Writes the names of a resource on the tape, if it was there before and is untouched. */
export function untouchedNames({ names, edited }: NamesBefore, tape: ReferenceTape): (resource: Resource) => boolean {
  const kinds = new Map<NodeId, ResourceKind>(names.owners.map(({ resource }) => [resource.node.id, resource.kind]));
  const { nodes, sites, scopes, joined, size } = names.columns;
  const behind = edited.first + edited.added;
  const moved = edited.added - (edited.end - edited.first);
  return ({ node: { id, tree }, kind }) => {
    const isBefore = (tree.columns.nexts[id] ?? 0) <= edited.first;
    const shift = isBefore ? 0 : moved;
    const old = id - shift;
    if ((!isBefore && id < behind) || kinds.get(old) !== kind) return false;
    const end = names.tree.columns.nexts[old] ?? 0;
    for (let index = names.firstAt(old); index < size && (nodes[index] ?? 0) < end; index++) {
      const name = joined.get(index);
      if (name !== undefined) tape.joined.set(tape.size, name);
      const scope = scopes[index] ?? NO_NODE;
      addReference(tape, sites[index] ?? 0, (nodes[index] ?? 0) + shift, scope < 0 ? scope : scope + shift);
    }
    return true;
  };
}
