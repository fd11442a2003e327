/** envoy.filters.http.health_check (Envoy: source/extensions/filters/http/health_check/health_check.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { mayLackEntries } from '../../../schema/mayLackEntries';
import { clusterHostsOf } from '../../cluster/discovery/clusterHosts';
import { discoveryOf } from '../../cluster/discovery/discoveryOf';
import { isMissingCluster } from '../../cluster/findCluster';
import { NotKnown } from '../../facts/notKnown';
import { ownNode } from '../../facts/ownNode';
import { announcedLength } from '../../http/codec/announcedBody';
import { doubtHeader } from '../../http/recordHeaderChange';
import { freshRoute } from '../../http/routeConfiguration/refreshRoute';
import type { Hop, HopResult } from '../../hop';
import { testHeader } from '../../http/routeMatch/headerMatcher';
import { say, words, type Sentence } from '../../record/sentence';
import { allOf } from '../../verdict';
import { answer, leaveOpen, pass, type FilterCall } from '../filterCall';
import type { LocalReply } from '../../http/localReply/replyParts';

/** Answers what its headers pick out, unless it passes it through. */
export function runHealthCheck(call: FilterCall): HopResult | undefined {
  const { config, http } = call;
  const verdict = allOf(config.list('headers'), (matcher) => testHeader(matcher, http.request));
  if (verdict.kind === 'no') return pass(call, { because: say`it is no health check: ${verdict.because}`, at: verdict.at });
  if (verdict.kind === 'yes' && mayLackEntries(config, 'headers'))
    return leaveOpen(call, words('which requests are health checks: the file leaves out a part of the headers'), { at: config });
  if (config.bool('pass_through_mode') === true) return passThrough(call, verdict.kind === 'yes');
  if (verdict.kind === 'unknown') return leaveOpen(call, verdict.missing, { at: verdict.at });
  const healthy = config.get('cluster_min_healthy_percentages');
  if (healthy && healthy.entries().length > 0) return answerByClusters(call, healthy);
  return reply(
    call,
    { code: 200, details: 'health_check_ok' },
    words('it is a health check, and Envoy answers it (unless an operator has failed it)'),
  );
}

/** With `cache_time` the last answer's code is given again, which depends on the requests before. */
function passThrough(call: FilterCall, isCertain: boolean): HopResult | undefined {
  const { config, hop } = call;
  const cache = isCertain ? config.get('cache_time') : undefined;
  const at = cache ?? config.get('pass_through_mode');
  const options = ['no answer is stored', 'a good answer is stored', 'a bad answer is stored'].map((value) => ({
    value,
    probability: null,
    at,
  }));
  const taken = cache && (config.duration('cache_time') ?? 0) > 0 ? hop.choices.choose('fraction', options) : 0;
  if (taken > 0) {
    const state = taken === 1 ? { code: 200 } : { code: 503, flags: ['LH'] };
    return reply(call, { ...state, details: 'health_check_cached' }, words('a health check was answered not long ago'), cache);
  }
  if (isCertain) tellCluster(call);
  return pass(call, { because: words('health checks pass through it'), at });
}

const CHECKED_CLUSTER = 'x-envoy-upstream-healthchecked-cluster';

function tellCluster({ hop, http }: FilterCall): void {
  const cluster = ownNode(hop.proxy, 'cluster');
  if (cluster instanceof NotKnown) doubtHeader(http.responseHeaders, CHECKED_CLUSTER);
  else if (cluster !== '') http.responseHeaders.set.push([CHECKED_CLUSTER, cluster]);
}

/** A body is waited for, and the filters that read it on its way have asked for the route. */
function reply(call: FilterCall, local: LocalReply, because: Sentence, at?: ConfigNode): HopResult {
  const lost = announcedLength(call.http.request) === 0 ? undefined : freshRoute(call.hop);
  if (lost) return lost;
  tellCluster(call);
  return answer(call, 'local_reply', local, { because, at });
}

interface Failure {
  readonly details: string;
  readonly because: Sentence;
  readonly at: ConfigNode;
}

/** Each of the clusters must have so many healthy or degraded hosts; in which order Envoy asks is not told. */
function answerByClusters(call: FilterCall, wanted: ConfigNode): HopResult {
  const failures: Failure[] = [];
  for (const [name, share] of wanted.entries()) {
    const result = testCluster(call.hop, name, share);
    if (result === 'unknown') return leaveOpen(call, say`how many hosts of ${name} are healthy (too few make it 503)`, { at: share });
    if (result) failures.push(result);
  }
  const [failure] = failures;
  if (!failure) return reply(call, { code: 200, details: 'health_check_ok_cluster_healthy' }, words('enough hosts are healthy'), wanted);
  const details = new Set(failures.map((each) => each.details)).size === 1 ? failure.details : '';
  return reply(call, { code: 503, flags: ['LH'], details }, failure.because, failure.at);
}

function testCluster(hop: Hop, name: string, share: ConfigNode): Failure | 'unknown' | undefined {
  if (isMissingCluster(hop, name))
    return { details: 'health_check_failed_no_cluster_found', because: say`there is no cluster ${name}`, at: share };
  const cluster = hop.proxy.byName.cluster.get(name)?.node;
  const answered = cluster && clusterHostsOf(hop.proxy, cluster);
  if (!cluster || answered?.kind !== 'hosts' || answered.isIncomplete || (!answered.isLive && isCheckedLive(cluster))) return 'unknown';
  const hosts = answered.priorities.flat();
  const least = Math.floor(share.number('value') ?? 0);
  if (hosts.length === 0)
    return least === 0
      ? undefined
      : { details: 'health_check_failed_cluster_empty', because: say`cluster ${name} has no hosts`, at: share };
  const good = hosts.filter(({ state }) => state !== 'unhealthy').length;
  if (100 * good >= hosts.length * least) return undefined;
  const because = say`${good} of ${hosts.length} hosts of cluster ${name} are healthy, ${least} % must be`;
  return { details: 'health_check_failed_cluster_unhealthy', because, at: share };
}

/** DNS and health checks tell at run time who is there, and well. */
function isCheckedLive(cluster: ConfigNode): boolean {
  const { kind } = discoveryOf(cluster);
  return (kind !== 'static' && kind !== 'eds') || cluster.list('health_checks').length > 0;
}
