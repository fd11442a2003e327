/** The names of one proxy by kind: who defines them and who uses them. Built when a link of the proxy is first asked for. */
import type { Resource } from '../model/resource';
import { NO_NODE, type NodeId } from '../syntax/syntaxTree';
import type { DocumentFacts } from './documentFacts';
import type { NamedPlace } from './collectNames';
import type { ProxyScope } from './proxyScope';

export interface ScopeNames {
  definitions(kind: string, name: string): readonly NamedPlace[];
  /** Definitions of the place's name in its own scope (listener, connection manager …), else in its own resource. */
  nearestDefinitions(place: NamedPlace): readonly NamedPlace[];
  /** References, and uses of headers and metadata. */
  uses(kind: string, name: string): readonly NamedPlace[];
}

/** Tables are made kind by kind, when first asked: links need few of them. */
export function makeScopeNames(proxy: ProxyScope, documents: ReadonlyMap<string, DocumentFacts>): ScopeNames {
  let kinds: PlacesByKind | undefined;
  const definitions = new Map<string, NameTable>();
  const uses = new Map<string, NameTable>();
  const groups = new Map<readonly NamedPlace[], Neighbourhood>();
  const lookUp = (tables: Map<string, NameTable>, kind: string, name: string) => {
    let table = tables.get(kind);
    if (!table) {
      kinds ??= sortByKind(proxy, documents);
      tables.set(kind, (table = tableOf((tables === definitions ? kinds.definitions : kinds.uses).get(kind) ?? NONE)));
    }
    return table.get(name) ?? NONE;
  };
  return {
    definitions: (kind, name) => lookUp(definitions, kind, name),
    nearestDefinitions(place) {
      const all = lookUp(definitions, place.kind, place.name);
      if (all.length === 0) return NONE;
      let group = groups.get(all);
      if (!group) groups.set(all, (group = groupByNeighbourhood(all)));
      const inResource = group.byResource.get(place.resource) ?? NONE;
      if (place.scopeNode === NO_NODE) return inResource;
      const near = (group.byScope.get(place.scopeNode) ?? NONE).filter(({ resource }) => resource === place.resource);
      return near.length > 0 ? near : inResource;
    },
    uses: (kind, name) => lookUp(uses, kind, name),
  };
}

type NameTable = ReadonlyMap<string, readonly NamedPlace[]>;

interface PlacesByKind {
  readonly definitions: ReadonlyMap<string, readonly NamedPlace[]>;
  readonly uses: ReadonlyMap<string, readonly NamedPlace[]>;
}

const NONE: readonly NamedPlace[] = [];

/** Of definitions of one name: every filter chain may have a filter of that name, and every reference asks for its own. */
interface Neighbourhood {
  readonly byResource: ReadonlyMap<Resource, readonly NamedPlace[]>;
  readonly byScope: ReadonlyMap<NodeId, readonly NamedPlace[]>;
}

function groupByNeighbourhood(places: readonly NamedPlace[]): Neighbourhood {
  const byResource = new Map<Resource, NamedPlace[]>();
  const byScope = new Map<NodeId, NamedPlace[]>();
  for (const place of places) {
    addTo(byResource, place.resource, place);
    if (place.scopeNode !== NO_NODE) addTo(byScope, place.scopeNode, place);
  }
  return { byResource, byScope };
}

function addTo<Key>(groups: Map<Key, NamedPlace[]>, key: Key, place: NamedPlace): void {
  const known = groups.get(key);
  if (known) known.push(place);
  else groups.set(key, [place]);
}

function sortByKind(proxy: ProxyScope, documents: ReadonlyMap<string, DocumentFacts>): PlacesByKind {
  const definitions = new Map<string, NamedPlace[]>();
  const uses = new Map<string, NamedPlace[]>();
  for (const uri of proxy.uris)
    for (const place of documents.get(uri)?.names ?? []) {
      const { role } = place.site;
      if (proxy.parts.has(place.part)) addTo(role === 'definition' || role === 'set' ? definitions : uses, place.kind, place);
    }
  return { definitions, uses };
}

function tableOf(places: readonly NamedPlace[]): NameTable {
  const table = new Map<string, NamedPlace[]>();
  for (const place of places) addTo(table, place.name, place);
  return table;
}
