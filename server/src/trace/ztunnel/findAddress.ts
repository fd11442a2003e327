/** Whose address is it, in ztunnel's eyes: a workload's, or a service's (istio/ztunnel: src/state.rs find_address, src/state/service.rs). */
import { cidrContains } from '../../model/address';
import type { GatewayAddress, ZtunnelModel, ZtunnelService, ZtunnelWorkload } from '../../model/ztunnel';

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

/** Dumps that do not tell their own network match in any. */
export function findWorkload(model: ZtunnelModel, { network, ip }: NetworkIp): ZtunnelWorkload | undefined {
  const found = model.workloadsByIp.get(ip) ?? [];
  return found.find((workload) => workload.network === network) ?? (network === '' ? found[0] : undefined);
}

/** Of several services with one address: the client's namespace first. Ranges count after single addresses, the longest first. */
export function findServiceByVip(
  model: ZtunnelModel,
  { network, ip }: NetworkIp,
  namespace: string | undefined,
): ZtunnelService | undefined {
  const sharing = (model.servicesByVip.get(ip) ?? []).filter(
    ({ vips }) => network === '' || vips.some((vip) => vip.ip === ip && vip.network === network),
  );
  if (sharing.length > 0) return preferred(sharing, namespace);
  const ranges = model.servicesByRange.filter((each) => (network === '' || each.network === network) && cidrContains(each.range, ip));
  const sorted = [...ranges].sort(
    (one, other) => rank(other.service, namespace) - rank(one.service, namespace) || other.range.bits - one.range.bits,
  );
  return sorted[0]?.service;
}

function preferred(services: readonly ZtunnelService[], namespace: string | undefined): ZtunnelService | undefined {
  return (
    services.find((service) => service.namespace === namespace) ??
    services.find(({ node }) => node.bool('canonical') === true) ??
    services[0]
  );
}

function rank(service: ZtunnelService, namespace: string | undefined): number {
  return service.namespace === namespace ? 1 : 0;
}

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
