/** The HTTP connection manager: from the first bytes to the router, in Envoy's order (source/common/http/conn_manager_impl.cc). */
import type { TypedConfig } from '../../schema/configNode';
import type { Hop, HopResult } from '../hop';
import { cannotTell } from '../record/hopRecord';
import { say } from '../record/sentence';

export function runHttpConnectionManager(hop: Hop, config: TypedConfig): HopResult {
  void hop;
  void config;
  return cannotTell(say`what the HTTP connection manager does`);
}
