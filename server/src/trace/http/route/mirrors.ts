/** `request_mirror_policies`: who gets a copy (Envoy: FilterUtility::shouldShadow of source/common/router/router.cc). No effect on the way itself. */
import type { ConfigNode } from '../../../schema/configNode';
import { isMissingCluster } from '../../cluster/findCluster';
import { httpProtocolOptions } from '../../upstream/httpVersion';
import { headerValues } from '../../facts/httpRequest';
import { addStep, type Hop } from '../../hop';
import { say } from '../../record/sentence';
import { readRuntimeFraction } from '../../runtime/fractionalPercent';
import { shareOfStream } from '../../runtime/streamRandom';
import type { HttpStream } from '../httpStream';

/** The cluster's own policies, else the route's, the virtual host's, the route configuration's; none for CONNECT. */
export function noteMirrors(hop: Hop, http: HttpStream, route: ConfigNode): void {
  if (http.request.method === 'CONNECT') return;
  const cluster = hop.proxy.byName.cluster.get(http.clusterName ?? '')?.node;
  const holders = [cluster && httpProtocolOptions(cluster), route.get('route'), http.virtualHost, http.routeConfiguration];
  const policies = holders.map((holder) => holder?.list('request_mirror_policies') ?? []).find((list) => list.length > 0) ?? [];
  for (const policy of policies) {
    const target = policy.string('cluster') || (headerValues(http.request, policy.string('cluster_header'))[0] ?? '');
    const fraction = policy.get('runtime_fraction');
    const share = fraction ? shareOf(hop, fraction) : 1;
    if (target === '' || share === 0) continue;
    if (isMissingCluster(hop, target)) {
      addStep(hop, { stage: 'route', decision: say`no copy goes to ${target}`, because: say`there is no such cluster`, at: policy });
      continue;
    }
    (hop.record.mirrors ??= []).push({ cluster: target, probability: share });
    addStep(hop, {
      stage: 'route',
      decision: say`a copy goes to cluster ${target}`,
      because: say`the mirror policy says so, with probability ${share}`,
      at: policy,
    });
  }
}

function shareOf(hop: Hop, fraction: ConfigNode): number {
  const { numerator, denominator } = readRuntimeFraction(hop, fraction);
  return shareOfStream(hop, { from: 0, to: Math.min(numerator, denominator) }, denominator);
}
