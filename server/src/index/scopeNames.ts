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

/** Either table is made when it is first asked: links need the definitions only. */
export function makeScopeNames(proxy: ProxyScope, documents: ReadonlyMap<string, DocumentFacts>): ScopeNames {
  let definitions: NameTable | undefined;
  let uses: NameTable | undefined;
  const groups = new Map<readonly NamedPlace[], Neighbourhood>();
  const places = (isDefining: boolean) => makeTable(proxy, documents, isDefining);
  const definitionsOf = (kind: string, name: string) => (definitions ??= places(true)).get(kind)?.get(name) ?? NONE;
  return {
    definitions: definitionsOf,
    nearestDefinitions(place) {
      const all = definitionsOf(place.kind, place.name);
      let group = groups.get(all);
      if (!group) groups.set(all, (group = groupByNeighbourhood(all)));
      const inResource = group.byResource.get(place.resource) ?? NONE;
      if (place.scopeNode === NO_NODE) return inResource;
      const near = (group.byScope.get(place.scopeNode) ?? NONE).filter(({ resource }) => resource === place.resource);
      return near.length > 0 ? near : inResource;
    },
    uses: (kind, name) => (uses ??= places(false)).get(kind)?.get(name) ?? NONE,
  };
}

/** By kind and name. */
type NameTable = ReadonlyMap<string, ReadonlyMap<string, readonly NamedPlace[]>>;

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

function makeTable(proxy: ProxyScope, documents: ReadonlyMap<string, DocumentFacts>, isDefining: boolean): NameTable {
  const table = new Map<string, Map<string, NamedPlace[]>>();
  for (const uri of proxy.uris) {
    for (const place of documents.get(uri)?.names ?? []) {
      const { role } = place.site;
      if (isDefining !== (role === 'definition' || role === 'set') || !proxy.parts.has(place.part)) continue;
      let byName = table.get(place.kind);
      if (!byName) table.set(place.kind, (byName = new Map<string, NamedPlace[]>()));
      addTo(byName, place.name, place);
    }
  }
  return table;
}
