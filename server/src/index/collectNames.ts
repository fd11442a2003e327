/** All names in a document's resources: where they are defined and where they are used. */
import type { DocumentPart } from '../model/readDocument';
import type { Resource, ResourceKind } from '../model/resource';
import { referenceCollector, type RawReference } from '../schema/collectReferences';
import type { SyntaxTree } from '../syntax/syntaxTree';

export interface NamedPlace extends RawReference {
  readonly resource: Resource;
  readonly part: DocumentPart;
}

const MESSAGES: Readonly<Record<ResourceKind, string>> = {
  listener: 'envoy.config.listener.v3.Listener',
  cluster: 'envoy.config.cluster.v3.Cluster',
  route_configuration: 'envoy.config.route.v3.RouteConfiguration',
  scoped_route_configuration: 'envoy.config.route.v3.ScopedRouteConfiguration',
  virtual_host: 'envoy.config.route.v3.VirtualHost',
  load_assignment: 'envoy.config.endpoint.v3.ClusterLoadAssignment',
  secret: 'envoy.extensions.transport_sockets.tls.v3.Secret',
  extension_config: 'envoy.config.core.v3.TypedExtensionConfig',
  runtime: 'envoy.service.runtime.v3.Runtime',
  cluster_status: 'envoy.admin.v3.ClusterStatus',
  bootstrap: 'envoy.config.bootstrap.v3.Bootstrap',
  istio_resource: '',
};

/** The message name of a kind of resource; '' where the schema does not have it. */
export function messageOfKind(kind: ResourceKind): string {
  return MESSAGES[kind];
}

/** In document order; a resource inside another (a bootstrap's static clusters) is read once, as its own. */
export function collectNames(tree: SyntaxTree, parts: readonly DocumentPart[]): NamedPlace[] {
  const found: NamedPlace[] = [];
  for (const part of parts) {
    let current: Resource | undefined;
    let owners: ReadonlyMap<number, Resource> | undefined;
    const collect = referenceCollector(tree, (raw) => {
      const owner = (owners && ownerOf(tree, raw.node, owners)) ?? current;
      if (owner) found.push(placeOf(raw, owner, part));
    });
    for (const resource of outermostOf(part.resources)) {
      current = resource;
      owners = resource.kind === 'bootstrap' ? ownersIn(part) : undefined;
      collect(resource.node.id, messageOfKind(resource.kind));
    }
  }
  return isInOrder(found) ? found : found.sort((a, b) => a.node - b.node);
}

/** One object form for nearly all names: they are many. */
function placeOf(raw: RawReference, resource: Resource, part: DocumentPart): NamedPlace {
  const { kind, site, node, isKey, name, scopeNode, qualifier } = raw;
  const place: NamedPlace = { kind, site, node, isKey, name, scopeNode, resource, part };
  return qualifier === undefined ? place : { ...place, qualifier };
}

function isInOrder(places: readonly NamedPlace[]): boolean {
  return places.every(({ node }, at) => at === 0 || (places[at - 1]?.node ?? 0) <= node);
}

function ownersIn({ resources }: DocumentPart): ReadonlyMap<number, Resource> {
  return new Map(resources.filter(({ kind }) => kind !== 'bootstrap').map((resource) => [resource.node.id, resource]));
}

/** Resources that lie in no other one. */
function outermostOf(resources: readonly Resource[]): Resource[] {
  const sorted = [...resources].sort((a, b) => a.node.id - b.node.id);
  const found: Resource[] = [];
  let end = -1;
  for (const resource of sorted) {
    if (resource.node.id < end || resource.kind === 'istio_resource') continue;
    found.push(resource);
    end = resource.node.tree.columns.nexts[resource.node.id] ?? end;
  }
  return found;
}

function ownerOf(tree: SyntaxTree, node: number, owners: ReadonlyMap<number, Resource>): Resource | undefined {
  for (let at = node; at >= 0; at = tree.parent(at)) {
    const owner = owners.get(at);
    if (owner) return owner;
  }
  return undefined;
}
