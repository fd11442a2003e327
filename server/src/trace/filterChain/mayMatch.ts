/** Whether a chain whose conditions are partly left out could be the one: no condition that is there fails. */
import { KEPT_BACK } from '../../schema/keptBack';
import type { CidrRange } from '../../model/address';
import { cidrContains } from '../../model/address';
import { directAddress, localAddress, remoteAddress, type PeerAddress } from '../facts/peerAddress';
import type { FilterChain } from './filterChainTable';
import type { ChainFacts } from './matchFilterChain';

export function mayMatch(chain: FilterChain, { connection, arrival }: ChainFacts): boolean {
  const { destination, serverName, transportProtocol, applicationProtocols } = connection;
  return (
    (chain.destinationPort === 0 || destination?.kind !== 'ip' || destination.port === chain.destinationPort) &&
    mayBeIn(chain.destinationRanges, localAddress(connection, arrival)) &&
    (isOpen(chain.serverNames) ||
      chain.serverNames.some((name) => (name.startsWith('.') ? serverName.endsWith(name) : serverName === name))) &&
    (isOpen([chain.transportProtocol]) || chain.transportProtocol === transportProtocol) &&
    (isOpen(chain.applicationProtocols) || chain.applicationProtocols.some((protocol) => applicationProtocols.includes(protocol))) &&
    mayBeIn(chain.directSourceRanges, directAddress(connection, arrival)) &&
    mayBeIn(chain.sourceRanges, remoteAddress(connection, arrival))
  );
}

/** Nothing is asked for, or something that the file keeps back. */
function isOpen(wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.includes('') || wanted.includes(KEPT_BACK);
}

function mayBeIn(ranges: readonly CidrRange[], address: PeerAddress): boolean {
  return (
    ranges.length === 0 ||
    address === 'unknown' ||
    ranges.some((range) => cidrContains(range, address === 'none' ? '255.255.255.255' : address.ip))
  );
}
