/** Whose traffic does a ztunnel capture? The HBONE workloads of its Kubernetes node that do not speak HBONE themselves. */
import type { GatewayAddress, ZtunnelModel, ZtunnelService, ZtunnelWorkload } from './ztunnelModel';

/** [] where the node is not known. */
export function servedWorkloads(model: ZtunnelModel): readonly ZtunnelWorkload[] {
  const { kubernetesNode, clusterId, network, workloads } = model;
  if (kubernetesNode === undefined) return [];
  const waypoints = waypointUids(model);
  // Nodes of different clusters may have one name.
  const neighbours = workloads.filter(
    (each) =>
      each.kubernetesNode === kubernetesNode && isSame(each.clusterId, clusterId) && isSame(each.network, network) && !each.isHostNetwork,
  );
  // Dumps of 2023 say nativeTunnel of all HBONE workloads, where it tells nothing.
  const isTold = workloads.some(({ protocol, isNativeTunnel }) => protocol === 'HBONE' && !isNativeTunnel);
  return neighbours.filter(
    ({ protocol, uid, isNativeTunnel }) => protocol === 'HBONE' && !waypoints.has(uid) && !(isTold && isNativeTunnel),
  );
}

function isSame(one: string, other: string): boolean {
  return one === '' || other === '' || one === other;
}

/** Workloads that are somebody's waypoint: they speak HBONE themselves. */
function waypointUids({ workloads, services }: ZtunnelModel): ReadonlySet<string> {
  const gateways = [...workloads.flatMap(({ waypoint }) => waypoint ?? []), ...services.flatMap(waypointsOf)];
  const addresses = new Set(gateways.flatMap(({ destination }) => (destination.kind === 'address' ? [destination.ip] : [])));
  const names = new Set(gateways.flatMap(({ destination }) => (destination.kind === 'hostname' ? [destination.hostname] : [])));
  const ofServices = services.filter(({ hostname, vips }) => names.has(hostname) || vips.some(({ ip }) => addresses.has(ip)));
  const byAddress = workloads.filter(
    ({ ips, hostname }) => ips.some((ip) => addresses.has(ip)) || (hostname !== '' && names.has(hostname)),
  );
  return new Set([
    ...ofServices.flatMap(({ endpoints }) => endpoints.map(({ workloadUid }) => workloadUid)),
    ...byAddress.map(({ uid }) => uid),
  ]);
}

function waypointsOf({ waypoint, weightedWaypoints }: ZtunnelService): GatewayAddress[] {
  return [...(waypoint ? [waypoint] : []), ...weightedWaypoints.map(({ gateway }) => gateway)];
}
