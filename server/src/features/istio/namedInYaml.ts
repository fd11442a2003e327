/** Find All References beyond the own proxy: from a dump to the YAML that names what it names, and from a patch in YAML to the dumps. */
import { proxiesOf } from '../../index/buildSnapshot';
import type { NamedPlace } from '../../index/names/documentNames';
import type { ProxyScope } from '../../index/proxyScope';
import { parseIstioClusterName } from '../../model/istio/istioNames';
import { ConfigNode } from '../../schema/configNode';
import type { ReferenceKind } from '../../schema/references/referenceSite';
import type { IstioReference } from './istioReferences';
import { placesOfThing, serviceOfCluster, type IstioPlace } from './istioPlaces';
import { namingsOf } from './makersOf';
import type { Snapshot } from '../../index/snapshot';

/** `kinds`: under which the same thing is named. By document, in its order. */
export function placesElsewhere(snapshot: Snapshot, name: NamedPlace, kinds: readonly ReferenceKind[]): IstioReference[] {
  const isSame = ({ kind, name: other }: NamedPlace) => other === name.name && kinds.includes(kind);
  const inPatches = [...snapshot.documents.values()]
    .filter(({ parts }) => parts.some(({ kind }) => kind === 'istio'))
    .flatMap(({ names }) => names.filter((place) => place.part.kind === 'istio' && isSame(place)));
  const inProxies = otherProxies(snapshot, name).flatMap((proxy) => {
    const names = snapshot.namesOf(proxy);
    return kinds.flatMap((kind) => [...names.definitions(kind, name.name), ...names.uses(kind, name.name)]);
  });
  return [...inYaml(snapshot, name), ...[...inPatches, ...inProxies].map(referenceOf)];
}

function referenceOf({ resource, node, isKey, site }: NamedPlace): IstioReference {
  return { node: new ConfigNode(resource.node.tree, node), isKey, isDefinition: site.role === 'definition' };
}

/** A patch belongs to no proxy, so all may have what it names; of a dump's names its proxy's own bootstrap may speak. */
function otherProxies(snapshot: Snapshot, { part, resource, site }: NamedPlace): readonly ProxyScope[] {
  if (part.kind === 'istio') return snapshot.proxies;
  const [own] = proxiesOf(snapshot, resource.node.tree.uri).filter(({ parts }) => parts.has(part));
  if (own?.kind !== 'dump' || site.scope !== 'proxy') return [];
  const { id } = own.proxyNode;
  return snapshot.proxies.filter(({ kind, proxyNode }) => kind === 'bootstrap' && (proxyNode.id === '' || proxyNode.id === id));
}

/** What Istio's and the Gateway API's own resources say of the service, the subset, the secret or the gateway behind a name. */
function inYaml(snapshot: Snapshot, name: NamedPlace): IstioReference[] {
  const places = namingsOf(name).flatMap((naming) => placesOfThing(snapshot, naming));
  const isMeant = name.kind === 'cluster' || name.kind === 'endpoints' ? speaksOfCluster(name.name) : () => true;
  return places.filter(isMeant).map(({ node, naming: { role } }) => ({ node, isKey: false, isDefinition: role === 'definition' }));
}

/** A destination means one cluster: of its subset, and of its port where it gives one. */
function speaksOfCluster(cluster: string): (place: IstioPlace) => boolean {
  const subset = serviceOfCluster(cluster)?.subset ?? '';
  const port = parseIstioClusterName(cluster)?.port ?? '';
  return ({ node, naming: { kind, role } }) => {
    if (role !== 'use') return true;
    const owner = node.parent?.isArray ? node.parent.parent : node.parent;
    if (kind === 'host' && (subset !== '' || owner?.has('subset'))) return false;
    const wanted = owner?.path('port', 'number')?.asString() ?? owner?.get('port')?.asString();
    return wanted === undefined || wanted === port;
  };
}
