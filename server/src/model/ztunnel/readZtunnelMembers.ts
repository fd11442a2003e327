/** One workload, service or policy of a ztunnel's dump (istio/ztunnel: src/state/workload.rs, src/state/service.rs, src/rbac.rs). */
import type { ConfigNode } from '../../schema/configNode';
import { canonicalIp } from '../address';
import type { GatewayAddress, ZtunnelDestination, ZtunnelEndpoint, ZtunnelPolicy, ZtunnelService, ZtunnelWorkload } from './ztunnelModel';
import { HBONE_PORT } from '../istio/istioPorts';

export function readWorkload(node: ConfigNode): ZtunnelWorkload {
  const namespace = node.string('namespace');
  const serviceAccount = node.string('serviceAccount');
  const tunnel = node.get('applicationTunnel');
  const locality = node.get('locality');
  return {
    node,
    uid: node.string('uid'),
    name: node.string('name'),
    namespace,
    ips: strings(node, 'workloadIps').flatMap((text) => canonicalIp(text) ?? []),
    network: node.string('network'),
    hostname: node.string('hostname'),
    protocol: node.string('protocol') === 'HBONE' ? 'HBONE' : 'TCP',
    identity: `spiffe://${node.string('trustDomain') || 'cluster.local'}/ns/${namespace}/sa/${serviceAccount}`,
    serviceAccount,
    kubernetesNode: node.string('node'),
    clusterId: node.string('clusterId'),
    locality: {
      region: locality?.string('region') ?? '',
      zone: locality?.string('zone') ?? '',
      subzone: locality?.string('subzone') ?? '',
    },
    waypoint: readGateway(node.get('waypoint')),
    networkGateway: readGateway(node.get('networkGateway')),
    // istioctl writes an empty one where there is none.
    applicationTunnel: tunnel?.string('protocol') ? { protocol: tunnel.string('protocol'), port: tunnel.number('port') } : undefined,
    authorizationPolicies: strings(node, 'authorizationPolicies'),
    capacity: node.number('capacity') ?? 1,
    isHealthy: node.string('status') !== 'Unhealthy',
    isHostNetwork: node.string('networkMode') === 'HostNetwork',
    isNativeTunnel: node.bool('nativeTunnel') === true,
  };
}

export function readService(node: ConfigNode): ZtunnelService {
  const loadBalancer = node.get('loadBalancer');
  const families = node.string('ipFamilies');
  return {
    node,
    name: node.string('name'),
    namespace: node.string('namespace'),
    hostname: node.string('hostname'),
    vips: strings(node, 'vips').flatMap((text) => {
      const destination = readDestination(text);
      return destination.kind === 'address' ? [{ network: destination.network, ip: destination.ip }] : [];
    }),
    ports: readPorts(node.get('ports')),
    endpoints: readEndpoints(node.get('endpoints')),
    subjectAltNames: strings(node, 'subjectAltNames'),
    waypoint: readGateway(node.get('waypoint')),
    weightedWaypoints: node.list('weightedWaypoints').flatMap((each) => {
      const gateway = readGateway(each.get('destination'));
      return gateway ? [{ gateway, weight: each.number('weight') ?? 0 }] : [];
    }),
    loadBalancer: loadBalancer && {
      mode: loadBalancer.string('mode') || 'Standard',
      routingPreferences: strings(loadBalancer, 'routingPreferences'),
    },
    isCanonical: node.bool('canonical') === true,
    isPrivate: node.string('visibility') === 'Namespace',
    ipFamilies: families === 'IPv4' || families === 'IPv6' ? families : undefined,
  };
}

export function readPolicy(node: ConfigNode): ZtunnelPolicy {
  return {
    node,
    name: node.string('name'),
    namespace: node.string('namespace'),
    scope: node.string('scope'),
    action: node.string('action') === 'Deny' ? 'Deny' : 'Allow',
    dryRun: node.bool('dryRun') === true,
    // Lists in lists, which ConfigNode.list takes apart as protobuf does.
    rules: (node.get('rules')?.items() ?? []).map((rule) => rule.items().map((clause) => clause.items())),
  };
}

/** `network/ip` or `namespace/hostname`. */
export function readDestination(text: string): ZtunnelDestination {
  const slash = text.indexOf('/');
  const [left, right] = [text.slice(0, Math.max(slash, 0)), text.slice(slash + 1)];
  const ip = canonicalIp(right);
  return ip === undefined ? { kind: 'hostname', namespace: left, hostname: right } : { kind: 'address', network: left, ip };
}

function readGateway(node: ConfigNode | undefined): GatewayAddress | undefined {
  const text = node?.string('destination');
  if (!node || !text) return undefined;
  return { destination: readDestination(text), port: node.number('hboneMtlsPort') ?? node.number('port') ?? HBONE_PORT, node };
}

/** Keyed by workload uid (old dumps add the address); a list is accepted as well. */
function readEndpoints(holder: ConfigNode | undefined): ZtunnelEndpoint[] {
  const nodes = holder?.isArray ? holder.items().map((node): [string, ConfigNode] => ['', node]) : (holder?.entries() ?? []);
  return nodes.map(([key, node]) => ({
    node,
    workloadUid: node.string('workloadUid') || key.replace(/:[^:/]*\/[^/]*$/, ''),
    ports: readPorts(node.get('port')),
    isHealthy: node.string('status') !== 'Unhealthy',
  }));
}

function readPorts(holder: ConfigNode | undefined): Map<number, number> {
  return new Map((holder?.entries() ?? []).map(([port, target]): [number, number] => [Number(port), target.asNumber() ?? 0]));
}

function strings(node: ConfigNode, field: string): string[] {
  return node.list(field).flatMap((item) => item.asString() ?? []);
}
