/** How header matchers read a header that is there several times. */
import type { Hop } from '../hop';
import { isGuardOn } from './isGuardOn';

/** All values as one, joined by commas: before 1.39, or where the guard is off (Envoy: source/common/http/header_utility.h). RBAC has a guard of its own. */
export function joinsRepeatedHeaders(hop: Pick<Hop, 'request' | 'proxy'>): boolean {
  return !isGuardOn(hop, 'match_headers_individually', [1, 39]);
}
