/** The resources of a proxy that take traffic, by kind and name; they become objects when somebody asks for them. */
import { indexesOfKind, type WantedState } from '../model/indexesByKind';
import type { Resource, ResourceKind } from '../model/resource';
import type { ResourceHead, ResourceList } from '../model/resourceList';
import { findFirst } from '../text/findFirst';

/** By name: the place of the resource, counted through all lists. The first of each name that counts most; in file order. */
type Places = ReadonlyMap<string, number>;

/** Resources of one kind, of one or several lists. */
export class NamedResources implements ReadonlyMap<string, Resource> {
  private inOrder: readonly number[] | undefined;
  private asObjects: ReadonlyMap<string, Resource> | undefined;
  private knownPlaces: Places | undefined;

  constructor(
    private readonly lists: readonly ResourceList[],
    /** By list: how many resources the lists before have. */
    private readonly offsets: readonly number[],
    private readonly findPlaces: () => Places,
  ) {}

  private get places(): Places {
    return (this.knownPlaces ??= this.findPlaces());
  }

  get size(): number {
    return this.places.size;
  }

  has(name: string): boolean {
    return this.places.has(name);
  }

  get(name: string): Resource | undefined {
    const place = this.places.get(name);
    return place === undefined ? undefined : this.at(place);
  }

  /** The place of a name, as `order` has it. */
  placeOf(name: string): number | undefined {
    return this.places.get(name);
  }

  /** All places, in file order. */
  get order(): readonly number[] {
    return (this.inOrder ??= [...this.places.values()]);
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
    return this.places.keys();
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
      for (const [name, place] of this.places) {
        const resource = this.at(place);
        if (resource) objects.set(name, resource);
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

/** Those of all lists together that are in the wanted state. Tables of a single list outlast edits that leave the names of the kind alone. */
export function nameResources(lists: readonly ResourceList[], wanted: keyof typeof PLACES): ResourcesByName {
  const [only] = lists;
  let total = 0;
  const offsets = lists.map(({ length }) => (total += length) - length);
  const find = (kind: ResourceKind) => (): Places => {
    const ofOne = lists.length === 1 ? PLACES[wanted].get(kind) : undefined;
    return only && ofOne ? only.ofNames(kind, ofOne) : placesIn(lists, offsets, { kind, wanted });
  };
  return Object.fromEntries(KINDS.map((kind) => [kind, new NamedResources(lists, offsets, find(kind))])) as unknown as ResourcesByName;
}

function placesIn(
  lists: readonly ResourceList[],
  offsets: readonly number[],
  { kind, wanted }: { readonly kind: ResourceKind; readonly wanted: WantedState },
): Places {
  const found = new Map<string, number>();
  const inline = new Set<string>();
  for (const [at, list] of lists.entries())
    for (const index of indexesOfKind(list, kind, wanted)) {
      const head = list.head(index);
      if (!head) continue;
      const { name } = head;
      if (found.has(name)) {
        if (kind !== 'route_configuration' || isInline(head) || !inline.delete(name)) continue;
        // It goes to the end, where its place in the file is.
        found.delete(name);
      } else if (isInline(head)) inline.add(name);
      found.set(name, (offsets[at] ?? 0) + index);
    }
  return found;
}

/** What a dump repeats of a connection manager: nobody asks for it by its name, but for one of the same name that RDS brought. */
function isInline({ kind, state }: ResourceHead): boolean {
  return kind === 'route_configuration' && state === 'static';
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
const PLACES = { inUse: placesByKind('inUse'), warming: placesByKind('warming') };

function placesByKind(wanted: WantedState): ReadonlyMap<ResourceKind, (list: ResourceList) => Places> {
  return new Map(KINDS.map((kind) => [kind, (list) => placesIn([list], [0], { kind, wanted })]));
}
