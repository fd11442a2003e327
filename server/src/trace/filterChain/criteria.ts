/** The nine criteria of filter_chain_match in Envoy's order. */
import { cidrContains, type CidrRange } from '../../model/address';
import { isLocalSource } from '../facts/isLocalSource';
import { directAddress, mayBeEphemeral, remoteAddress, type PeerAddress } from '../facts/peerAddress';
import { say, words, type Sentence } from '../record/sentence';
import type { ChainGroup } from './chainGroup';
import type { FilterChain, SourceType } from './filterChainTable';
import type { ChainFacts } from './matchFilterChain';

export interface Criterion {
  /** Field of FilterChainMatch. */
  readonly field: string;
  /** In words. Example: destination port */
  readonly what: string;
  /** Takes one branch; no group: a dead end. */
  readonly lookUp: (group: ChainGroup, facts: ChainFacts) => Branch;
  /** What the chain asks for; [] where it asks for nothing. */
  readonly asks: (chain: FilterChain) => readonly string[];
  /** One of the values that the chain asks for would do, too: then it lost to one that fits better, or came first. */
  readonly wouldDo?: (chain: FilterChain, facts: ChainFacts) => boolean;
}

export type Branch =
  | { readonly kind: 'taken'; readonly group: ChainGroup | undefined; readonly value: Sentence }
  /** An explicit `/0` beside chains without a range: Envoy keeps one of the two, at random when it starts. */
  | { readonly kind: 'random'; readonly groups: readonly ChainGroup[]; readonly value: Sentence; readonly missing: Sentence }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

/** A local or remote address without an IP counts as this one. */
const FAKE_IP = '255.255.255.255';

export const criteria: readonly Criterion[] = [
  {
    field: 'destination_port',
    what: 'destination port',
    lookUp: byDestinationPort,
    asks: ({ destinationPort }) => (destinationPort === 0 ? [] : [String(destinationPort)]),
  },
  {
    field: 'prefix_ranges',
    what: 'destination IP',
    lookUp: byDestinationIp,
    asks: ({ destinationRanges }) => texts(destinationRanges),
    wouldDo: ({ destinationRanges }, { connection }) =>
      isIn(destinationRanges, connection.destination?.kind === 'ip' ? connection.destination : undefined),
  },
  {
    field: 'server_names',
    what: 'server name (SNI)',
    lookUp: byServerName,
    asks: ({ serverNames }) => serverNames.map((name) => (name.startsWith('.') ? `*${name}` : name)),
    wouldDo: ({ serverNames }, { connection }) => serverNames.some((name) => name.startsWith('.') && connection.serverName.endsWith(name)),
  },
  {
    field: 'transport_protocol',
    what: 'transport protocol',
    lookUp: byTransportProtocol,
    asks: ({ transportProtocol }) => (transportProtocol === '' ? [] : [transportProtocol]),
  },
  {
    field: 'application_protocols',
    what: 'application protocol',
    lookUp: byApplicationProtocol,
    asks: ({ applicationProtocols }) => applicationProtocols,
    wouldDo: ({ applicationProtocols }, { connection }) =>
      applicationProtocols.some((protocol) => connection.applicationProtocols.includes(protocol)),
  },
  {
    field: 'direct_source_prefix_ranges',
    what: 'direct source IP',
    lookUp: byDirectSource,
    asks: ({ directSourceRanges }) => texts(directSourceRanges),
    wouldDo: ({ directSourceRanges }, { connection }) => isIn(directSourceRanges, connection.directSource ?? connection.source),
  },
  { field: 'source_type', what: 'source type', lookUp: bySourceType, asks: ({ sourceType }) => (sourceType === 'ANY' ? [] : [sourceType]) },
  {
    field: 'source_prefix_ranges',
    what: 'source IP',
    lookUp: bySource,
    asks: ({ sourceRanges }) => texts(sourceRanges),
    wouldDo: ({ sourceRanges }, { connection }) => isIn(sourceRanges, connection.source),
  },
  { field: 'source_ports', what: 'source port', lookUp: bySourcePort, asks: ({ sourcePorts }) => sourcePorts.map(String) },
];

function isIn(ranges: readonly CidrRange[], address: { readonly ip: string } | undefined): boolean {
  return address !== undefined && ranges.some((range) => cidrContains(range, address.ip));
}

function texts(ranges: readonly CidrRange[]): string[] {
  return ranges.map(({ text }) => text);
}

function taken(group: ChainGroup | undefined, value: Sentence): Branch {
  return { kind: 'taken', group, value };
}

