/** The addresses that a ztunnel's DNS gives for a name (istio/ztunnel: src/dns/server.rs find_server, get_addresses). */
import { findWorkload, isVisible, preferred } from '../ztunnel/findAddress';
import type { ZtunnelModel, ZtunnelService } from '../../model/ztunnel/ztunnelModel';

export interface ZtunnelHost {
  readonly service: ZtunnelService;
  /** Virtual addresses; of a headless service those of its workloads. */
  readonly ips: readonly string[];
}

/** The best service of each host name that is meant: several only where a short name may be of any namespace, because nobody tells the client. */
export function ztunnelHosts(model: ZtunnelModel, host: string, sourceIp: string | undefined): ZtunnelHost[] {
  const client = sourceIp === undefined ? undefined : findWorkload(model, { network: model.network, ip: sourceIp });
  const answerable = model.services.filter(
    (service) => isVisible(service, client?.namespace) && (hasVip(service) || isOfKubernetes(service)),
  );
  const meant = bestFit(answerable, host, client?.namespace);
  const hostnames = [...new Set(meant.map(({ hostname }) => hostname))];
  return hostnames.flatMap((hostname): ZtunnelHost[] => {
    const service = preferred(
      meant.filter((each) => each.hostname === hostname),
      client?.namespace,
    );
    return service ? [{ service, ips: addressesOf(model, service) }] : [];
  });
}

/** The name itself, else a short name of it, else the longest wildcard. */
function bestFit(services: readonly ZtunnelService[], host: string, namespace: string | undefined): readonly ZtunnelService[] {
  const exact = services.filter(({ hostname }) => hostname === host);
  if (exact.length > 0) return exact;
  const short = services.filter((service) => isShortNameOf(service, host, namespace));
  if (short.length > 0) return short;
  const labels = host.split('.');
  for (let from = 1; from < labels.length; from++) {
    const pattern = `*.${labels.slice(from).join('.')}`;
    const wild = services.filter(({ hostname }) => hostname === pattern);
    if (wild.length > 0) return wild;
  }
  return [];
}

/** `reviews` in its own namespace, `reviews.shop`, `reviews.shop.svc`. */
function isShortNameOf(service: ZtunnelService, host: string, namespace: string | undefined): boolean {
  if (!isOfKubernetes(service)) return false;
  if (host.includes('.')) return service.hostname.startsWith(`${host}.`);
  return host === service.name && (namespace === undefined || namespace === service.namespace);
}

function isOfKubernetes({ hostname, name, namespace }: ZtunnelService): boolean {
  return hostname.startsWith(`${name}.${namespace}.`);
}

function hasVip({ vips }: ZtunnelService): boolean {
  return vips.length > 0;
}

/** Those of the own network, where there are any. */
function addressesOf(model: ZtunnelModel, service: ZtunnelService): readonly string[] {
  if (!hasVip(service)) return addressesOfWorkloads(model, service);
  const own = service.vips.filter(({ network }) => network === model.network);
  return (own.length > 0 ? own : service.vips).map(({ ip }) => ip);
}

/** A headless service: of each workload the first address of the families that the service allows. */
function addressesOfWorkloads({ workloadsByUid }: ZtunnelModel, { endpoints, ipFamilies }: ZtunnelService): readonly string[] {
  return endpoints.flatMap(({ workloadUid }) => {
    const ips = workloadsByUid.get(workloadUid)?.ips ?? [];
    return ips.find((ip) => ipFamilies === undefined || ip.includes(':') === (ipFamilies === 'IPv6')) ?? [];
  });
}
