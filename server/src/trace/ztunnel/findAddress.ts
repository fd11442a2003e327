/** Whose address is it, in ztunnel's eyes: a workload's, or a service's (istio/ztunnel: src/state.rs find_address, src/state/service.rs). */
import { cidrContains } from '../../model/address';
import type { GatewayAddress, ZtunnelModel, ZtunnelService, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';

export interface NetworkIp {
  readonly network: string;
  readonly ip: string;
}

export type AddressOf =
  { readonly kind: 'workload'; readonly workload: ZtunnelWorkload } | { readonly kind: 'service'; readonly service: ZtunnelService };

/** A workload first, else the best service. */
export function findAddress(model: ZtunnelModel, address: NetworkIp, namespace: string | undefined): AddressOf | undefined {
  const workload = findWorkload(model, address);
  if (workload) return { kind: 'workload', workload };
  const service = findServiceByVip(model, address, namespace);
  return service && { kind: 'service', service };
}

/** Dumps that do not tell their own network match in any. Of several workloads with one address: pods first, then those of the mesh. */
export function findWorkload(model: ZtunnelModel, { network, ip }: NetworkIp): ZtunnelWorkload | undefined {
  const found = (model.workloadsByIp.get(ip) ?? []).filter((workload) => network === '' || workload.network === network);
  let best = found[0];
  for (const workload of found) if (best && trustOf(workload) >= trustOf(best)) best = workload;
  return best;
}

/** WorkloadByAddr (src/state/workload.rs). */
function trustOf({ uid, protocol }: ZtunnelWorkload): number {
  return (uid.includes('//Pod/') ? 2 : 0) + (protocol === 'HBONE' ? 1 : 0);
}

/** Of several services with one address that the client may see, its namespace's first. Ranges count after single addresses. */
export function findServiceByVip(
  model: ZtunnelModel,
  { network, ip }: NetworkIp,
  namespace: string | undefined,
): ZtunnelService | undefined {
  const sharing = (model.servicesByVip.get(ip) ?? []).filter(
    ({ vips }) => network === '' || vips.some((vip) => vip.ip === ip && vip.network === network),
  );
  return preferred(sharing, namespace) ?? findServiceByRange(model, { network, ip }, namespace);
}

/** The client's namespace, then the longest range, then the canonical service. */
function findServiceByRange(model: ZtunnelModel, { network, ip }: NetworkIp, namespace: string | undefined): ZtunnelService | undefined {
  const ranges = model.servicesByRange.filter(
    (each) => (network === '' || each.network === network) && isVisible(each.service, namespace) && cidrContains(each.range, ip),
  );
  const sorted = [...ranges].sort(
    (one, other) =>
      Number(other.service.namespace === namespace) - Number(one.service.namespace === namespace) ||
      other.range.bits - one.range.bits ||
      Number(other.service.isCanonical) - Number(one.service.isCanonical),
  );
  return sorted[0]?.service;
}

/** Of services that share a name or an address the one that a client of the namespace gets; undefined where it may see none (ServiceMatch, src/state/service.rs). */
export function preferred(services: readonly ZtunnelService[], namespace: string | undefined): ZtunnelService | undefined {
  const visible = services.filter((service) => isVisible(service, namespace));
  return visible.find((service) => service.namespace === namespace) ?? visible.findLast(({ isCanonical }) => isCanonical) ?? visible[0];
}

/** A client that nobody tells may see everything. */
export function isVisible(service: ZtunnelService, namespace: string | undefined): boolean {
  return !service.isPrivate || namespace === undefined || service.namespace === namespace;
}

/** The best of the services with that host name (istio/ztunnel: src/state.rs). */
export function findServiceByHost(model: ZtunnelModel, hostname: string, namespace: string | undefined): ZtunnelService | undefined {
  return preferred(
    model.services.filter((service) => service.hostname === hostname),
    namespace,
  );
}

/** What a waypoint's or gateway's destination names; a host name belongs to its namespace. */
export function findGateway(model: ZtunnelModel, { destination }: GatewayAddress): AddressOf | undefined {
  if (destination.kind === 'address') return findAddress(model, destination, undefined);
  const service = model.services.find((each) => each.hostname === destination.hostname && each.namespace === destination.namespace);
  if (service) return { kind: 'service', service };
  const workload = model.workloads.find((each) => each.hostname === destination.hostname && each.namespace === destination.namespace);
  return workload && { kind: 'workload', workload };
}