/** A port that any chain names shuts out the chains that name none. */
function byDestinationPort(group: ChainGroup, { connection, arrival }: ChainFacts): Branch {
  const branches = group.branches('destination_port', ({ destinationPort }) => [destinationPort], 0);
  const { destination } = connection;
  if (!destination && arrival.kind !== 'internal' && branches.size > (branches.has(0) ? 1 : 0))
    return { kind: 'unknown', missing: words('the destination of the connection: give it as IP:PORT') };
  if (destination?.kind !== 'ip') return taken(branches.get(0), words('the destination has no port'));
  return taken(branches.get(destination.port) ?? branches.get(0), say`destination port is ${String(destination.port)}`);
}

function byDestinationIp(group: ChainGroup, { connection, arrival }: ChainFacts): Branch {
  const { destination } = connection;
  const address: PeerAddress = destination?.kind === 'ip' ? destination : destination || arrival.kind === 'internal' ? 'none' : 'unknown';
  return byRange(group, {
    what: 'destination IP',
    criterion: 'prefix_ranges',
    rangesOf: ({ destinationRanges }) => destinationRanges,
    address,
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

/** Exact, then wildcards from the longest, then the chains without names. */
function byServerName(group: ChainGroup, { connection }: ChainFacts): Branch {
  const branches = group.branches('server_names', ({ serverNames }) => serverNames, '');
  const name = connection.serverName;
  if (name === '') return taken(branches.get(''), words('the client names no server'));
  const value = say`server name is ${name}`;
  const exact = branches.get(name);
  if (exact) return taken(exact, value);
  for (let dot = name.indexOf('.', 1); dot >= 0 && dot < name.length - 1; dot = name.indexOf('.', dot + 1)) {
    const wildcard = branches.get(name.slice(dot));
    if (wildcard) return taken(wildcard, value);
  }
  return taken(branches.get(''), value);
}

function byTransportProtocol(group: ChainGroup, { connection }: ChainFacts): Branch {
  const branches = group.branches('transport_protocol', ({ transportProtocol }) => [transportProtocol], '');
  return taken(branches.get(connection.transportProtocol) ?? branches.get(''), say`transport protocol is ${connection.transportProtocol}`);
}

/** The first of the client's protocols that any chain names. */
function byApplicationProtocol(group: ChainGroup, { connection }: ChainFacts): Branch {
  const branches = group.branches('application_protocols', ({ applicationProtocols }) => applicationProtocols, '');
  const offered = connection.applicationProtocols;
  const value = offered.length === 0 ? words('no application protocol is known') : say`application protocols are ${offered}`;
  for (const protocol of offered) {
    const branch = branches.get(protocol);
    if (branch) return taken(branch, value);
  }
  return taken(branches.get(''), value);
}

function byDirectSource(group: ChainGroup, { connection, arrival }: ChainFacts): Branch {
  return byRange(group, {
    what: 'direct source IP',
    criterion: 'direct_source_prefix_ranges',
    rangesOf: ({ directSourceRanges }) => directSourceRanges,
    address: directAddress(connection, arrival),
  });
}

/** Where any chain asks for the connection's own type, only those count. */
function bySourceType(group: ChainGroup, { connection, arrival }: ChainFacts): Branch {
  const branches = group.branches<SourceType>('source_type', ({ sourceType }) => [sourceType], 'ANY');
  const local = isLocalSource(connection, arrival);
  if (local === undefined) {
    if (branches.size > 1 || !branches.has('ANY'))
      return { kind: 'unknown', missing: words('where the connection comes from (its source), by which the filter chain is chosen') };
    return taken(branches.get('ANY'), words('the source does not matter'));
  }
  const type: SourceType = local ? 'SAME_IP_OR_LOOPBACK' : 'EXTERNAL';
  return taken(
    branches.get(type) ?? branches.get('ANY'),
    local ? words('the connection is local') : words('the connection is from elsewhere'),
  );
}

function bySource(group: ChainGroup, { connection, arrival }: ChainFacts): Branch {
  return byRange(group, {
    what: 'source IP',
    criterion: 'source_prefix_ranges',
    rangesOf: ({ sourceRanges }) => sourceRanges,
    address: remoteAddress(connection, arrival),
  });
}

function bySourcePort(group: ChainGroup, { connection, arrival }: ChainFacts): Branch {
  const branches = group.branches('source_ports', ({ sourcePorts }) => sourcePorts, 0);
  const source = remoteAddress(connection, arrival);
  if (source === 'none') return taken(branches.get(0), words('the source has no port'));
  const port = source === 'unknown' ? undefined : source.port;
  if (port !== undefined) return taken(branches.get(port) ?? branches.get(0), say`source port is ${String(port)}`);
  const asked = [...branches.keys()].some((key) => typeof key === 'number' && mayBeEphemeral(key));
  if (!asked) return taken(branches.get(0), words('no source port is given, so the kernel has picked one'));
  return {
    kind: 'unknown',
    missing: words('the source port of the connection, by which the filter chain is chosen: give the source as IP:PORT'),
  };
}
