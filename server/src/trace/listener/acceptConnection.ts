/** Which listener takes the connection (Envoy: source/common/listener_manager/connection_handler_impl.cc; the kernel's choice among bound sockets). */
import type { Hop, HopResult } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { say } from '../record/sentence';

export function acceptConnection(hop: Hop): HopResult | undefined {
  return hop.listener ? undefined : cannotTell(say`how a listener is chosen`);
}
