/** Hover of a workload, a service or a policy in a ztunnel's dump, where it stands and where it is named. */
import type { GatewayAddress, ZtunnelModel, ZtunnelPolicy, ZtunnelService, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';
import { cell, code, count, escapeMarkdown, table } from '../writing/markdown';
import { nameOfThing, type ZtunnelThing } from './ztunnelPlaces';

const MAX_ROWS = 8;

export function describeZtunnelThing(thing: ZtunnelThing): string {
  switch (thing.kind) {
    case 'workload':
      return describeWorkload(thing.workload, thing.model, nameOfThing(thing));
    case 'service':
      return describeService(thing.service, thing.model);
    case 'policy':
      return describePolicy(thing.policy, thing.model, nameOfThing(thing));
  }
}

function describeWorkload(workload: ZtunnelWorkload, { services, missingCertificates }: ZtunnelModel, name: string): string {
  const own = services.filter(({ endpoints }) => endpoints.some(({ workloadUid }) => workloadUid === workload.uid));
  const missing = missingCertificates.get(workload.identity);
  const facts = [
    workload.protocol,
    workload.isHealthy ? 'healthy' : '**unhealthy**',
    workload.isHostNetwork ? 'in the network of its node' : '',
  ];
  return paragraphs([
    `**Workload** ${code(name)}`,
    facts.filter(Boolean).join(' · '),
    `${list(workload.ips) || 'no address'}${workload.kubernetesNode && ` on node ${code(workload.kubernetesNode)}`}`,
    `Identity ${code(workload.identity)}${missing === undefined ? '' : `, **without a certificate**: ${escapeMarkdown(missing)}`}`,
    own.length > 0 ? `Behind ${list(own.map(({ hostname }) => hostname))}` : '',
    gateway('Through the waypoint', workload.waypoint),
    gateway('Through the gateway of its network', workload.networkGateway),
    workload.authorizationPolicies.length > 0 ? `Policies: ${list(workload.authorizationPolicies)}` : '',
  ]);
}

function describeService(service: ZtunnelService, { workloadsByUid }: ZtunnelModel): string {
  const { endpoints, ports, vips, loadBalancer } = service;
  const healthy = endpoints.filter(({ isHealthy }) => isHealthy).length;
  const rows = endpoints.slice(0, MAX_ROWS).map(({ workloadUid, isHealthy }) => {
    const workload = workloadsByUid.get(workloadUid);
    const name = workload ? `${workload.namespace}/${workload.name}` : workloadUid;
    return [cell(name), cell(workload?.ips.join(', ') || '?'), isHealthy ? 'healthy' : '**unhealthy**'];
  });
  const rest = endpoints.length > MAX_ROWS ? `\n\n… and ${endpoints.length - MAX_ROWS} more` : '';
  const listed = [...ports].map(([port, target]) => (target === port || target === 0 ? String(port) : `${port} → ${target}`));
  return paragraphs([
    `**Service** ${code(service.hostname)}`,
    [list(vips.map(({ ip }) => ip)) || 'no address of its own', listed.length > 0 ? `ports ${listed.join(', ')}` : '']
      .filter(Boolean)
      .join(' · '),
    gateway('Through the waypoint', service.waypoint),
    loadBalancer && loadBalancer.mode !== 'Standard' ? `Balancing: ${escapeMarkdown(loadBalancer.mode)}` : '',
    endpoints.length === 0
      ? '**No endpoints.**'
      : `${count(endpoints.length, 'endpoint')}, ${healthy} healthy\n\n${table(['workload', 'address', 'health'], rows)}${rest}`,
  ]);
}

function describePolicy(policy: ZtunnelPolicy, { workloads }: ZtunnelModel, name: string): string {
  const users = workloads.filter(({ authorizationPolicies }) => authorizationPolicies.includes(name));
  const scope: Readonly<Record<string, string>> = {
    Global: 'all workloads',
    Namespace: `all workloads of the namespace ${policy.namespace}`,
  };
  const forWhom =
    policy.scope === 'Global' || policy.scope === 'Namespace'
      ? (scope[policy.scope] ?? '')
      : users.length > 0
        ? users
            .slice(0, MAX_ROWS)
            .map((each) => `${each.namespace}/${each.name}`)
            .join(', ')
        : 'no workload of this dump';
  return paragraphs([
    `**Policy** ${code(name)}`,
    `${policy.action === 'Deny' ? 'Denies' : 'Allows'} what any of ${count(policy.rules.length, 'rule')} matches${policy.dryRun ? ', but only says so (dry run)' : ''}`,
    `For ${escapeMarkdown(forWhom)}`,
  ]);
}

function gateway(words: string, address: GatewayAddress | undefined): string {
  if (!address) return '';
  const { destination, port } = address;
  return `${words} ${code(`${destination.kind === 'address' ? destination.ip : destination.hostname}:${port}`)}`;
}

function list(names: readonly string[]): string {
  return `${names.slice(0, MAX_ROWS).map(code).join(', ')}${names.length > MAX_ROWS ? ` and ${names.length - MAX_ROWS} more` : ''}`;
}

function paragraphs(lines: readonly string[]): string {
  return lines.filter((line) => line !== '').join('\n\n');
}
