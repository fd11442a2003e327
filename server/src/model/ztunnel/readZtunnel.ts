/** Reads the Rust ztunnel's own config dump, in the old spelling (objects by address) and the new one (lists). */
import { addToGroup } from '../../text/addToGroup';
import { memoizeByObject } from '../../text/memoizeByObject';
import type { ConfigNode } from '../../schema/configNode';
import { canonicalIp, makeCidr, type CidrRange } from '../address';
import type { ZtunnelModel, ZtunnelService, ZtunnelWorkload } from './ztunnelModel';
import { missingSections, ztunnelMembers, ztunnelStates, type ZtunnelDump } from './ztunnelDump';
import { readPolicy, readService, readWorkload } from './readZtunnelMembers';
import { knowsWorkloadWaypointsOnly } from './ztunnelAge';

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
    usesLoopbackTunnel: setting('localhostAppTunnel') === 'true' || dump.every((piece) => !piece.has('config')),
    knowsWorkloadWaypointsOnly: knowsWorkloadWaypointsOnly(dump, workloads.map(nodeOf), services.map(nodeOf)),
    workloadsByIp: groupBy(workloads, ({ ips, isHostNetwork }) => (isHostNetwork ? [] : ips)),
    workloadsByUid: new Map(workloads.map((workload) => [workload.uid, workload])),
    servicesByVip: groupBy(services, ({ vips }) => vips.map(({ ip }) => ip)),
    missingCertificates: missingCertificates(dump),
    servicesByRange: services.flatMap((service) => rangesOf(service)),
    missing: missingSections(dump),
  };
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

/** `{network, cidr}`; a text `network/10.0.0.0/8` is accepted as well. */
function rangesOf(service: ZtunnelService): { range: CidrRange; network: string; service: ZtunnelService }[] {
  return service.node.list('cidrVips').flatMap((each) => {
    const text = each.asString() ?? `${each.string('network')}/${each.string('cidr')}`;
    const match = /^([^/]*)\/([^/]+)\/(\d+)$/.exec(text) ?? /^()([^/]+)\/(\d+)$/.exec(text);
    const ip = match && canonicalIp(match[2] ?? '');
    return ip ? [{ range: makeCidr(ip, Number(match[3])), network: match[1] ?? '', service }] : [];
  });
}

function nodeOf({ node }: { readonly node: ConfigNode }): ConfigNode {
  return node;
}

function groupBy<Item>(items: readonly Item[], keysOf: (item: Item) => readonly string[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) for (const key of keysOf(item)) addToGroup(groups, key, item);
  return groups;
}
