/** An aggregate cluster: the priorities of its members in one row (Envoy: source/extensions/clusters/aggregate/cluster.cc). */
import type { ConfigNode } from '../../schema/configNode';
import { keepsBack } from '../../schema/keptBack';
import { addStep, type Hop } from '../hop';
import type { Rejected } from '../record/hopRecord';
import { say, words, type Sentence } from '../record/sentence';
import { priorityShares, whyNotPriority } from './balancing/choosePriority';
import type { ClusterHosts } from './discovery/assignmentHosts';
import { clusterHostsOf } from './discovery/clusterHosts';
import { discoveryOf } from './discovery/discoveryOf';
import { isMissingCluster } from './findCluster';
import { balancingOf } from './balancing/loadBalancing';
import { priorityLoads, type Availability, type PriorityLoads, type PriorityState } from './balancing/priorityLoad';

export type AggregateAnswer =
  | {
      readonly kind: 'member';
      readonly cluster: ConfigNode;
      readonly hosts: ClusterHosts;
      readonly priority: number;
      readonly availability: Availability;
    }
  | { readonly kind: 'none'; readonly because: Sentence; readonly at: ConfigNode; readonly rejected: readonly Rejected[] }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

interface Row extends PriorityState {
  readonly cluster: ConfigNode;
  readonly clusterHosts: ClusterHosts;
  readonly priority: number;
}

/** The member and its priority that get the request, a branch for each that has load. Missing and empty members are passed over. */
export function chooseMember(hop: Hop, aggregate: ConfigNode, config: ConfigNode): AggregateAnswer {
  if (keepsBack(config))
    return { kind: 'unknown', missing: say`the members of ${aggregate.string('name')}, of which the file leaves out a part` };
  const names = config.list('clusters').map((name) => name.asString() ?? '');
  const rows: Row[] = [];
  const rejected: Rejected[] = [];
  for (const [index, name] of names.entries()) {
    const at = config.list('clusters')[index];
    const cluster = hop.proxy.byName.cluster.get(name)?.node;
    if (!cluster && !isMissingCluster(hop, name))
      return { kind: 'unknown', missing: say`member ${name} of ${aggregate.string('name')}, a cluster that the files leave out` };
    if (!cluster) {
      rejected.push({ candidate: say`member ${name}`, because: say`there is no such cluster`, ...(at && { at }) });
      continue;
    }
    const member = rowsOf(hop, cluster);
    if (member.kind === 'unknown') return member;
    if (member.rows.length === 0) rejected.push({ candidate: say`member ${name}`, because: say`it has no hosts`, at: cluster });
    rows.push(...member.rows);
  }
  return chooseRow(hop, aggregate, { rows, rejected, config });
}

function rowsOf(hop: Hop, cluster: ConfigNode): { kind: 'rows'; rows: Row[] } | { kind: 'unknown'; missing: Sentence } {
  const discovery = discoveryOf(cluster);
  const name = cluster.string('name');
  if (discovery.kind === 'custom' || discovery.kind === 'dynamic_forward_proxy')
    return { kind: 'unknown', missing: say`the hosts of member ${name}, which a running Envoy finds out` };
  if (discovery.kind === 'original_dst' || discovery.kind === 'aggregate') return { kind: 'rows', rows: [] };
  const answer = clusterHostsOf(hop.proxy, cluster);
  if (answer.kind === 'unknown') return answer;
  if (answer.kind === 'rejected') return { kind: 'unknown', missing: answer.because };
  if (answer.isIncomplete) return { kind: 'unknown', missing: say`the hosts of member ${name} that the file leaves out` };
  const { priorities, overprovisioning, weightedPriorityHealth } = answer;
  const rows = priorities.flatMap((hosts, priority) =>
    hosts.length === 0 ? [] : [{ hosts, overprovisioning, weighted: weightedPriorityHealth, cluster, clusterHosts: answer, priority }],
  );
  return { kind: 'rows', rows };
}

function chooseRow(
  hop: Hop,
  aggregate: ConfigNode,
  { rows, rejected, config }: { rows: readonly Row[]; rejected: readonly Rejected[]; config: ConfigNode },
): AggregateAnswer {
  if (rows.length === 0) return { kind: 'none', because: say`no member has hosts`, at: config, rejected };
  const loads = priorityLoads(rows, balancingOf(hop, aggregate).panicThreshold);
  const shares = priorityShares(loads);
  const options = shares.map(({ priority, availability, percent }) => ({
    value: `${rows[priority]?.cluster.string('name') ?? ''} ${rows[priority]?.priority ?? 0}${availability === 'degraded' ? ' (degraded)' : ''}`,
    probability: percent / 100,
  }));
  const share = shares[hop.choices.choose('priority', options)];
  const row = rows[share?.priority ?? 0];
  if (!row || !share) return { kind: 'none', because: say`no member has a usable host`, at: config, rejected };
  addStep(hop, {
    stage: 'cluster',
    decision: say`member ${row.cluster.string('name')} of the aggregate is used`,
    because: say`its priority ${row.priority} gets ${share.percent} % of the load${loads.isTotalPanic ? words(': too few hosts of every member are healthy (panic)') : words('')}`,
    at: row.cluster,
    rejected: [...rejected, ...otherRows(rows, loads, row)],
  });
  return { kind: 'member', cluster: row.cluster, hosts: row.clusterHosts, priority: row.priority, availability: share.availability };
}

function otherRows(rows: readonly Row[], loads: PriorityLoads, chosen: Row): Rejected[] {
  return rows.flatMap((row, index) =>
    row === chosen
      ? []
      : [
          {
            candidate: say`member ${row.cluster.string('name')}, priority ${row.priority}`,
            because: whyNotPriority(row.hosts, loads, index),
            at: row.cluster,
          },
        ],
  );
}
