/** All names in a document's resources: where they are defined and where they are used. */
import type { DocumentPart } from '../../model/document/documentPart';
import type { Resource, ResourceKind } from '../../model/resources/resource';
import { ReferenceCollector } from '../../schema/references/collectReferences';
import type { ReferenceTape } from '../../schema/references/referenceTape';
import { messageType } from '../../schema/table/messageType';
import { messageNameOfTypeUrl, upgradeMessageName } from '../../schema/table/typeUrl';
import { NO_NODE, type SyntaxTree } from '../../syntax/tree/syntaxTree';
import type { Steps } from '../../text/steps';
import { DocumentNames, type NameColumns } from './documentNames';
import { headOf, innerOwners, listOwners, nodeOf, resourceOf, type NameOwners } from './nameOwners';

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
  fragment: '',
};

/** The message name of a kind of resource; '' where the schema does not have it. */
export function messageOfKind(kind: ResourceKind): string {
  return MESSAGES[kind];
}

/** The message name of a resource; '' where the schema does not have it. Among routes there are those of other protocols, by their `@type`. */
export function messageOf({ kind, message, node }: Pick<Resource, 'kind' | 'message' | 'node'>): string {
  if (kind !== 'route_configuration') return message ?? MESSAGES[kind];
  const url = node.entry('@type')?.asString();
  const named = url === undefined ? '' : upgradeMessageName(messageNameOfTypeUrl(url));
  return message ?? (messageType(named) ? named : MESSAGES[kind]);
}

/** In document order; a resource inside another (a bootstrap's static clusters) is read once, as its own. */
export function* collectNames(tree: SyntaxTree, parts: readonly DocumentPart[]): Steps<DocumentNames> {
  const collector = new ReferenceCollector(tree);
  const { tape } = collector;
  const owners = listOwners(tree, parts);
  /** Where the names of each owner end on the tape. */
  const stops = new Int32Array(owners.outer);
  for (let owner = 0; owner < owners.outer; owner++) {
    const node = nodeOf(owners, owner);
    collector.collect(node, messageOfOwner(owners, owner));
    stops[owner] = tape.size;
    if (owner % STEP === STEP - 1) yield node / tree.size;
  }
  const ownerOf = new Int32Array(tape.size);
  for (let owner = 0, index = 0; owner < owners.outer; owner++) while (index < (stops[owner] ?? 0)) ownerOf[index++] = owner;
  if (owners.indexes.length > owners.outer) assignInner(owners, stops, { tape, tree, ownerOf });
  return new DocumentNames(tree, inOrder(tape, ownerOf), owners);
}

/** Without making an object of the resource, as far as may be. */
function messageOfOwner(owners: NameOwners, owner: number): string {
  const head = headOf(owners, owner);
  const resource = head?.kind === 'route_configuration' ? resourceOf(owners, owner) : undefined;
  if (resource) return messageOf(resource);
  return head ? (head.message ?? MESSAGES[head.kind]) : '';
}

/** Resources that are read in about a millisecond. */
const STEP = 256;

interface Assignment {
  readonly tree: SyntaxTree;
  readonly tape: ReferenceTape;
  readonly ownerOf: Int32Array;
}

/** Names in a resource inside a bootstrap are that resource's. */
function assignInner(owners: NameOwners, stops: Int32Array, { tape, tree, ownerOf }: Assignment): void {
  const inner = innerOwners(owners);
  for (const [outer, stop] of stops.entries()) {
    if (resourceOf(owners, outer)?.kind !== 'bootstrap') continue;
    for (let index = stops[outer - 1] ?? 0; index < stop; index++) {
      let at = tape.nodes[index] ?? NO_NODE;
      while (at !== NO_NODE && !inner.has(at)) at = tree.parent(at);
      ownerOf[index] = inner.get(at) ?? outer;
    }
  }
}

/** The columns in document order, without the room that was not needed. `ownerOf`: by the index on the tape. */
export function inOrder(tape: ReferenceTape, ownerOf: Int32Array): NameColumns {
  const { size, nodes, sites, scopes, joined } = tape;
  if (isSorted(nodes, size))
    return { size, nodes: nodes.slice(0, size), sites: sites.slice(0, size), scopes: scopes.slice(0, size), owners: ownerOf, joined };
  const order = orderOf(nodes, size);
  const sorted = (column: Int32Array) => Int32Array.from(order, (index) => column[index] ?? 0);
  return {
    size,
    nodes: sorted(nodes),
    sites: Uint16Array.from(order, (index) => sites[index] ?? 0),
    scopes: sorted(scopes),
    owners: sorted(ownerOf),
    joined: new Map(
      [...order].flatMap((index, place): [number, string][] => (joined.has(index) ? [[place, joined.get(index) ?? '']] : [])),
    ),
  };
}

/** Indexes by node, then as they are. Numbers that hold both are sorted by the engine itself, without a call for each two. */
function orderOf(nodes: Int32Array, size: number): Uint32Array {
  const both = Float64Array.from({ length: size }, (_, index) => (nodes[index] ?? 0) * size + index).sort();
  return Uint32Array.from(both, (each) => each % size);
}

function isSorted(nodes: Int32Array, size: number): boolean {
  for (let index = 1; index < size; index++) if ((nodes[index - 1] ?? 0) > (nodes[index] ?? 0)) return false;
  return true;
}
