/** `request_mirror_policies`: who gets a copy (Envoy: FilterUtility::shouldShadow of source/common/router/router.cc). No effect on the way itself. */
import type { ConfigNode } from '../../../schema/configNode';
import { isMissingCluster } from '../../cluster/findCluster';
import { headerValues } from '../../facts/httpRequest';
import { addStep, type Hop } from '../../hop';
import { say } from '../../record/sentence';
import { readRuntimeFraction } from '../../runtime/fractionalPercent';
import { shareOfStream } from '../../runtime/streamRandom';
import type { HttpStream } from '../httpStream';

/** The route's own policies, else the virtual host's, else the route configuration's; none for CONNECT. */
export function noteMirrors(hop: Hop, http: HttpStream, route: ConfigNode): void {
  if (http.request.method === 'CONNECT') return;
  const holders = [route.get('route'), http.virtualHost, http.routeConfiguration];
  const policies = holders.map((holder) => holder?.list('request_mirror_policies') ?? []).find((list) => list.length > 0) ?? [];
  for (const policy of policies) {
    const cluster = policy.string('cluster') || (headerValues(http.request, policy.string('cluster_header'))[0] ?? '');
    const fraction = policy.get('runtime_fraction');
    const share = fraction ? shareOf(hop, fraction) : 1;
    if (cluster === '' || share === 0) continue;
    if (isMissingCluster(hop, cluster)) {
      addStep(hop, { stage: 'route', decision: say`no copy goes to ${cluster}`, because: say`there is no such cluster`, at: policy });
      continue;
    }
    (hop.record.mirrors ??= []).push({ cluster, probability: share });
    addStep(hop, {
      stage: 'route',
      decision: say`a copy goes to cluster ${cluster}`,
      because: say`the mirror policy says so, with probability ${share}`,
      at: policy,
    });
  }
}

function shareOf(hop: Hop, fraction: ConfigNode): number {
  const { numerator, denominator } = readRuntimeFraction(hop, fraction);
  return shareOfStream(hop, { from: 0, to: Math.min(numerator, denominator) }, denominator);
}
