/** A cluster that an operator has taken out of service. */
import { localReply } from '../http/localReply/localReply';
import { addStep, type Hop } from '../hop';
import type { Ending } from '../record/hopRecord';
import { say, words } from '../record/sentence';
import { runtimeNumber } from '../runtime/readRuntime';
import type { ForwardTarget } from './forwardTarget';

/** Runtime key `upstream.maintenance_mode.CLUSTER` (Envoy: source/common/upstream/upstream_impl.cc). Certain only from 100 on. */
export function maintenanceMode(hop: Hop, { clusterName, protocol }: ForwardTarget): Ending | undefined {
  if (protocol !== 'http' || runtimeNumber(hop, `upstream.maintenance_mode.${clusterName}`, 0) < 100) return undefined;
  addStep(hop, { stage: 'cluster', decision: say`cluster ${clusterName} is in maintenance`, because: words('runtime says so') });
  return localReply(hop, 'local_reply', { code: 503, flags: ['UO'], details: 'maintenance_mode', body: 'maintenance mode' });
}
