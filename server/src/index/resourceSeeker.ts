/**
 * Finds the resources that the names of one site mean. Most references say again what the one before said (the SDS cluster), or go along
 * the resources in their order (endpoints after endpoints): to see that costs less than to look a name up.
 */
import type { Resource } from '../model/resource';
import type { ReferenceSite } from '../schema/referenceSite';
import type { DocumentNames } from './documentNames';
import type { ProxyScope } from './proxyScope';
import { resourceKindOf, resourceNamed } from './resolveName';

export interface ResourceSeeker {
  readonly proxy: ProxyScope;
  /** What the name at an index means; undefined where there is none, or what the site names is no resource. */
  find(names: DocumentNames, index: number): Resource | undefined;
}

export function makeResourceSeeker(proxy: ProxyScope, site: ReferenceSite): ResourceSeeker {
  const kind = resourceKindOf(site);
  if (!kind) return { proxy, find: () => undefined };
  let order: readonly Resource[] | undefined;
  let places: ReadonlyMap<Resource, number> | undefined;
  let last: Resource | undefined;
  let lastPlace = -1;
  return {
    proxy,
    find(names, index) {
      if (last && names.isAt(index, last.name)) return last;
      order ??= [...proxy.byName[kind].values()];
      const next = order[lastPlace + 1];
      if (last && next && names.isAt(index, next.name) && resourceNamed(proxy, site, next.name)) {
        lastPlace++;
        return (last = next);
      }
      const found = resourceNamed(proxy, site, names.textAt(index));
      if (!found) return undefined;
      places ??= new Map(order.map((resource, place) => [resource, place]));
      lastPlace = places.get(found) ?? -1;
      return (last = found);
    },
  };
}
