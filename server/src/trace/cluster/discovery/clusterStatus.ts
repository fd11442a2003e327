/** Hosts as the admin interface's `/clusters?format=json` lists them (admin/v3/clusters.proto), health checks included. */
import type { EndpointHealth } from '../../../protocol/trace';
import { formatAddress, readAddress } from '../../../model/address';
import type { ConfigNode } from '../../../schema/configNode';
import { say } from '../../record/sentence';
import type { ClusterHosts } from './assignmentHosts';
import { coarseHealth, hostsOfPriority, type Host } from './host';

/** The hosts of one `ClusterStatus`. Locality weights and metadata are not in it. */
export function statusHosts(status: ConfigNode): ClusterHosts {
  const priorities: Host[][] = [[]];
  for (const node of status.list('host_statuses')) {
    const host = readStatus(node);
    if (host) hostsOfPriority(priorities, node.number('priority')).push(host);
  }
  return {
    kind: 'hosts',
    priorities,
    overprovisioning: 140,
    weightedPriorityHealth: false,
    dropOverload: undefined,
    node: status,
    source: say`the status of cluster ${status.string('name')}`,
    isIncomplete: status.isIncomplete,
    isLive: true,
  };
}

function readStatus(node: ConfigNode): Host | undefined {
  const address = readAddress(node.get('address'));
  if (!address) return undefined;
  const health = healthOf(node.get('health_status'));
  const locality = node.get('locality');
  const name = [locality?.string('region'), locality?.string('zone'), locality?.string('sub_zone')].filter(Boolean).join('/');
  return {
    address,
    text: formatAddress(address),
    node,
    hostname: node.string('hostname'),
    weight: Math.max(1, node.number('weight') ?? 1),
    health,
    ...coarseHealth(health),
    locality: { name, weight: undefined, node, metadata: undefined },
    metadata: undefined,
  };
}

/** A failed check of Envoy's own wins over what EDS says. */
function healthOf(status: ConfigNode | undefined): EndpointHealth | undefined {
  const failed = ['failed_active_health_check', 'failed_outlier_check', 'failed_active_hc', 'active_hc_timeout'].some(
    (field) => status?.bool(field) === true,
  );
  const eds = status?.enumName('eds_health_status');
  if (eds === 'DRAINING') return 'DRAINING';
  if (failed || eds === 'UNHEALTHY') return 'UNHEALTHY';
  if (eds === 'TIMEOUT') return 'TIMEOUT';
  if (eds === 'DEGRADED' || status?.bool('failed_active_degraded_check') === true) return 'DEGRADED';
  return eds === 'HEALTHY' ? 'HEALTHY' : eds === 'UNKNOWN' ? 'UNKNOWN' : undefined;
}
