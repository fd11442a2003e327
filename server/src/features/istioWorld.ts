/** The names that Istio's own resources give each other, as the workspace has them: hosts, subsets, gateways. */
import type { Snapshot } from '../index/buildSnapshot';
import { resourceAt } from '../index/messagesAt';
import type { DocumentFacts } from '../index/documentFacts';
import { parseIstioClusterName } from '../model/istioNames';
import { fullHost, namespaceOf } from '../model/istioSpec';
import { ConfigNode } from '../schema/configNode';
import type { NodeSchema } from '../schema/schemaAt';
import type { NodeId } from '../syntax/syntaxTree';

/** What a field of an Istio resource names, and in whose words. */
export type IstioField =
  | { readonly kind: 'host'; readonly namespace: string }
  /** `host`: in full. */
  | { readonly kind: 'subset'; readonly namespace: string; readonly host: string }
  | { readonly kind: 'gateway'; readonly namespace: string };

/** A name and what it stands for. */
export interface IstioName {
  readonly name: string;
  readonly node: ConfigNode;
}

const API = 'istio.networking.v1alpha3.';
const KINDS: Readonly<Record<string, IstioField['kind']>> = {
  [`${API}Destination.host`]: 'host',
  [`${API}DestinationRule.host`]: 'host',
  [`${API}VirtualService.hosts`]: 'host',
  [`${API}Destination.subset`]: 'subset',
  [`${API}VirtualService.gateways`]: 'gateway',
};

/** Undefined where the value names nothing of the kind. */
export function istioFieldAt(facts: DocumentFacts, id: NodeId, schema: NodeSchema | undefined): IstioField | undefined {
  const field = schema?.owner && schema.field ? `${schema.owner.name}.${schema.field.name}` : '';
  const kind = Object.hasOwn(KINDS, field) ? KINDS[field] : undefined;
  const resource = kind && resourceAt(facts, id)?.node;
  if (!kind || !resource) return undefined;
  const namespace = namespaceOf(resource);
  if (kind !== 'subset') return { kind, namespace };
  const destination = new ConfigNode(facts.tree, facts.tree.parent(id));
  return { kind, namespace, host: fullHost(destination.string('host'), namespace) };
}

/** What could stand in the field. */
export function istioNamesFor(snapshot: Snapshot, field: IstioField): Iterable<IstioName> {
  switch (field.kind) {
    case 'host':
      return hosts(snapshot);
    case 'subset':
      return subsets(snapshot, field.host);
    case 'gateway':
      return gateways(snapshot, field.namespace);
  }
}

/** What a name in the field stands for; [] where the workspace does not tell. */
export function findIstioName(snapshot: Snapshot, field: IstioField, name: string): ConfigNode[] {
  const inFull = (host: string) => (field.kind === 'host' ? fullHost(host, field.namespace) : host);
  const wanted = field.kind === 'gateway' && name.startsWith(`${field.namespace}/`) ? name.slice(field.namespace.length + 1) : inFull(name);
  const found = new Map<string, ConfigNode>();
  for (const each of istioNamesFor(snapshot, field))
    if (each.name === wanted) found.set(`${each.node.tree.uri}\n${each.node.id}`, each.node);
  return [...found.values()];
}

/** In full; a rule's or a service's host may be short in its own file. */
function* hosts(snapshot: Snapshot): Generator<IstioName> {
  for (const node of resourcesOf(snapshot, 'Service'))
    yield { name: fullHost(node.get('metadata')?.string('name') ?? '', namespaceOf(node)), node };
  for (const node of resourcesOf(snapshot, 'ServiceEntry'))
    for (const host of node.path('spec', 'hosts')?.items() ?? []) yield { name: host.asString() ?? '', node: host };
  for (const node of resourcesOf(snapshot, 'DestinationRule')) {
    const host = node.path('spec', 'host');
    if (host) yield { name: fullHost(host.asString() ?? '', namespaceOf(node)), node: host };
  }
  for (const { host, node } of outboundClusters(snapshot)) yield { name: host, node };
}

function* subsets(snapshot: Snapshot, host: string): Generator<IstioName> {
  for (const node of resourcesOf(snapshot, 'DestinationRule')) {
    const spec = node.get('spec');
    if (!spec || fullHost(spec.string('host'), namespaceOf(node)) !== host) continue;
    for (const subset of spec.list('subsets')) yield { name: subset.string('name'), node: subset };
  }
  for (const cluster of outboundClusters(snapshot)) if (cluster.host === host) yield { name: cluster.subset, node: cluster.node };
}

/** Those of the same namespace by their name alone (istio: pilot/pkg/model/virtualservice.go). */
function* gateways(snapshot: Snapshot, namespace: string): Generator<IstioName> {
  for (const node of resourcesOf(snapshot, 'Gateway')) {
    const name = node.get('metadata')?.string('name') ?? '';
    yield { name: namespaceOf(node) === namespace ? name : `${namespaceOf(node)}/${name}`, node };
  }
}

function* resourcesOf({ documents }: Snapshot, kind: string): Generator<ConfigNode> {
  for (const { parts } of documents.values())
    for (const part of parts) {
      if (part.kind !== 'istio') continue;
      for (const { node } of part.resources) if (node.string('kind') === kind) yield node;
    }
}

/** The services that the dumps of the workspace know. */
function* outboundClusters({ proxies }: Snapshot): Generator<{ host: string; subset: string; node: ConfigNode }> {
  for (const { byName } of proxies)
    for (const [name, { node }] of byName.cluster) {
      const parts = name.startsWith('outbound|') ? parseIstioClusterName(name) : undefined;
      if (parts) yield { host: parts.host, subset: parts.subset, node };
    }
}
