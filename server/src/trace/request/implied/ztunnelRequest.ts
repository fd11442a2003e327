/** "Trace from here" in a ztunnel's dump: a client of its node that asks for the service, or for the workload itself. */
import { formatAddress } from '../../../model/address';
import { readZtunnel } from '../../../model/ztunnel/readZtunnel';
import { servedWorkloads } from '../../../model/ztunnel/servedWorkloads';
import type { ZtunnelModel, ZtunnelService, ZtunnelWorkload } from '../../../model/ztunnel/ztunnelModel';
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
  readonly network: string;
  readonly ip: string;
  readonly port: number;
  readonly namespace: string;
  readonly title: string;
}

function targetAround(model: ZtunnelModel, node: ConfigNode): Target | undefined {
  const around = (item: ConfigNode) => item.tree === node.tree && item.id <= node.id && node.id < item.tree.next(item.id);
  const service = model.services.find((each) => around(each.node));
  if (service) return targetOfService(model, service);
  const workload = model.workloads.find((each) => around(each.node));
  const [ip] = workload?.ips ?? [];
  if (!workload || ip === undefined) return undefined;
  const { namespace, name, network } = workload;
  return { network, ip, port: portOf(model, workload), namespace, title: `workload ${namespace}/${name}` };
}

function targetOfService({ network }: ZtunnelModel, { vips, ports, namespace, hostname }: ZtunnelService): Target | undefined {
  const vip = vips.find((each) => each.network === network) ?? vips[0];
  return vip && { ...vip, port: [...ports.keys()][0] ?? 80, namespace, title: `service ${hostname}` };
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

/** A workload that the ztunnel serves: preferably meshed, of the network and the namespace of the target, and another one than that. */
function clientOf(model: ZtunnelModel, target: Target): ZtunnelWorkload | undefined {
  const served = servedWorkloads(model);
  const all = served.length > 0 ? served : model.workloads.filter((each) => !each.isHostNetwork && isOfNode(model, each));
  const wishes: readonly ((each: ZtunnelWorkload) => boolean)[] = [
    ({ protocol }) => protocol === 'HBONE',
    ({ network }) => network === target.network,
    ({ ips }) => !ips.includes(target.ip),
    ({ namespace }) => namespace === target.namespace,
  ];
  let found = all.filter(({ ips }) => ips.length > 0);
  for (const wish of wishes) {
    const fitting = found.filter(wish);
    if (fitting.length > 0) found = fitting;
  }
  return found[0];
}

function isOfNode({ kubernetesNode }: ZtunnelModel, workload: ZtunnelWorkload): boolean {
  return kubernetesNode === undefined || workload.kubernetesNode === kubernetesNode;
}
