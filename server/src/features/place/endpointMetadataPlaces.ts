/** Places of a key of endpoint metadata that mean the same: in a cluster, in its endpoints, and in the routes that choose among these by it. */
import { isSameNamespace } from '../../index/links/definitionsOf';
import type { NamedPlace } from '../../index/names/documentNames';
import { endpointResourcesOf } from '../../index/links/endpointMetadata';
import type { ProxyScope } from '../../index/proxyScope';
import { namesIn } from './place';
import type { Snapshot } from '../../index/snapshot';

export function endpointMetadataPlaces(snapshot: Snapshot, proxy: ProxyScope, name: NamedPlace): NamedPlace[] {
  const { resource, kind, name: key } = name;
  const holders = new Set(
    resource.kind === 'load_assignment' ? [resource, ...proxy.clustersOfEndpoints(resource.name)] : endpointResourcesOf(proxy, name),
  );
  const inHolders = [...holders].flatMap((holder) =>
    namesIn(snapshot, holder.node).filter((each) => each.kind === kind && each.name === key),
  );
  const isBeside = (use: NamedPlace) =>
    use.resource.kind !== 'cluster' && !holders.has(use.resource) && endpointResourcesOf(proxy, use).some((each) => holders.has(each));
  const inRoutes = snapshot.namesOf(proxy).uses(kind, key).filter(isBeside);
  return [...inHolders, ...inRoutes].filter((each) => isSameNamespace(name, each));
}
