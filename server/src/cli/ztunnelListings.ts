/** What `list` shows of a ztunnel: workloads, services and policies. */
import type { ProxyScope } from '../index/proxyScope';
import { readZtunnel } from '../model/ztunnel/readZtunnel';
import type { GatewayAddress } from '../model/ztunnel/ztunnelModel';
import type { Listing } from './listing';

export function workloads({ ztunnel }: ProxyScope): Listing {
  const all = ztunnel ? readZtunnel(ztunnel).workloads : [];
  return {
    head: ['workload', 'addresses', 'node', 'protocol', 'health', 'waypoint', 'identity'],
    rows: all.map((workload) => [
      `${workload.namespace}/${workload.name}`,
      workload.ips.join(', '),
      workload.kubernetesNode,
      workload.protocol,
      workload.isHealthy ? 'healthy' : 'unhealthy',
      describeGateway(workload.waypoint),
      workload.identity,
    ]),
  };
}

export function services({ ztunnel }: ProxyScope): Listing {
  const all = ztunnel ? readZtunnel(ztunnel).services : [];
  return {
    head: ['service', 'addresses', 'ports', 'endpoints', 'waypoint'],
    rows: all.map(({ namespace, hostname, vips, ports, endpoints, waypoint }) => [
      `${namespace}/${hostname}`,
      vips.map(({ ip }) => ip).join(', '),
      [...ports].map(([port, target]) => (target === port || target === 0 ? String(port) : `${port} → ${target}`)).join(', '),
      `${endpoints.filter(({ isHealthy }) => isHealthy).length} of ${endpoints.length} healthy`,
      describeGateway(waypoint),
    ]),
  };
}

export function policies({ ztunnel }: ProxyScope): Listing {
  const all = ztunnel ? readZtunnel(ztunnel).policies : [];
  return {
    head: ['policy', 'action', 'scope', 'rules'],
    rows: all.map(({ namespace, name, action, dryRun, scope, rules }) => [
      `${namespace}/${name}`,
      dryRun ? `${action} (dry run)` : action,
      scope,
      String(rules.length),
    ]),
  };
}

function describeGateway(gateway: GatewayAddress | undefined): string {
  if (!gateway) return '';
  const { destination, port } = gateway;
  return destination.kind === 'address' ? `${destination.ip}:${port}` : `${destination.namespace}/${destination.hostname}:${port}`;
}
