/** The Rust ztunnel's own config dump as values: workloads, services and policies, in the old spelling (objects by address) and the new one (lists). */
import type { ConfigNode } from '../schema/configNode';
import { canonicalIp, makeCidr, type CidrRange } from './address';
import { missingSections, ztunnelMembers, ztunnelStates, type ZtunnelDump, type ZtunnelSection } from './ztunnelDump';
import { addToGroup } from '../text/addToGroup';
import { memoizeByObject } from '../text/memoizeByObject';

/** `network/ip` or `namespace/hostname`, as ztunnel writes addresses. */
export type ZtunnelDestination =
  | { readonly kind: 'address'; readonly network: string; readonly ip: string }
  | { readonly kind: 'hostname'; readonly namespace: string; readonly hostname: string };

/** Where a waypoint or a gateway of another network stands. */
export interface GatewayAddress {
  readonly destination: ZtunnelDestination;
  /** HBONE port. Example: 15008 */
  readonly port: number;
  readonly node: ConfigNode;
}

export interface ZtunnelWorkload {
  readonly node: ConfigNode;
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly ips: readonly string[];
  readonly network: string;
  readonly hostname: string;
  /** What the workload's side understands. */
  readonly protocol: 'HBONE' | 'TCP';
  /** Example: `spiffe://cluster.local/ns/default/sa/sleep` */
  readonly identity: string;
  readonly serviceAccount: string;
  readonly kubernetesNode: string;
  readonly clusterId: string;
  readonly locality: { readonly region: string; readonly zone: string; readonly subzone: string };
  readonly waypoint: GatewayAddress | undefined;
  readonly networkGateway: GatewayAddress | undefined;
  readonly applicationTunnel: { readonly protocol: string; readonly port: number | undefined } | undefined;
  /** `namespace/name` */
  readonly authorizationPolicies: readonly string[];
  readonly capacity: number;
  readonly isHealthy: boolean;
  /** In the network of its Kubernetes node: its IP is the node's, and stands for nobody. */
  readonly isHostNetwork: boolean;
  /** It speaks HBONE itself, without the ztunnel of its node. Older dumps say so of every HBONE workload. */
  readonly isNativeTunnel: boolean;
}

export interface ZtunnelEndpoint {
  readonly node: ConfigNode;
  readonly workloadUid: string;
  /** Service port → target port, where the endpoint has its own. */
  readonly ports: ReadonlyMap<number, number>;
  readonly isHealthy: boolean;
}

export interface ZtunnelService {
  readonly node: ConfigNode;
  readonly name: string;
  readonly namespace: string;
  readonly hostname: string;
  readonly vips: readonly { readonly network: string; readonly ip: string }[];
  readonly ports: ReadonlyMap<number, number>;
  readonly endpoints: readonly ZtunnelEndpoint[];
  readonly subjectAltNames: readonly string[];
  readonly waypoint: GatewayAddress | undefined;
  readonly weightedWaypoints: readonly { readonly gateway: GatewayAddress; readonly weight: number }[];
  readonly loadBalancer: { readonly mode: string; readonly routingPreferences: readonly string[] } | undefined;
  /** To be preferred where several services share a name or an address. */
  readonly isCanonical: boolean;
  /** Only clients of its own namespace see it. */
  readonly isPrivate: boolean;
  /** The families of addresses that it allows; undefined: any. */
  readonly ipFamilies: 'IPv4' | 'IPv6' | undefined;
}

export interface ZtunnelPolicy {
  readonly node: ConfigNode;
  readonly name: string;
  readonly namespace: string;
  readonly scope: string;
  readonly action: 'Allow' | 'Deny';
  readonly dryRun: boolean;
  /** Any rule; all its clauses; any match of a clause. */
  readonly rules: readonly (readonly (readonly ConfigNode[])[])[];
}

export interface ZtunnelModel {
  readonly workloads: readonly ZtunnelWorkload[];
  readonly services: readonly ZtunnelService[];
  readonly policies: readonly ZtunnelPolicy[];
  /** The ztunnel's own network; '' where the dump does not tell. */
  readonly network: string;
  /** The cluster that it belongs to; '' where the dump does not tell. */
  readonly clusterId: string;
  /** The Kubernetes node that it serves; undefined where the dump does not tell. */
  readonly kubernetesNode: string | undefined;
  readonly workloadsByIp: ReadonlyMap<string, readonly ZtunnelWorkload[]>;
  readonly workloadsByUid: ReadonlyMap<string, ZtunnelWorkload>;
  readonly servicesByVip: ReadonlyMap<string, readonly ZtunnelService[]>;
  /** By identity: why the ztunnel has no certificate for it, in its own words. */
  readonly missingCertificates: ReadonlyMap<string, string>;
  /** Services that own whole ranges. */
  readonly servicesByRange: readonly { readonly range: CidrRange; readonly network: string; readonly service: ZtunnelService }[];
  /** Lists of which the files have none. */
  readonly missing: readonly ZtunnelSection[];
}

/** Reads a ztunnel's dump once (istio/ztunnel: src/state.rs, src/state/workload.rs, src/state/service.rs). */
export const readZtunnel: (dump: ZtunnelDump) => ZtunnelModel = memoizeByObject(readModel);

