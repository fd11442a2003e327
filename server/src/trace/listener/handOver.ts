/** Hand-over to another listener by the restored original destination (Envoy: source/common/listener_manager/active_tcp_socket.cc). */
import type { Hop, HopResult } from '../hop';

export function handOver(hop: Hop): HopResult | undefined {
  void hop;
  return undefined;
}
