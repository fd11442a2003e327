/** What became of the patches of an EnvoyFilter: what they add, and what they merge into. */
import type { ProxyScope } from '../../index/proxyScope';
import { filterChainsOf } from '../../model/summary/listenerSummary';
import type { ResourceKind } from '../../model/resources/resource';
import type { ConfigNode } from '../../schema/configNode';
import type { ReferenceKind } from '../../schema/references/referenceSite';
import { wordTable } from '../../text/wordTable';
import { placeOf, placeOfName, type MadePlace } from './madePlace';
import { proxiesChosenBy } from './workloads';
import { inWords } from '../../text/inWords';
import type { Snapshot } from '../../index/snapshot';

/** What patches bring has the name that they give it. */
export function placesOfPatches(snapshot: Snapshot, resource: ConfigNode): MadePlace[] {
  const chosen = proxiesChosenBy(snapshot, resource) ?? [];
  return (resource.get('spec')?.list('configPatches') ?? []).flatMap((patch) => {
    const target = patch.string('applyTo');
    const name = patch.path('patch', 'value', 'name')?.asString() ?? nameOfMatch(patch, target);
    if (name === '' || patch.path('patch', 'operation')?.asString() === 'REMOVE') return [];
    return chosen.flatMap((proxy) => placesOfPatch(snapshot, proxy, { target, name }));
  });
}

/** A patch that merges into what is there says what that is. */
function nameOfMatch(patch: ConfigNode, target: string): string {
  const path = Object.hasOwn(MATCHED, target) ? MATCHED[target] : undefined;
  return (path && patch.path('match', ...path)?.asString()) ?? '';
}

const ROUTES = 'routeConfiguration';
const MATCHED = wordTable<readonly string[]>({
  CLUSTER: ['cluster', 'name'],
  LISTENER: ['listener', 'name'],
  FILTER_CHAIN: ['listener', 'filterChain', 'name'],
  HTTP_FILTER: ['listener', 'filterChain', 'filter', 'subFilter', 'name'],
  ROUTE_CONFIGURATION: [ROUTES, 'name'],
  VIRTUAL_HOST: [ROUTES, 'vhost', 'name'],
  HTTP_ROUTE: [ROUTES, 'vhost', 'route', 'name'],
});

function placesOfPatch(snapshot: Snapshot, proxy: ProxyScope, { target, name }: { target: string; name: string }): MadePlace[] {
  const inside = Object.hasOwn(INSIDE, target) ? INSIDE[target] : undefined;
  if (inside) return snapshot.namesOf(proxy).definitions(inside, name).map(placeOfName);
  if (target === 'NETWORK_FILTER' || target === 'LISTENER_FILTER') return filtersOf(proxy, target, name);
  const kind = PATCHED[target];
  const found = kind && proxy.byName[kind].get(name);
  return found ? [placeOf(found.node, inWords(found.kind), found.name)] : [];
}

/** What lies in a resource, and has a name. */
const INSIDE = wordTable<ReferenceKind>({
  HTTP_FILTER: 'http_filter',
  FILTER_CHAIN: 'filter_chain',
  VIRTUAL_HOST: 'virtual_host',
  HTTP_ROUTE: 'route',
});

function filtersOf({ listeners }: ProxyScope, target: string, name: string): MadePlace[] {
  return listeners.flatMap((listener) => {
    const filters =
      target === 'LISTENER_FILTER'
        ? listener.node.list('listener_filters')
        : filterChainsOf(listener.node).flatMap(({ chain }) => chain.list('filters'));
    return filters.filter((filter) => filter.string('name') === name).map((filter) => placeOf(filter, 'listener', listener.name));
  });
}

const PATCHED = wordTable<ResourceKind>({
  CLUSTER: 'cluster',
  LISTENER: 'listener',
  ROUTE_CONFIGURATION: 'route_configuration',
  EXTENSION_CONFIG: 'extension_config',
});