function readModel(dump: ZtunnelDump): ZtunnelModel {
  const workloads = withCapacities(ztunnelMembers(dump, 'workloads').map(readWorkload));
  const services = ztunnelMembers(dump, 'services').map(readService);
  const setting = (name: string): string | undefined =>
    dump.map((piece) => piece.path('config', name)?.asString()).find((text) => text !== undefined);
  const kubernetesNode = setting('localNode') ?? nodeOfState(dump, workloads);
  const neighbours = workloads.filter((workload) => workload.kubernetesNode === kubernetesNode);
  return {
    workloads,
    services,
    policies: ztunnelMembers(dump, 'policies').map(readPolicy),
    network: setting('network') ?? onlyValue(neighbours.map(({ network }) => network)),
    clusterId: setting('clusterId') ?? onlyValue(neighbours.map(({ clusterId }) => clusterId)),
    kubernetesNode,
    workloadsByIp: groupBy(workloads, ({ ips, isHostNetwork }) => (isHostNetwork ? [] : ips)),
    workloadsByUid: new Map(workloads.map((workload) => [workload.uid, workload])),
    servicesByVip: groupBy(services, ({ vips }) => vips.map(({ ip }) => ip)),
    missingCertificates: missingCertificates(dump),
    servicesByRange: services.flatMap((service) => rangesOf(service)),
    missing: missingSections(dump),
  };
}

/** `network/ip` or `namespace/hostname`. */
export function readDestination(text: string): ZtunnelDestination {
  const slash = text.indexOf('/');
  const [left, right] = [text.slice(0, Math.max(slash, 0)), text.slice(slash + 1)];
  const ip = canonicalIp(right);
  return ip === undefined ? { kind: 'hostname', namespace: left, hostname: right } : { kind: 'address', network: left, ip };
}

/** Pods that the ztunnel has taken over stand in `workloadState`; their node is its node. */
function nodeOfState(dump: ZtunnelDump, workloads: readonly ZtunnelWorkload[]): string | undefined {
  const byName = new Map(workloads.map((workload) => [`${workload.namespace}/${workload.name}`, workload.kubernetesNode]));
  const nodes = new Set<string>();
  for (const state of ztunnelStates(dump)) {
    const found = byName.get(`${state.get('info')?.string('namespace') ?? ''}/${state.get('info')?.string('name') ?? ''}`);
    if (found) nodes.add(found);
  }
  return nodes.size === 1 ? [...nodes][0] : undefined;
}

/** An identity may be listed again while its certificate is replaced. */
function missingCertificates(dump: ZtunnelDump): Map<string, string> {
  const certificates = ztunnelMembers(dump, 'certificates').map((node) => ({
    identity: node.string('identity'),
    state: node.string('state'),
  }));
  const available = new Set(certificates.flatMap(({ identity, state }) => (state === 'Available' ? [identity] : [])));
  const missing = certificates.filter(({ identity, state }) => state.startsWith('Unavailable') && !available.has(identity));
  return new Map(missing.map(({ identity, state }) => [identity, state]));
}

/** What istioctl makes of a dump without capacities is 0 everywhere, which stands for 1. */
function withCapacities(workloads: readonly ZtunnelWorkload[]): readonly ZtunnelWorkload[] {
  return workloads.some(({ capacity }) => capacity > 0) ? workloads : workloads.map((workload) => ({ ...workload, capacity: 1 }));
}

/** Of the workloads of one node; '' where they differ. */
function onlyValue(values: readonly string[]): string {
  const [first = '', another] = new Set(values);
  return another === undefined ? first : '';
}

function readWorkload(node: ConfigNode): ZtunnelWorkload {
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

function readGateway(node: ConfigNode | undefined): GatewayAddress | undefined {
  const text = node?.string('destination');
  if (!node || !text) return undefined;
  return { destination: readDestination(text), port: node.number('hboneMtlsPort') ?? node.number('port') ?? 15008, node };
}

function readService(node: ConfigNode): ZtunnelService {
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

/** `{network, cidr}`; a text `network/10.0.0.0/8` is accepted as well. */
function rangesOf(service: ZtunnelService): { range: CidrRange; network: string; service: ZtunnelService }[] {
  return service.node.list('cidrVips').flatMap((each) => {
    const text = each.asString() ?? `${each.string('network')}/${each.string('cidr')}`;
    const match = /^([^/]*)\/([^/]+)\/(\d+)$/.exec(text) ?? /^()([^/]+)\/(\d+)$/.exec(text);
    const ip = match && canonicalIp(match[2] ?? '');
    return ip ? [{ range: makeCidr(ip, Number(match[3])), network: match[1] ?? '', service }] : [];
  });
}

function readPolicy(node: ConfigNode): ZtunnelPolicy {
  return {
    node,
    name: node.string('name'),
    namespace: node.string('namespace'),
    scope: node.string('scope'),
    action: node.string('action') === 'Deny' ? 'Deny' : 'Allow',
    dryRun: node.bool('dryRun') === true,
    rules: node.list('rules').map((rule) => rule.items().map((clause) => clause.items())),
  };
}

function readPorts(holder: ConfigNode | undefined): Map<number, number> {
  return new Map((holder?.entries() ?? []).map(([port, target]): [number, number] => [Number(port), target.asNumber() ?? 0]));
}

function strings(node: ConfigNode, field: string): string[] {
  return node.list(field).flatMap((item) => item.asString() ?? []);
}

function groupBy<Item>(items: readonly Item[], keysOf: (item: Item) => readonly string[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) for (const key of keysOf(item)) addToGroup(groups, key, item);
  return groups;
}
