/** Whose address is it? The ownership rules of the trace contract: a proxy's own IPs, those that its listeners are bound to, and the workloads that a ztunnel serves; within one mesh and network. */
import type { ProxyScope } from '../../index/proxyScope';
import { canonicalIp, readAddress, readCidr } from '../../model/address';
import { readZtunnel } from '../../model/ztunnel/readZtunnel';
import { servedWorkloads } from '../../model/ztunnel/servedWorkloads';
import type { ConfigNode } from '../../schema/configNode';
import { differenceOf, meshPlaceOf } from './meshPlace';
import { memoizeByObject } from '../../text/memoizeByObject';
import { mayBe, type ToldWorkload } from './toldWorkload';
import { trustedRoots, trustsOthers } from './trustedRoots';
import { addToGroup } from '../../text/addToGroup';
import { HBONE_PORT, INBOUND_PORT } from '../../model/istio/istioPorts';
import { boundIpsOf } from '../listener/boundListeners';
import type { Snapshot } from '../../index/snapshot';

export interface AddressOwner {
  readonly proxy: ProxyScope;
  /** `self`: one of the proxy's own IPs, or one that a listener of it is bound to; `workload`: a pod whose traffic this ztunnel captures. */
  readonly kind: 'self' | 'workload';
}

/** Who owns an IP, the proxies themselves first, in file order. Proxies of which a newer dump is open do not count. */
export function ownersOf(snapshot: Snapshot, ip: string): readonly AddressOwner[] {
  return ownersByIp(snapshot).get(ip) ?? [];
}

/**
 * Who of them a proxy means by that IP: itself; else those of its mesh (also by its root certificates) and network (a gateway also of another network), of them
 * those of its cluster, of them those whose files lie nearest. More than one: the files do not tell which.
 * `told`: what the endpoint says of the pod; where it fits an owner, its network does not matter (Istio: endpoints of a network without a gateway are reached straight).
 */
export function ownersSeenFrom(
  proxy: ProxyScope,
  ip: string,
  owners: readonly AddressOwner[],
  told?: ToldWorkload,
): readonly AddressOwner[] {
  const own = owners.filter((owner) => owner.proxy === proxy);
  if (own.length > 0) return own.slice(0, 1);
  const place = meshPlaceOf(proxy);
  const trusted = owners.filter((owner) => !trustsOthers(proxy, owner.proxy));
  const candidates = told ? trusted.filter((owner) => mayBe(owner, ip, told)) : trusted;
  const reachable = candidates.filter(({ proxy: other }) => {
    const difference = differenceOf(place, meshPlaceOf(other));
    return difference === undefined || (difference === 'network' && (told !== undefined || isGateway(other)));
  });
  const near = preferred(reachable, ({ proxy: other }) => meshPlaceOf(other).network === place.network);
  const inCluster = preferred(near, ({ proxy: other }) => meshPlaceOf(other).cluster === place.cluster);
  return nearestFiles(proxy, ofOneMesh(proxy, withoutRepeats(inCluster)));
}

/** Networks reach each other through gateways; those of ambient meshes call themselves waypoints (Istio: IsAmbientEastWestGateway). */
function isGateway({ proxyNode: { type, metadata } }: ProxyScope): boolean {
  return (
    type === 'router' ||
    (type === 'waypoint' && metadata?.get('LABELS')?.entry('gateway.istio.io/managed')?.asString()?.includes('eastwest') === true)
  );
}

