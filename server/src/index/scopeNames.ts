/** The names of one proxy by kind: who defines them and who uses them. Built when a link of the proxy is first asked for. */
import type { DocumentFacts } from './documentFacts';
import type { NamedPlace } from './collectNames';
import type { ProxyScope } from './proxyScope';

export interface ScopeNames {
  definitions(kind: string, name: string): readonly NamedPlace[];
  /** References, and uses of headers and metadata. */
  uses(kind: string, name: string): readonly NamedPlace[];
}

export function makeScopeNames(proxy: ProxyScope, documents: ReadonlyMap<string, DocumentFacts>): ScopeNames {
  const definitions = new Map<string, NamedPlace[]>();
  const uses = new Map<string, NamedPlace[]>();
  for (const uri of proxy.uris) {
    for (const place of documents.get(uri)?.names ?? []) {
      if (!proxy.parts.has(place.part)) continue;
      const table = place.site.role === 'definition' || place.site.role === 'set' ? definitions : uses;
      const key = keyOf(place.kind, place.name);
      const known = table.get(key);
      if (known) known.push(place);
      else table.set(key, [place]);
    }
  }
  return {
    definitions: (kind, name) => definitions.get(keyOf(kind, name)) ?? [],
    uses: (kind, name) => uses.get(keyOf(kind, name)) ?? [],
  };
}

function keyOf(kind: string, name: string): string {
  return `${kind}\n${name}`;
}
