/** The listener filters in their order: what each adds to the connection's facts. */
import type { Hop, HopResult } from '../hop';

export function runListenerFilters(hop: Hop): HopResult | undefined {
  void hop;
  return undefined;
}
