/** Where the resources of a kind are in a list: found once for a list and those after edits (`ResourceList.ofKinds`). */
import { addToGroup } from '../../text/addToGroup';
import { takesTraffic, type ResourceKind } from './resource';
import type { ResourceHead, ResourceList } from './resourceList';

/** Indexes of a list in its order, by kind; kinds in the order of their first resource. */
export type IndexesByKind = ReadonlyMap<ResourceKind, readonly number[]>;

/** Functions of one identity each, by which a list keeps what they give. */
const TABLES = {
  /** Whatever their state. */
  all: (list: ResourceList): IndexesByKind => group(list, () => true),
  inUse: (list: ResourceList): IndexesByKind => group(list, takesTraffic),
  warming: (list: ResourceList): IndexesByKind => group(list, ({ state }) => state === 'warming'),
};

export type WantedState = keyof typeof TABLES;

/** The resources of a list that are in the wanted state. */
export function indexesByKind(list: ResourceList, wanted: WantedState): IndexesByKind {
  return list.ofKinds(TABLES[wanted]);
}

/** Those of one kind. */
export function indexesOfKind(list: ResourceList, kind: ResourceKind, wanted: WantedState): readonly number[] {
  return indexesByKind(list, wanted).get(kind) ?? NONE;
}

const NONE: readonly number[] = [];

function group(list: ResourceList, isWanted: (head: ResourceHead) => boolean): IndexesByKind {
  const found = new Map<ResourceKind, number[]>();
  for (let index = 0; index < list.length; index++) {
    const head = list.head(index);
    if (head && isWanted(head)) addToGroup(found, head.kind, index);
  }
  return found;
}
