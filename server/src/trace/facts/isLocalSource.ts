/** Envoy's notion of a local connection (source/common/network/utility.cc isSameIpOrLoopback). */
import { isLoopback } from '../../model/address';
import type { Arrival } from '../hop';
import type { ConnectionFacts } from './connection';
import { remoteAddress } from './peerAddress';

/** True for a pipe, a loopback source, or one whose IP is the destination's; undefined where the source is not known. */
export function isLocalSource(connection: ConnectionFacts, arrival: Pick<Arrival, 'kind'>): boolean | undefined {
  const { destination } = connection;
  if (destination?.kind === 'pipe') return true;
  const source = remoteAddress(connection, arrival);
  if (source === 'unknown') return undefined;
  return source !== 'none' && (isLoopback(source.ip) || (destination?.kind === 'ip' && destination.ip === source.ip));
}
