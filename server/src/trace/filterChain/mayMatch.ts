/** Whether a chain whose conditions are partly left out could take the connection, or keep it from another chain. */
import { keepsBack } from '../../schema/keptBack';
import type { CidrRange } from '../../model/address';
import { cidrContains } from '../../model/address';
import { directAddress, localAddress, remoteAddress, type PeerAddress } from '../facts/peerAddress';
import type { FilterChain } from './filterChainTable';
import type { ChainFacts } from './matchFilterChain';

/** In Envoy's order: a chain that takes the connection on at a condition that is lost keeps it from others, even where a later condition fails. */
export function mayMatch(chain: FilterChain, facts: ChainFacts): boolean {
  const { match } = chain;
  if (!match) return true;
  for (const [field, test] of CONDITIONS) {
    const value = match.get(field);
    if (value ? keepsBack(value) : match.isIncomplete) return true;
    if (!test(chain, facts)) return false;
  }
  return true;
}

type ConditionTest = (chain: FilterChain, facts: ChainFacts) => boolean;

/** Those that come after them are open where one of these is lost, and hold where none is. */
const CONDITIONS: readonly (readonly [field: string, test: ConditionTest])[] = [
  [
    'destination_port',
    ({ destinationPort }, { connection: { destination } }) =>
      destinationPort === 0 || destination?.kind !== 'ip' || destination.port === destinationPort,
  ],
  ['prefix_ranges', ({ destinationRanges }, { connection, arrival }) => mayBeIn(destinationRanges, localAddress(connection, arrival))],
  [
    'server_names',
    ({ serverNames }, { connection: { serverName } }) =>
      isOpen(serverNames) || serverNames.some((name) => (name.startsWith('.') ? serverName.endsWith(name) : serverName === name)),
  ],
  [
    'transport_protocol',
    ({ transportProtocol }, { connection }) => isOpen([transportProtocol]) || transportProtocol === connection.transportProtocol,
  ],
  [
    'application_protocols',
    ({ applicationProtocols }, { connection }) =>
      isOpen(applicationProtocols) || applicationProtocols.some((protocol) => connection.applicationProtocols.includes(protocol)),
  ],
  [
    'direct_source_prefix_ranges',
    ({ directSourceRanges }, { connection, arrival }) => mayBeIn(directSourceRanges, directAddress(connection, arrival)),
  ],
  ['source_type', () => true],
  ['source_prefix_ranges', ({ sourceRanges }, { connection, arrival }) => mayBeIn(sourceRanges, remoteAddress(connection, arrival))],
];

function isOpen(wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.includes('');
}

function mayBeIn(ranges: readonly CidrRange[], address: PeerAddress): boolean {
  return (
    ranges.length === 0 ||
    address === 'unknown' ||
    ranges.some((range) => cidrContains(range, address === 'none' ? '255.255.255.255' : address.ip))
  );
}
