/** envoy.filters.http.health_check (Envoy: source/extensions/filters/http/health_check/health_check.cc). */
import type { HopResult } from '../../hop';
import { testHeader } from '../../http/routeMatch/headerMatcher';
import { say, words } from '../../record/sentence';
import { allOf } from '../../verdict';
import { answer, leaveOpen, pass, type FilterCall } from '../filterCall';

/** Answers what its headers pick out, unless it passes it through. */
export function runHealthCheck(call: FilterCall): HopResult | undefined {
  const { config, http } = call;
  const verdict = allOf(config.list('headers'), (matcher) => testHeader(matcher, http.request));
  if (verdict.kind === 'no') return pass(call, { because: say`it is no health check: ${verdict.because}`, at: verdict.at });
  if (config.bool('pass_through_mode') === true)
    return pass(call, { because: words('health checks pass through it'), at: config.get('pass_through_mode') });
  if (verdict.kind === 'unknown') return leaveOpen(call, verdict.missing, { at: verdict.at });
  const healthy = config.get('cluster_min_healthy_percentages');
  if (healthy && healthy.entries().length > 0)
    return leaveOpen(call, say`whether enough hosts of ${healthy.entries().map(([name]) => name)} are healthy (else 503)`, { at: healthy });
  const cluster = call.hop.proxy.proxyNode.node?.string('cluster') ?? '';
  if (cluster !== '') http.responseHeaders.set.push(['x-envoy-upstream-healthchecked-cluster', cluster]);
  return answer(
    call,
    'local_reply',
    { code: 200, details: 'health_check_ok' },
    { because: words('it is a health check, and Envoy answers it (unless an operator has failed it)') },
  );
}
