/** Names in a ztunnel's dump: where workloads, services and policies stand, and where they are named (istio/ztunnel: src/state). */
import { readZtunnel } from '../../model/ztunnel/readZtunnel';
import type { GatewayAddress, ZtunnelModel, ZtunnelPolicy, ZtunnelService, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';
import type { ConfigNode } from '../../schema/configNode';
import { findAddress } from '../../trace/ztunnel/findAddress';
import { configNodeAt, type Place } from '../place/place';
import { memoizeByObject } from '../../text/memoizeByObject';
import type { Snapshot } from '../../index/snapshot';

export type ZtunnelThing =
  | { readonly kind: 'workload'; readonly node: ConfigNode; readonly workload: ZtunnelWorkload; readonly model: ZtunnelModel }
  | { readonly kind: 'service'; readonly node: ConfigNode; readonly service: ZtunnelService; readonly model: ZtunnelModel }
  | { readonly kind: 'policy'; readonly node: ConfigNode; readonly policy: ZtunnelPolicy; readonly model: ZtunnelModel };

export interface ZtunnelPlace {
  readonly node: ConfigNode;
  /** The name is the node's key. */
  readonly isKey: boolean;
  readonly isDefinition: boolean;
  readonly thing: ZtunnelThing;
}

/** The name under the cursor; undefined outside of a ztunnel's files. */
export function ztunnelPlaceAt(place: Place): ZtunnelPlace | undefined {
  const node = configNodeAt(place);
  if (!node) return undefined;
  const key = node.tree.keySpan(node.id);
  const onKey = key !== undefined && key.start <= place.offset && place.offset <= key.end;
  // On the key before a name, the name is meant; a name that is a key is meant by its key alone.
  return ztunnelPlacesOf(place.snapshot, place.uri).find((each) => each.node.sameAs(node) && (onKey || !each.isKey));
}

/** Of all files of the ztunnel to which a document belongs. */
export function ztunnelPlacesOf({ proxies }: Snapshot, uri: string): readonly ZtunnelPlace[] {
  return proxies.flatMap(({ ztunnel, uris }) => (ztunnel && uris.includes(uri) ? placesOf(readZtunnel(ztunnel)) : []));
}

/** What a person calls it. Example: `shop/reviews-v1-7d9f` */
export function nameOfThing(thing: ZtunnelThing): string {
  switch (thing.kind) {
    case 'workload':
      return `${thing.workload.namespace}/${thing.workload.name}`;
    case 'service':
      return thing.service.hostname;
    case 'policy':
      return `${thing.policy.namespace}/${thing.policy.name}`;
  }
}

const placesOf = memoizeByObject((model: ZtunnelModel): readonly ZtunnelPlace[] => [...collect(model)]);

function* collect(model: ZtunnelModel): Generator<ZtunnelPlace> {
  const policies = new Map(model.policies.map((policy) => [`${policy.namespace}/${policy.name}`, policy]));
  const ofWorkload = (workload: ZtunnelWorkload): ZtunnelThing => ({ kind: 'workload', node: workload.node, workload, model });
  const ofService = (service: ZtunnelService): ZtunnelThing => ({ kind: 'service', node: service.node, service, model });
  const ofPolicy = (policy: ZtunnelPolicy): ZtunnelThing => ({ kind: 'policy', node: policy.node, policy, model });
  const services = new Map(model.services.map((service) => [`${service.namespace}/${service.hostname}`, ofService(service)]));
  const workloads = model.workloads.filter(({ hostname }) => hostname !== '');
  const byHost = new Map([
    ...workloads.map((each): [string, ZtunnelThing] => [`${each.namespace}/${each.hostname}`, ofWorkload(each)]),
    ...services,
  ]);
  const lookup: Lookup = { model, byHost };
  for (const workload of model.workloads) {
    yield* named(workload.node, 'name', ofWorkload(workload), true);
    yield* named(workload.node, 'uid', ofWorkload(workload));
    for (const item of workload.node.list('authorizationPolicies')) {
      const policy = policies.get(item.asString() ?? '');
      if (policy) yield { node: item, isKey: false, isDefinition: false, thing: ofPolicy(policy) };
    }
    for (const gateway of [workload.waypoint, workload.networkGateway]) yield* ofGateway(lookup, gateway);
    for (const [key, node] of workload.node.map('services')) yield* use(node, true, services.get(key));
  }
  for (const service of model.services) {
    yield* named(service.node, 'name', ofService(service), true);
    yield* named(service.node, 'hostname', ofService(service));
    for (const endpoint of service.endpoints) {
      const workload = model.workloadsByUid.get(endpoint.workloadUid);
      const uid = endpoint.node.get('workloadUid');
      if (workload) yield* use(uid ?? endpoint.node, uid === undefined, ofWorkload(workload));
      yield* named(endpoint.node, 'service', services.get(endpoint.node.string('service')));
    }
    for (const gateway of [service.waypoint, ...service.weightedWaypoints.map((each) => each.gateway)]) yield* ofGateway(lookup, gateway);
  }
  for (const policy of model.policies) yield* named(policy.node, 'name', ofPolicy(policy), true);
}

function* named(owner: ConfigNode, field: string, thing: ZtunnelThing | undefined, isDefinition = false): Generator<ZtunnelPlace> {
  const node = owner.get(field);
  if (node && thing) yield { node, isKey: false, isDefinition, thing };
}

function* use(node: ConfigNode, isKey: boolean, thing: ZtunnelThing | undefined): Generator<ZtunnelPlace> {
  if (thing) yield { node, isKey, isDefinition: false, thing };
}

/** A waypoint's address is a workload's or a service's; its host name likewise. */
function* ofGateway({ model, byHost }: Lookup, gateway: GatewayAddress | undefined): Generator<ZtunnelPlace> {
  const node = gateway?.node.get('destination');
  if (!gateway || !node) return;
  const { destination } = gateway;
  if (destination.kind === 'hostname') {
    yield* use(node, false, byHost.get(`${destination.namespace}/${destination.hostname}`));
    return;
  }
  const found = findAddress(model, destination, undefined);
  if (found?.kind === 'workload') yield* use(node, false, { ...found, node: found.workload.node, model });
  if (found?.kind === 'service') yield* use(node, false, { ...found, node: found.service.node, model });
}

interface Lookup {
  readonly model: ZtunnelModel;
  /** By `namespace/hostname`; services before workloads. */
  readonly byHost: ReadonlyMap<string, ZtunnelThing>;
}
