/** A pass through a Rust ztunnel, decided from its dump (istio/ztunnel: src/proxy/outbound.rs, src/state.rs). */
import type { Hop, HopResult } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { say } from '../record/sentence';

export function passZtunnel(hop: Hop): HopResult {
  return cannotTell(say`what the ztunnel ${hop.proxy.id} does`);
}
