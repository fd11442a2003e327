/** Where Istio and Gateway API resources name things, and what in the workspace has those names. */
import type { DocumentFacts } from '../../index/documentFacts';
import { resourceAt } from '../../index/messagesAt';
import type { ProxyScope } from '../../index/proxyScope';
import { parseIstioClusterName, kubernetesSecretOf } from '../../model/istio/istioNames';
import { specOf } from '../../model/istio/istioSpec';
import type { Resource } from '../../model/resources/resource';
import { ConfigNode, memoizeByNode } from '../../schema/configNode';
import { walkMessages } from '../../schema/walk/walkMessages';
import { NodeKind, type NodeId } from '../../syntax/tree/syntaxTree';
import { isNamingField, keyOfNaming, namingOfResource, readNaming, type IstioNaming } from './istioNaming';
import { kubernetesResources } from '../../index/istioResources';
import type { Field } from '../../schema/table/messageDescription';
import type { Snapshot } from '../../index/snapshot';

/** A name in a resource. */
export interface IstioPlace {
  readonly naming: IstioNaming;
  /** The value. */
  readonly node: ConfigNode;
  readonly resource: ConfigNode;
}

/** The name that a value is; undefined where it names nothing of the kind. */
export function istioPlaceAt(facts: DocumentFacts, id: NodeId): IstioPlace | undefined {
  const resource = resourceAt(facts, id);
  return resource?.kind === 'istio_resource' ? placesOf(resource.node).find(({ node }) => node.id === id) : undefined;
}

/** All names in the workspace's resources, in the order of the documents. */
export function* istioPlaces({ documents }: Snapshot): Generator<IstioPlace> {
  for (const facts of documents.values()) yield* istioPlacesOf(facts);
}

/** Those of one document. */
export function istioPlacesOf(facts: DocumentFacts): IstioPlace[] {
  return [...kubernetesResources([facts])].flatMap(({ node }) => placesOf(node));
}

/** The places that define what a name means, or speak of it as their subject. */
export function definingPlaces(snapshot: Snapshot, naming: IstioNaming): IstioPlace[] {
  return placesOfThing(snapshot, naming).filter((place) => place.naming.role !== 'use');
}

/** What a defining place defines: the whole resource, the message that has the name, or (a host in a list) the name itself. */
export function thingOf({ node, resource }: IstioPlace): ConfigNode {
  if (resource.path('metadata', 'name')?.sameAs(node)) return resource;
  return node.key === 'name' ? (node.parent ?? node) : node;
}

/** Every place that means the same thing. */
export function placesOfThing(snapshot: Snapshot, naming: IstioNaming): IstioPlace[] {
  const key = keyOfNaming(naming);
  return naming.name === '' ? [] : [...istioPlaces(snapshot)].filter((place) => keyOfNaming(place.naming) === key);
}

/** What the dumps of the workspace made of a host, a subset or a secret: clusters and secrets, once each. */
export function dumpedThings({ proxies }: Snapshot, naming: IstioNaming): Resource[] {
  const found = new Map<string, Resource>();
  for (const proxy of proxies)
    for (const resource of dumpedIn(proxy, naming)) found.set(`${resource.node.tree.uri}\n${resource.node.id}`, resource);
  return [...found.values()];
}

function dumpedIn({ byName }: ProxyScope, { kind, scope, name }: IstioNaming): Resource[] {
  const clustersOf = (host: string, isMeant: (subset: string) => boolean) =>
    [...byName.cluster].flatMap(([each, cluster]) => {
      const service = serviceOfCluster(each);
      return service?.host === host && isMeant(service.subset) ? [cluster] : [];
    });
  switch (kind) {
    case 'credential':
      return [...byName.secret].flatMap(([each, secret]) => (kubernetesSecretOf(each) === name ? [secret] : []));
    case 'cluster':
    case 'listener':
    case 'route_configuration':
      return [byName[kind].get(name) ?? []].flat();
    case 'host':
      return clustersOf(name, () => true);
    case 'subset':
      return clustersOf(scope, (subset) => subset === name);
    default:
      return [];
  }
}

/** The service whose traffic a cluster takes, seen from its clients or from its waypoint (istio: pilot/pkg/model/service.go, BuildSubsetKey). */
export function serviceOfCluster(name: string): { readonly host: string; readonly subset: string } | undefined {
  if (!name.startsWith('outbound') && !name.startsWith('inbound-vip')) return undefined;
  const parts = parseIstioClusterName(name);
  if (!parts) return undefined;
  const isWaypoint = parts.direction === 'inbound-vip';
  return { host: parts.host, subset: isWaypoint ? parts.subset.replace(/^(?:http|tcp)(?:\/|$)/, '') : parts.subset };
}

const placesOf: (resource: ConfigNode) => readonly IstioPlace[] = memoizeByNode((resource) => {
  const found: IstioPlace[] = [];
  const nameNode = resource.path('metadata', 'name');
  const own = nameNode && namingOfResource(resource);
  if (nameNode && own) found.push({ naming: own, node: nameNode, resource });
  const spec = specOf(resource);
  if (!spec) return found;
  walkMessages(spec.node.tree, spec.node.id, spec.message, {
    field(value, field, owner) {
      const site = `${owner.name}.${field.name}`;
      if (isNamingField(site)) for (const node of valuesOf(resource, value, field)) addPlace(found, site, node, resource);
    },
  });
  return found;
});

function valuesOf({ tree }: ConfigNode, value: NodeId, { repeated }: Field): ConfigNode[] {
  const node = new ConfigNode(tree, value);
  return repeated && tree.kind(value) === NodeKind.array ? node.items() : [node];
}

function addPlace(found: IstioPlace[], site: string, node: ConfigNode, resource: ConfigNode): void {
  const value = node.asString();
  const around = node.parent;
  const owner = around?.isArray ? around.parent : around;
  const naming = value === undefined || !owner ? undefined : readNaming(site, value, { resource, owner });
  if (naming) found.push({ naming, node, resource });
}
