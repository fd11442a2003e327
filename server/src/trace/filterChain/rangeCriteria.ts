/** The criteria of filter_chain_match that compare an IP with ranges: the longest prefix wins (Envoy: filter_chain_manager_impl.cc, lc_trie.h). */
import { cidrContains, type CidrRange } from '../../model/address';
import { directAddress, localAddress, remoteAddress, type PeerAddress } from '../facts/peerAddress';
import { say, words } from '../record/sentence';
import type { ChainGroup } from './chainGroup';
import { taken, type Branch, type Criterion } from './criterion';
import type { FilterChain } from './filterChain';
import type { ChainFacts } from './chainFacts';

/** By the local address of the connection. */
export const destinationIp: Criterion = {
  field: 'prefix_ranges',
  what: 'destination IP',
  lookUp: byDestinationIp,
  asks: ({ destinationRanges }) => texts(destinationRanges),
  wouldDo: ({ destinationRanges }, { connection }) =>
    isIn(destinationRanges, connection.destination?.kind === 'ip' ? connection.destination : undefined),
};

/** By the socket's own peer. */
export const directSourceIp: Criterion = {
  field: 'direct_source_prefix_ranges',
  what: 'direct source IP',
  lookUp: byDirectSource,
  asks: ({ directSourceRanges }) => texts(directSourceRanges),
  wouldDo: ({ directSourceRanges }, { connection }) => isIn(directSourceRanges, connection.directSource ?? connection.source),
};

/** By the remote address, which PROXY protocol may have told. */
export const sourceIp: Criterion = {
  field: 'source_prefix_ranges',
  what: 'source IP',
  lookUp: bySource,
  asks: ({ sourceRanges }) => texts(sourceRanges),
  wouldDo: ({ sourceRanges }, { connection }) => isIn(sourceRanges, connection.source),
};

/** A local or remote address without an IP counts as this one. */
const FAKE_IP = '255.255.255.255';

function isIn(ranges: readonly CidrRange[], address: { readonly ip: string } | undefined): boolean {
  return address !== undefined && ranges.some((range) => cidrContains(range, address.ip));
}

function texts(ranges: readonly CidrRange[]): string[] {
  return ranges.map(({ text }) => text);
}

function byDestinationIp(group: ChainGroup, { connection, arrival }: ChainFacts): Branch {
  return byRange(group, {
    what: 'destination IP',
    criterion: 'prefix_ranges',
    rangesOf: ({ destinationRanges }) => destinationRanges,
    address: localAddress(connection, arrival),
  });
}

function byDirectSource(group: ChainGroup, { connection, arrival }: ChainFacts): Branch {
  return byRange(group, {
    what: 'direct source IP',
    criterion: 'direct_source_prefix_ranges',
    rangesOf: ({ directSourceRanges }) => directSourceRanges,
    address: directAddress(connection, arrival),
  });
}

function bySource(group: ChainGroup, { connection, arrival }: ChainFacts): Branch {
  return byRange(group, {
    what: 'source IP',
    criterion: 'source_prefix_ranges',
    rangesOf: ({ sourceRanges }) => sourceRanges,
    address: remoteAddress(connection, arrival),
  });
}

interface RangeQuestion {
  readonly what: string;
  readonly criterion: string;
  readonly rangesOf: (chain: FilterChain) => readonly CidrRange[];
  readonly address: PeerAddress;
}

/** The longest prefix that holds the address. */
function byRange(group: ChainGroup, { what, criterion, rangesOf, address }: RangeQuestion): Branch {
  const ranges = group.ranges(criterion, rangesOf);
  if (address === 'unknown') {
    if (ranges.matters) return { kind: 'unknown', missing: say`the ${words(what)} of the connection, by which the filter chain is chosen` };
    return taken(ranges.openGroup, say`no chain asks for the ${words(what)}`);
  }
  const branch = ranges.lookUp(address === 'none' ? FAKE_IP : address.ip);
  const value = address === 'none' ? say`the connection has no ${words(what)}` : say`${words(what)} is ${address.ip}`;
  switch (branch.kind) {
    case 'miss':
      return taken(undefined, value);
    case 'group':
      return taken(branch.group, value);
    case 'random':
      return {
        kind: 'random',
        groups: [branch.explicit, branch.open],
        value,
        missing: say`which chain wins: ${chainOf(branch.explicit)} asks for every ${words(what)} by a prefix of length 0, ${chainOf(branch.open)} by giving none; Envoy keeps one of the two, at random each time it starts`,
      };
  }
}

function chainOf({ chains }: ChainGroup): string {
  return chains[0]?.name ?? '';
}
