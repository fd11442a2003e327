/** The names of one proxy by kind: who defines them and who uses them. Built when a link of the proxy is first asked for. */
import type { DocumentFacts } from './documentFacts';
import type { NamedPlace } from './collectNames';
import type { ProxyScope } from './proxyScope';

export interface ScopeNames {
  definitions(kind: string, name: string): readonly NamedPlace[];
  /** References, and uses of headers and metadata. */
  uses(kind: string, name: string): readonly NamedPlace[];
}

/** Either table is made when it is first asked: links need the definitions only. */
export function makeScopeNames(proxy: ProxyScope, documents: ReadonlyMap<string, DocumentFacts>): ScopeNames {
  let definitions: NameTable | undefined;
  let uses: NameTable | undefined;
  const places = (isDefining: boolean) => makeTable(proxy, documents, isDefining);
  return {
    definitions: (kind, name) => (definitions ??= places(true)).get(kind)?.get(name) ?? NONE,
    uses: (kind, name) => (uses ??= places(false)).get(kind)?.get(name) ?? NONE,
  };
}

/** By kind and name. */
type NameTable = ReadonlyMap<string, ReadonlyMap<string, readonly NamedPlace[]>>;

const NONE: readonly NamedPlace[] = [];

function makeTable(proxy: ProxyScope, documents: ReadonlyMap<string, DocumentFacts>, isDefining: boolean): NameTable {
  const table = new Map<string, Map<string, NamedPlace[]>>();
  for (const uri of proxy.uris) {
    for (const place of documents.get(uri)?.names ?? []) {
      const { role } = place.site;
      if (isDefining !== (role === 'definition' || role === 'set') || !proxy.parts.has(place.part)) continue;
      let byName = table.get(place.kind);
      if (!byName) table.set(place.kind, (byName = new Map<string, NamedPlace[]>()));
      const known = byName.get(place.name);
      if (known) known.push(place);
      else byName.set(place.name, [place]);
    }
  }
  return table;
}
