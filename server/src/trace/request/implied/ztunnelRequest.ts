/** "Trace from here" in a ztunnel's dump: a client of its node that asks for the service, or for the workload itself. */
import { formatAddress } from '../../../model/address';
import { readZtunnel } from '../../../model/ztunnel/readZtunnel';
import type { ZtunnelModel, ZtunnelWorkload } from '../../../model/ztunnel/ztunnelModel';
import type { TraceRequest } from '../../../protocol/trace';
import type { ConfigNode } from '../../../schema/configNode';
import type { Snapshot } from '../../../index/snapshot';

export interface ZtunnelRequest {
  readonly request: TraceRequest;
  /** Example: `service reviews.default.svc.cluster.local` */
  readonly title: string;
}

/** Undefined outside of services and workloads, and where they have no address. */
export function ztunnelRequestAt({ proxies }: Snapshot, node: ConfigNode): ZtunnelRequest | undefined {
  const proxy = proxies.find(({ ztunnel, uris }) => ztunnel && uris.includes(node.tree.uri));
  if (!proxy?.ztunnel) return undefined;
  const model = readZtunnel(proxy.ztunnel);
  const target = targetAround(model, node);
  if (!target) return undefined;
  const source = clientOf(model, target)?.ips[0];
  const connection = { destination: formatAddress({ kind: 'ip', ip: target.ip, port: target.port }), capture: 'outbound' as const };
  return {
    request: { start: { proxy: proxy.id }, connection: { ...connection, ...(source !== undefined && { source }) } },
    title: target.title,
  };
}

interface Target {
  readonly ip: string;
  readonly port: number;
  readonly namespace: string;
  readonly title: string;
}

function targetAround(model: ZtunnelModel, node: ConfigNode): Target | undefined {
  const around = (item: ConfigNode) => item.tree === node.tree && item.id <= node.id && node.id < item.tree.next(item.id);
  const service = model.services.find((each) => around(each.node));
  const [vip] = service?.vips ?? [];
  if (service)
    return (
      vip && { ip: vip.ip, port: [...service.ports.keys()][0] ?? 80, namespace: service.namespace, title: `service ${service.hostname}` }
    );
  const workload = model.workloads.find((each) => around(each.node));
  const [ip] = workload?.ips ?? [];
  if (!workload || ip === undefined) return undefined;
  return { ip, port: portOf(model, workload), namespace: workload.namespace, title: `workload ${workload.namespace}/${workload.name}` };
}

/** The first port of a service behind which the workload is. */
function portOf({ services }: ZtunnelModel, { uid }: ZtunnelWorkload): number {
  for (const { endpoints, ports } of services) {
    const own = endpoints.find(({ workloadUid }) => workloadUid === uid);
    const port = own && ([...own.ports.values()][0] ?? [...ports.values()][0]);
    if (port) return port;
  }
  return 80;
}

/** A workload of the ztunnel's own node, of the same namespace and another one than the target if there is one. */
function clientOf({ workloads, kubernetesNode }: ZtunnelModel, { namespace, ip }: Target): ZtunnelWorkload | undefined {
  const own = workloads.filter(
    (each) => each.ips.length > 0 && !each.isHostNetwork && (kubernetesNode === undefined || each.kubernetesNode === kubernetesNode),
  );
  const meshed = own.filter(({ protocol }) => protocol === 'HBONE');
  const near = meshed.filter((each) => each.namespace === namespace);
  const others = [...near, ...meshed].filter(({ ips }) => !ips.includes(ip));
  return others[0] ?? near[0] ?? meshed[0] ?? own[0];
}
