/** What the names in Istio's and the Gateway API's own resources lead to: the list of links, as Go to Definition answers one by one. */
import type { LinkStatus } from '../../index/links/resolveName';
import type { Resource } from '../../model/resources/resource';
import type { ConfigNode } from '../../schema/configNode';
import { addToGroup } from '../../text/addToGroup';
import { memoizeByObject } from '../../text/memoizeByObject';
import { keyOfNaming, type IstioNaming } from './istioNaming';
import { dumpedThings, istioPlaces, istioPlacesOf, serviceOfCluster, thingOf, type IstioPlace } from './istioPlaces';
import type { Snapshot } from '../../index/snapshot';

export interface IstioLink {
  readonly node: ConfigNode;
  /** Example: `host`, `subset`, `networking.istio.io/Gateway`. */
  readonly kind: string;
  /** As it is unique: hosts in full. */
  readonly name: string;
  readonly status: LinkStatus;
  readonly targets: readonly ConfigNode[];
}

/** Uses in the order of the document, and the hosts that rules speak of. */
export function istioLinksOf(snapshot: Snapshot, uri: string): IstioLink[] {
  const facts = snapshot.documents.get(uri);
  if (!facts) return [];
  const named = namedThings(snapshot);
  return istioPlacesOf(facts).flatMap(({ node, naming }): IstioLink[] => {
    if (naming.role === 'definition') return [];
    const defined = (named.places.get(keyOfNaming(naming)) ?? []).filter(
      (place) => place.naming.role !== 'use' && !place.node.sameAs(node),
    );
    const targets = [...defined.map(thingOf), ...dumpedOf(snapshot, named, naming).map((each) => each.node)];
    const status = targets.length > 0 ? 'resolved' : statusOfUnfound(named, naming);
    return [{ node, kind: naming.kind, name: naming.name, status, targets }];
  });
}

interface NamedThings {
  /** By keyOfNaming. */
  readonly places: ReadonlyMap<string, readonly IstioPlace[]>;
  /** Clusters by host, and by host and subset. */
  readonly clusters: ReadonlyMap<string, readonly Resource[]>;
}

const namedThings = memoizeByObject((snapshot: Snapshot): NamedThings => {
  const places = new Map<string, IstioPlace[]>();
  for (const place of istioPlaces(snapshot)) addToGroup(places, keyOfNaming(place.naming), place);
  const clusters = new Map<string, Resource[]>();
  for (const { byName } of snapshot.proxies)
    for (const [name, cluster] of byName.cluster) {
      const service = serviceOfCluster(name);
      if (!service) continue;
      addToGroup(clusters, service.host, cluster);
      if (service.subset !== '') addToGroup(clusters, `${service.host}\n${service.subset}`, cluster);
    }
  return { places, clusters };
});

function dumpedOf(snapshot: Snapshot, { clusters }: NamedThings, naming: IstioNaming): readonly Resource[] {
  if (naming.kind === 'host') return clusters.get(naming.name) ?? [];
  if (naming.kind === 'subset') return clusters.get(`${naming.scope}\n${naming.name}`) ?? [];
  return dumpedThings(snapshot, naming);
}

/** A subset is missing where the host's rule is there without it; what else is not there may be in the cluster. */
function statusOfUnfound({ places }: NamedThings, { kind, scope }: IstioNaming): LinkStatus {
  if (kind === 'credential') return 'external';
  const isRuled = (places.get(keyOfNaming({ ...HOST, name: scope })) ?? []).some(({ naming }) => naming.role === 'rule');
  return kind === 'subset' && isRuled ? 'missing' : 'unchecked';
}

const HOST: IstioNaming = { kind: 'host', scope: '', name: '', role: 'use', spelling: 'host', namespace: '' };