/** Proxies before ztunnels that serve the same IP, and of several dumps of one ztunnel the first. */
export function withoutRepeats(owners: readonly AddressOwner[]): readonly AddressOwner[] {
  const best = preferred(owners, ({ kind }) => kind === 'self');
  const seen = new Set<string>();
  return best.filter(({ proxy, kind }) => {
    const node = kind === 'workload' && proxy.ztunnel ? readZtunnel(proxy.ztunnel).kubernetesNode : undefined;
    const key = node === undefined ? proxy.id : `node ${node}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Of several those that have the roots of the proxy, of them those that got something by the same push of one istiod. */
function ofOneMesh(proxy: ProxyScope, owners: readonly AddressOwner[]): readonly AddressOwner[] {
  if (owners.length < 2) return owners;
  const known = preferred(owners, (owner) => trustedRoots(proxy).size > 0 && trustedRoots(owner.proxy).size > 0);
  const pushes = pushesOf(proxy);
  return preferred(known, (owner) => [...pushesOf(owner.proxy)].some((push) => pushes.has(push)));
}

/** Versions as istiod makes them, of its own clock and a counter: `2023-11-29T10:46:50Z/15` (istio/istio: pilot/pkg/xds/discovery.go NextVersion). */
const pushesOf: (proxy: ProxyScope) => ReadonlySet<string> = memoizeByObject(({ resources }) => {
  const versions = resources.map(({ entry }) => (entry.get('active_state') ?? entry).string('version_info'));
  return new Set(versions.filter((version) => /^\d{4}-\d\d-\d\dT[^/]+\/\d+$/.test(version)));
});

/** Dumps of one mesh usually lie in one folder. */
function nearestFiles(proxy: ProxyScope, owners: readonly AddressOwner[]): readonly AddressOwner[] {
  if (owners.length < 2) return owners;
  const shared = owners.map((owner) => sharedFolders(proxy.uris[0] ?? '', owner.proxy.uris[0] ?? ''));
  const most = Math.max(...shared);
  return owners.filter((_, index) => shared[index] === most);
}

function sharedFolders(one: string, other: string): number {
  const [left, right] = [one.split('/').slice(0, -1), other.split('/').slice(0, -1)];
  const end = left.findIndex((folder, index) => folder !== right[index]);
  return end < 0 ? left.length : end;
}

/** Those that fit, if any do. */
function preferred<Item>(items: readonly Item[], fits: (item: Item) => boolean): readonly Item[] {
  const best = items.filter(fits);
  return best.length > 0 ? best : items;
}

/** IPs of the workloads whose traffic a ztunnel (Envoy's of 2022, or the Rust one) captures; empty for other proxies. */
export const servedIps: (proxy: ProxyScope) => ReadonlySet<string> = memoizeByObject(collectServedIps);

/** True for a ztunnel, Envoy or Rust. */
export function isZtunnel(proxy: ProxyScope): boolean {
  return proxy.kind === 'ztunnel' || proxy.proxyNode.type === 'ztunnel';
}

const ownersByIp = memoizeByObject(collectOwners);

function collectOwners(snapshot: Snapshot): Map<string, AddressOwner[]> {
  const owners = new Map<string, AddressOwner[]>();
  const live = snapshot.proxies.filter(({ supersededBy }) => supersededBy === undefined);
  for (const proxy of live)
    for (const ip of new Set([...proxy.proxyNode.ips, ...boundIpsOf(proxy)])) addToGroup(owners, ip, { proxy, kind: 'self' });
  for (const proxy of live) for (const ip of servedIps(proxy)) addToGroup(owners, ip, { proxy, kind: 'workload' });
  return owners;
}

function collectServedIps(proxy: ProxyScope): ReadonlySet<string> {
  if (proxy.ztunnel) return new Set(servedWorkloads(readZtunnel(proxy.ztunnel)).flatMap(({ ips }) => ips));
  if (proxy.proxyNode.type !== 'ztunnel') return new Set();
  const inbound = proxy.listeners.map(({ node }) => node).filter(isInboundOfZtunnel);
  return new Set(inbound.flatMap((listener) => listener.list('filter_chains').flatMap(workloadIpsOfChain)));
}

/** The HBONE listener and its plain-text sibling have a chain for each workload of the node. */
function isInboundOfZtunnel(listener: ConfigNode): boolean {
  const address = readAddress(listener.get('address'));
  return address?.kind === 'ip' && (address.port === HBONE_PORT || address.port === INBOUND_PORT);
}

/** By `prefix_ranges` of a single address, else by the chain's name (`inbound_10.4.0.5`). */
function workloadIpsOfChain(chain: ConfigNode): string[] {
  const ranges = chain.get('filter_chain_match')?.list('prefix_ranges') ?? [];
  const single = ranges.flatMap((range) => {
    const cidr = readCidr(range);
    return cidr && cidr.bits === (cidr.address.kind() === 'ipv4' ? 32 : 128) ? [cidr.address.toString()] : [];
  });
  if (single.length > 0) return single;
  const name = chain.string('name');
  const ip = canonicalIp(name.slice(name.lastIndexOf('_') + 1));
  return ip === undefined ? [] : [ip];
}
