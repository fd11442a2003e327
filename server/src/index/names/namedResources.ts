/** The resources of a proxy that take traffic, by kind and name; they become objects when somebody asks for them. */
import { indexesOfKind, type WantedState } from '../../model/resources/indexesByKind';
import type { Resource, ResourceKind } from '../../model/resources/resource';
import type { ResourceHead, ResourceList } from '../../model/resources/resourceList';
import { findFirst } from '../../text/findFirst';

/** The resources of one kind in one list. */
interface KindInList {
  /** By number of a name (ResourceList.nameNumbers): the index of the first that has it; of names that none has NONE, or nothing. */
  readonly firsts: Int32Array;
  /** The indexes of these, in file order. */
  readonly order: readonly number[];
}

const NONE = -1;

/** Resources of one kind, of one or several lists, each by its place: its index, counted through all lists. The first of each name counts. */
export class NamedResources implements ReadonlyMap<string, Resource> {
  private inOrder: readonly number[] | undefined;
  private asObjects: ReadonlyMap<string, Resource> | undefined;
  private known: readonly KindInList[] | undefined;

  constructor(
    private readonly lists: readonly ResourceList[],
    /** By list: how many resources the lists before have. */
    private readonly offsets: readonly number[],
    private readonly read: (list: ResourceList) => KindInList,
  ) {}

  private get tables(): readonly KindInList[] {
    return (this.known ??= this.lists.map(this.read));
  }

  get size(): number {
    return this.order.length;
  }

  has(name: string): boolean {
    return this.placeOf(name) !== undefined;
  }

  get(name: string): Resource | undefined {
    const place = this.placeOf(name);
    return place === undefined ? undefined : this.at(place);
  }

  placeOf(name: string): number | undefined {
    let inline: number | undefined;
    for (let at = 0; at < this.lists.length; at++) {
      const list = this.lists[at];
      const index = list && (this.tables[at]?.firsts[list.numberOfName(name)] ?? NONE);
      if (index === undefined || index === NONE) continue;
      if (!isInline(list?.head(index))) return (this.offsets[at] ?? 0) + index;
      inline ??= (this.offsets[at] ?? 0) + index;
    }
    return inline;
  }

  /** The place of what has the name of a resource of any kind in one of the lists. */
  placeOfNamesake(list: ResourceList, index: number): number | undefined {
    if (list !== this.lists[0] || this.lists.length > 1) return this.placeOf(list.head(index)?.name ?? '');
    const first = this.tables[0]?.firsts[list.nameNumbers[index] ?? NONE] ?? NONE;
    return first === NONE ? undefined : first;
  }

  /** All places, in file order. */
  get order(): readonly number[] {
    return (this.inOrder ??= this.lists.length === 1 ? (this.tables[0]?.order ?? []) : this.orderOfLists());
  }

  /** Without those whose name another list has, too, and counts. */
  private orderOfLists(): number[] {
    return this.tables.flatMap(({ order }, at) =>
      order.flatMap((index) => {
        const place = (this.offsets[at] ?? 0) + index;
        return this.placeOf(this.nameAt(place) ?? '') === place ? [place] : [];
      }),
    );
  }

  at(place: number): Resource | undefined {
    const list = this.listOf(place);
    return this.lists[list]?.at(place - (this.offsets[list] ?? 0));
  }

  nameAt(place: number): string | undefined {
    const list = this.listOf(place);
    return this.lists[list]?.head(place - (this.offsets[list] ?? 0))?.name;
  }

  keys(): MapIterator<string> {
    return this.order.map((place) => this.nameAt(place) ?? '').values();
  }

  values(): MapIterator<Resource> {
    return this.objects().values();
  }

  entries(): MapIterator<[string, Resource]> {
    return this.objects().entries();
  }

  [Symbol.iterator](): MapIterator<[string, Resource]> {
    return this.entries();
  }

  forEach(visit: (resource: Resource, name: string, map: ReadonlyMap<string, Resource>) => void): void {
    for (const [name, resource] of this.objects()) visit(resource, name, this);
  }

  private objects(): ReadonlyMap<string, Resource> {
    if (!this.asObjects) {
      const objects = new Map<string, Resource>();
      for (const place of this.order) {
        const resource = this.at(place);
        if (resource) objects.set(resource.name, resource);
      }
      this.asObjects = objects;
    }
    return this.asObjects;
  }

  private listOf(place: number): number {
    return this.lists.length === 1 ? 0 : findFirst(this.offsets.length, (list) => (this.offsets[list] ?? 0) > place) - 1;
  }
}

export type ResourcesByName = Readonly<Record<ResourceKind, NamedResources>>;

/** Those of all lists together that are in the wanted state. What is found in a list outlasts edits that leave the names of the kind alone. */
export function nameResources(lists: readonly ResourceList[], wanted: keyof typeof READERS): ResourcesByName {
  let total = 0;
  const offsets = lists.map(({ length }) => (total += length) - length);
  const named = READERS[wanted].map(
    ([kind, read]) => [kind, new NamedResources(lists, offsets, (list) => list.ofNames(kind, read))] as const,
  );
  return Object.fromEntries(named) as unknown as ResourcesByName;
}

function firstOfNames(list: ResourceList, indexes: readonly number[]): KindInList {
  const { nameNumbers } = list;
  const highest = indexes.reduce((most, index) => Math.max(most, nameNumbers[index] ?? NONE), NONE);
  const firsts = new Int32Array(highest + 1).fill(NONE);
  for (const index of indexes) {
    const number = nameNumbers[index] ?? NONE;
    const before = firsts[number] ?? NONE;
    if (before === NONE || (isInline(list.head(before)) && !isInline(list.head(index)))) firsts[number] = index;
  }
  return { firsts, order: indexes.filter((index) => firsts[nameNumbers[index] ?? NONE] === index) };
}

/** What a dump repeats of a connection manager: nobody asks for it by its name, but for one of the same name that RDS brought. */
function isInline(head: ResourceHead | undefined): boolean {
  return head?.kind === 'route_configuration' && head.state === 'static';
}

const KINDS: readonly ResourceKind[] = [
  'listener',
  'cluster',
  'route_configuration',
  'scoped_route_configuration',
  'virtual_host',
  'load_assignment',
  'secret',
  'extension_config',
  'runtime',
  'cluster_status',
  'bootstrap',
  'istio_resource',
  'fragment',
];

/** Functions of one identity each, by which a list keeps what they give. */
const READERS = { inUse: readersOf('inUse'), warming: readersOf('warming') };

function readersOf(wanted: WantedState): readonly (readonly [ResourceKind, (list: ResourceList) => KindInList])[] {
  return KINDS.map((kind) => [kind, (list) => firstOfNames(list, indexesOfKind(list, kind, wanted))]);
}
