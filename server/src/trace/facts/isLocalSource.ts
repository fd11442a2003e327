/** Envoy's notion of a local connection (source/common/network/utility.cc isSameIpOrLoopback). */
import type { Arrival } from '../hop';
import type { ConnectionFacts } from './connection';
import { remoteAddress } from './peerAddress';

/** Other addresses of 127.0.0.0/8 do not count (isLoopbackAddress). */
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1']);

/** True for a pipe, a loopback source, or one whose IP is the destination's; undefined where the source is not known. */
export function isLocalSource(connection: ConnectionFacts, arrival: Pick<Arrival, 'kind'>): boolean | undefined {
  const { destination } = connection;
  if (destination?.kind === 'pipe') return true;
  const source = remoteAddress(connection, arrival);
  if (source === 'unknown') return undefined;
  return source !== 'none' && (LOOPBACK.has(source.ip) || (destination?.kind === 'ip' && destination.ip === source.ip));
}
