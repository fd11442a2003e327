/** Completion of the names that Istio's own resources give each other: hosts, subsets, gateways, as the workspace has them. */
import type { Snapshot } from '../../index/buildSnapshot';
import { parseIstioClusterName } from '../../model/istioNames';
import { fullHost, namespaceOf } from '../../model/istioSpec';
import { ConfigNode } from '../../schema/configNode';
import { resourceAt } from '../../index/messagesAt';
import type { Cursor } from './completion';
import { PLACEHOLDER } from './cursorToken';
import type { Candidate } from './writeCandidates';

const API = 'istio.networking.v1alpha3.';

/** Fields that name a host. */
const HOSTS: ReadonlySet<string> = new Set([`${API}Destination.host`, `${API}DestinationRule.host`, `${API}VirtualService.hosts`]);

/** [] elsewhere. */
export function completeIstioNames(cursor: Cursor): Candidate[] {
  const { schema, place, facts, node } = cursor;
  if (!schema?.owner || !schema.field) return [];
  const field = `${schema.owner.name}.${schema.field.name}`;
  const resource = resourceAt(facts, node)?.node;
  if (!resource) return [];
  const around = { snapshot: place.snapshot, resource, uri: place.uri };
  if (HOSTS.has(field)) return candidates(hostsIn(around), 'host');
  if (field === `${API}Destination.subset`) {
    const host = new ConfigNode(facts.tree, cursor.parent).string('host');
    return candidates(subsetsOf(around, fullHost(host, namespaceOf(resource))), 'subset');
  }
  return field === `${API}VirtualService.gateways` ? candidates(gatewaysIn(around), 'gateway') : [];
}

interface Around {
  readonly snapshot: Snapshot;
  /** In which the cursor is, as the text reads now. */
  readonly resource: ConfigNode;
  readonly uri: string;
}

function candidates(names: Iterable<string>, detail: string): Candidate[] {
  return [...new Set(names)].flatMap((name) =>
    name === '' || name.includes(PLACEHOLDER) ? [] : [{ name, kind: 'name', detail, rank: 0 }],
  );
}

/** The Istio resources of the workspace of a kind. */
function resourcesOf({ snapshot }: Around, kind: string): ConfigNode[] {
  return [...snapshot.documents.values()].flatMap(({ parts }) =>
    parts.flatMap((part) =>
      part.kind === 'istio' ? part.resources.flatMap(({ node }) => (node.string('kind') === kind ? [node] : [])) : [],
    ),
  );
}

function* hostsIn(around: Around): Generator<string> {
  for (const node of resourcesOf(around, 'Service')) yield fullHost(node.get('metadata')?.string('name') ?? '', namespaceOf(node));
  for (const kind of ['ServiceEntry', 'VirtualService'])
    for (const node of resourcesOf(around, kind)) yield* textsOf(node.path('spec', 'hosts'));
  for (const node of resourcesOf(around, 'DestinationRule')) yield node.get('spec')?.string('host') ?? '';
  for (const { host } of outboundClusters(around)) yield host;
}

function* subsetsOf(around: Around, host: string): Generator<string> {
  for (const node of resourcesOf(around, 'DestinationRule')) {
    const spec = node.get('spec');
    if (!spec || fullHost(spec.string('host'), namespaceOf(node)) !== host) continue;
    for (const subset of spec.list('subsets')) yield subset.string('name');
  }
  for (const cluster of outboundClusters(around)) if (cluster.host === host) yield cluster.subset;
}

/** Those of the resource's own namespace by their name alone (istio: pilot/pkg/model/virtualservice.go). */
function* gatewaysIn(around: Around): Generator<string> {
  yield 'mesh';
  for (const node of resourcesOf(around, 'Gateway')) {
    const name = node.get('metadata')?.string('name') ?? '';
    yield namespaceOf(node) === namespaceOf(around.resource) ? name : `${namespaceOf(node)}/${name}`;
  }
}

/** The services that the dumps of the workspace know. */
function* outboundClusters({ snapshot }: Around): Generator<{ host: string; subset: string }> {
  for (const { byName } of snapshot.proxies)
    for (const name of byName.cluster.keys()) {
      const parts = name.startsWith('outbound|') ? parseIstioClusterName(name) : undefined;
      if (parts) yield parts;
    }
}

function textsOf(list: ConfigNode | undefined): string[] {
  return (list?.items() ?? []).flatMap((item) => item.asString() ?? []);
}
