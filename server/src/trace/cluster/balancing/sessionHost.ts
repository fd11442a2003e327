/** The host that a session names, before any load balancing (Envoy: source/common/upstream/host_utility.cc, selectOverrideHost). */
import { HEALTH_STATUSES } from '../../../model/loadAssignment';
import { addStep, type Hop } from '../../hop';
import { say, words } from '../../record/sentence';
import type { HostChoice } from './chooseHost';
import { hostAt, type HostPool } from './hostPool';

/** Undefined: no session, or one whose host is not there or not in a permitted state, and the load balancer may choose. */
export function sessionHost(hop: Hop, pool: Pick<HostPool, 'cluster' | 'priorities'>): HostChoice | undefined {
  const session = hop.sessionHost;
  if (!session) return undefined;
  const found = hostAt(pool, session.address);
  const health = found?.host.health ?? 'UNKNOWN';
  if (found && permittedStatuses(pool).has(health))
    return { kind: 'host', ...found, because: say`the session of the request names it`, rejected: [] };
  const because = found
    ? say`its session names ${session.address}, whose health ${health} is not among override_host_status`
    : say`its session names ${session.address}, which the cluster does not have`;
  if (session.isStrict) {
    // A host that is there, and may not be taken, has the usual status (observed with Envoy 1.40).
    const code = found ? undefined : session.failure;
    return {
      kind: 'none',
      because: say`${because}; the session is strict`,
      at: session.at,
      rejected: [],
      ...(code !== undefined && { code }),
    };
  }
  addStep(hop, { stage: 'cluster', decision: words('the session is not followed'), because, at: session.at });
  return undefined;
}

function permittedStatuses({ cluster }: Pick<HostPool, 'cluster'>): ReadonlySet<string> {
  const statuses = cluster.path('common_lb_config', 'override_host_status');
  if (!statuses) return new Set(['UNKNOWN', 'HEALTHY', 'DEGRADED']);
  return new Set(
    statuses.list('statuses').map((status) => HEALTH_STATUSES[status.asNumber() ?? -1] ?? (status.asString() ?? '').toUpperCase()),
  );
}
