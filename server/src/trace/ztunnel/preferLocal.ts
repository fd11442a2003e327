/** Which endpoints of a service are near enough to its client (istio/ztunnel: src/state.rs load_balance). */
import type { ZtunnelEndpoint, ZtunnelService, ZtunnelWorkload } from '../../model/ztunnel/ztunnelModel';
import type { Rejected } from '../record/hopRecord';
import { say } from '../record/sentence';

/** An endpoint with its workload. */
export interface Candidate {
  readonly endpoint: ZtunnelEndpoint;
  readonly workload: ZtunnelWorkload;
}

/** Failover takes the best rank, Strict only a full one: how many of the routing preferences fit, in order. undefined: the client matters, and nobody tells it. */
export function preferLocal(
  candidates: readonly Candidate[],
  service: ZtunnelService,
  source: ZtunnelWorkload | undefined,
  rejected: Rejected[],
): readonly Candidate[] | undefined {
  const { mode, routingPreferences: preferences } = service.loadBalancer ?? { mode: 'Standard', routingPreferences: [] };
  if (preferences.length === 0 || mode === 'Standard') return candidates;
  if (!source) return mode !== 'Strict' && candidates.length < 2 ? candidates : undefined;
  const ranked = candidates.map((candidate) => ({ candidate, rank: rankOf(preferences, source, candidate.workload) }));
  const full = preferences[0] === 'Network' ? preferences.length + preferences.length - 1 : preferences.length;
  const best = mode === 'Strict' ? full : Math.max(0, ...ranked.map(({ rank }) => rank));
  for (const { candidate, rank } of ranked)
    if (rank < best)
      rejected.push({
        candidate: say`${candidate.workload.name}`,
        because: say`it is farther away by ${preferences} (mode ${mode})`,
        at: candidate.endpoint.node,
      });
  return ranked.filter(({ rank }) => rank >= best).map(({ candidate }) => candidate);
}

function rankOf(preferences: readonly string[], source: ZtunnelWorkload, workload: ZtunnelWorkload): number {
  const networkFirst = preferences[0] === 'Network';
  let rank = 0;
  let bonus = 0;
  for (const preference of preferences) {
    const same = sameScope(preference, source, workload);
    if (preference === 'Network' && networkFirst) {
      // A foreign network does not end the comparison; the own one lifts above every foreign rank.
      if (!same) continue;
      bonus = preferences.length - 1;
    } else if (!same) break;
    rank++;
  }
  return rank + bonus;
}

function sameScope(scope: string, one: ZtunnelWorkload, other: ZtunnelWorkload): boolean {
  switch (scope) {
    case 'Region':
      return one.locality.region === other.locality.region;
    case 'Zone':
      return one.locality.zone === other.locality.zone;
    case 'Subzone':
      return one.locality.subzone === other.locality.subzone;
    case 'Node':
      return one.kubernetesNode === other.kubernetesNode;
    case 'Cluster':
      return one.clusterId === other.clusterId;
    case 'Network':
      return one.network === other.network;
    default:
      return false;
  }
}
