/** The chain's transport socket meets the client's bytes: TLS is terminated, passed through, or fails. */
import type { Hop, HopResult } from '../hop';

export function terminateTransport(hop: Hop): HopResult | undefined {
  void hop;
  return undefined;
}
