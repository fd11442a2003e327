/** An address that nobody has may be that of an open proxy whose file has lost where it listens. */
import { formatAddress, isLoopback, type Address } from '../../model/address';
import { memoizeByObject } from '../../text/memoizeByObject';
import type { Hop } from '../hop';
import { lostListeners } from '../listener/listenersMayBeMissing';
import { say, words, type Sentence } from '../record/sentence';
import { ownersSeenFrom, type AddressOwner } from './addressOwners';
import type { ToldWorkload } from './toldWorkload';
import type { Snapshot } from '../../index/snapshot';

/** What is missing, or undefined where no other open proxy can be meant. */
export function hiddenOwner(
  { proxy, snapshot }: Hop,
  address: Extract<Address, { kind: 'ip' }>,
  told?: ToldWorkload,
): Sentence | undefined {
  if (isLoopback(address.ip)) return undefined;
  const others = candidatesOf(snapshot).filter((owner) => owner.proxy !== proxy);
  for (const owner of ownersSeenFrom(proxy, address.ip, others, told)) {
    const lost = lostListeners(owner.proxy, say`whether ${formatAddress(address)} is an address`, address.port);
    if (lost) return lost;
  }
  return undefined;
}

/** Proxies that do not say their own addresses, or (ztunnels of 2022) those of their workloads, beside their listeners. */
const candidatesOf: (snapshot: Snapshot) => readonly AddressOwner[] = memoizeByObject(({ proxies }: Snapshot) =>
  proxies
    .filter(({ kind, supersededBy }) => (kind === 'dump' || kind === 'bootstrap') && supersededBy === undefined)
    .filter(({ proxyNode }) => proxyNode.ips.length === 0 || proxyNode.type === 'ztunnel')
    .filter((proxy) => lostListeners(proxy, words('')) !== undefined)
    .map((proxy): AddressOwner => ({ proxy, kind: 'self' })),
);
