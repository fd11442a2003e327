/** Envoy's notion of a local connection (source/common/network/utility.cc isSameIpOrLoopback). */
import { isLoopback } from '../../model/address';
import type { ConnectionFacts } from './connection';

/** True for a pipe, a loopback source, or one whose IP is the destination's; undefined where the source is not known. */
export function isLocalSource({ source, destination }: ConnectionFacts): boolean | undefined {
  if (destination?.kind === 'pipe') return true;
  if (!source) return undefined;
  return isLoopback(source.ip) || (destination?.kind === 'ip' && destination.ip === source.ip);
}
