/** The chain's network filters in order, until one ends the connection or sends it on. */
import type { Hop, HopResult } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { say } from '../record/sentence';

export function runNetworkFilters(hop: Hop): HopResult | undefined {
  void hop;
  return cannotTell(say`what the network filters do`);
}
