/** The names of one proxy by kind: who defines them and who uses them. Built when a link of the proxy is first asked for. */
import { takesTraffic, type Resource } from '../../model/resources/resource';
import { siteCount, siteOfNumber } from '../../schema/references/referenceSite';
import { NO_NODE, type NodeId } from '../../syntax/tree/syntaxTree';
import type { DocumentFacts } from '../documentFacts';
import type { DocumentNames, NamedPlace } from './documentNames';
import type { ProxyScope } from '../proxyScope';
import { addToGroup } from '../../text/addToGroup';
import { getOrMake } from '../../text/getOrMake';

export interface ScopeNames {
  /** Whether the proxy's files define anything of that kind. */
  defines(kind: string): boolean;
  definitions(kind: string, name: string): readonly NamedPlace[];
  /** Definitions of the place's name in its own scope (listener, connection manager …); in its own resource, where no scope is around it. */
  nearestDefinitions(place: NamedPlace): readonly NamedPlace[];
  /** Definitions of the place's name in the connection managers that use its route configuration, which is a resource of its own. */
  definitionsInManagers(place: NamedPlace): readonly NamedPlace[];
  /** Definitions of a name in one resource. */
  definitionsIn(resource: Resource, kind: string, name: string): readonly NamedPlace[];
  /** The connection managers are known in which the place counts. */
  knowsManagers(place: NamedPlace): boolean;
  /** References, and uses of headers and metadata. */
  uses(kind: string, name: string): readonly NamedPlace[];
}

/** Tables are made kind by kind, when first asked: links need few of them. */
export function makeScopeNames(proxy: ProxyScope, documents: ReadonlyMap<string, DocumentFacts>): ScopeNames {
  const definitions = new Map<string, NameTable>();
  const uses = new Map<string, NameTable>();
  const groups = new Map<readonly NamedPlace[], Neighbourhood>();
  const routeUses = new Map<Resource, readonly NamedPlace[]>();
  const lookUp = (tables: Map<string, NameTable>, kind: string): NameTable =>
    getOrMake(tables, kind, () => tableOf(proxy, documents, { wanted: codesOf(kind, tables === definitions), keyOf: keysOf(kind) }));
  const neighbourhood = (kind: string, name: string): Neighbourhood | undefined => {
    const all = lookUp(definitions, kind).places(name);
    return all.length === 0 ? undefined : getOrMake(groups, all, () => groupByNeighbourhood(all));
  };
  const usesOf = (resource: Resource) => getOrMake(routeUses, resource, () => usesOfRoutes(names, resource));
  const names: ScopeNames = {
    defines: (kind) => !lookUp(definitions, kind).isEmpty,
    definitions: (kind, name) => lookUp(definitions, kind).places(name),
    nearestDefinitions(place) {
      const group = neighbourhood(place.kind, place.name);
      if (!group) return NONE;
      if (place.scopeNode === NO_NODE) return group.byResource.get(place.resource) ?? NONE;
      return (group.byScope.get(place.scopeNode) ?? NONE).filter(({ resource }) => resource === place.resource);
    },
    definitionsInManagers(place) {
      const group = neighbourhood(place.kind, place.name);
      if (!group) return NONE;
      return usesOf(place.resource).flatMap((use) => definitionsAround(use, group));
    },
    definitionsIn: (resource, kind, name) => neighbourhood(kind, name)?.byResource.get(resource) ?? NONE,
    knowsManagers: ({ scopeNode, resource }) => scopeNode !== NO_NODE || usesOf(resource).length > 0,
    uses: (kind, name) => lookUp(uses, kind).places(name),
  };
  return names;
}

/**
 * Where connection managers ask for a route configuration: by RDS, or by scopes that name it. A dump repeats the inline ones among the
 * static: their places are those of the same name in listeners.
 */
function usesOfRoutes(names: ScopeNames, { kind, name, state, set }: Resource): NamedPlace[] {
  const isInline = kind === 'route_configuration' && state === 'static';
  const direct = kind !== 'route_configuration' ? [] : (isInline ? names.definitions : names.uses)('route_configuration', name);
  const inListeners = direct.filter(({ resource }) => resource.kind === 'listener' && takesTraffic(resource));
  const sets = new Set([set, ...direct.map(({ resource }) => resource.set)]);
  return [...inListeners, ...[...sets].flatMap((each) => (each === undefined ? [] : names.uses('scoped_routes', each)))];
}

/** The definitions in the innermost message around a place that has any. */
function definitionsAround({ node, resource }: NamedPlace, { byScope }: Neighbourhood): readonly NamedPlace[] {
  const { tree } = resource.node;
  for (let at = tree.parent(node); at !== NO_NODE; at = tree.parent(at)) {
    const near = (byScope.get(at) ?? NONE).filter((each) => each.resource === resource);
    if (near.length > 0) return near;
  }
  return NONE;
}

interface NameTable {
  readonly isEmpty: boolean;
  /** The places of a name; they become objects when they are asked for. */
  places(name: string): readonly NamedPlace[];
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
    addToGroup(byResource, place.resource, place);
    if (place.scopeNode !== NO_NODE) addToGroup(byScope, place.scopeNode, place);
  }
  return { byResource, byScope };
}

/** Which sites (by number) define the kind, or use it. */
function codesOf(kind: string, isDefinition: boolean): Uint8Array {
  const wanted = new Uint8Array(siteCount());
  for (let number = 0; number < wanted.length; number++) {
    const site = siteOfNumber(number);
    const defines = site.role === 'definition' || site.role === 'set';
    if (site.kind === kind && defines === isDefinition) wanted[number] = 1;
  }
  return wanted;
}

/** Indexes of names by their text, document by document. */
interface Group {
  readonly names: DocumentNames;
  readonly byText: ReadonlyMap<string, readonly number[]>;
}

/** Which names a table has, and what of two names must be the same. */
interface TableOptions {
  readonly wanted: Uint8Array;
  readonly keyOf: (name: string) => string;
}

/** Names of headers are the same in any case. */
function keysOf(kind: string): TableOptions['keyOf'] {
  return kind === 'header' ? (name) => name.toLowerCase() : (name) => name;
}

function tableOf(proxy: ProxyScope, documents: ReadonlyMap<string, DocumentFacts>, options: TableOptions): NameTable {
  const groups = proxy.uris.flatMap((uri): Group[] => {
    const names = documents.get(uri)?.names;
    return names ? [{ names, byText: groupByText(names, proxy, options) }] : [];
  });
  const made = new Map<string, readonly NamedPlace[]>();
  return {
    isEmpty: groups.every(({ byText }) => byText.size === 0),
    places(name) {
      const key = options.keyOf(name);
      const placesIn = ({ names, byText }: Group) => (byText.get(key) ?? []).flatMap((index) => names.at(index) ?? []);
      return getOrMake(made, key, () => groups.flatMap(placesIn));
    },
  };
}

function groupByText(names: DocumentNames, proxy: ProxyScope, { wanted, keyOf }: TableOptions): ReadonlyMap<string, readonly number[]> {
  const { sites, owners, size } = names.columns;
  const { parts, partOf } = names.owners;
  const isOurs = parts.map((part) => proxy.parts.has(part));
  const byText = new Map<string, number[]>();
  for (let index = 0; index < size; index++)
    if (wanted[(sites[index] ?? 0) >> 1] === 1 && isOurs[partOf[owners[index] ?? 0] ?? 0] === true)
      addToGroup(byText, keyOf(names.textAt(index)), index);
  return byText;
}
