/** `request_mirror_policies`: who gets a copy (Envoy: FilterUtility::shouldShadow of source/common/router/router.cc). No effect on the way itself. */
import type { ConfigNode } from '../../../schema/configNode';
import { keepsBack } from '../../../schema/keptBack';
import { isMissingCluster } from '../../cluster/findCluster';
import { httpProtocolOptions } from '../../cluster/httpVersion';
import { headerValues, unknownHeader, type HttpRequest } from '../../facts/httpRequest';
import { addStep, type Hop } from '../../hop';
import { say, words, type Sentence } from '../../record/sentence';
import { readRuntimeFraction } from '../../runtime/fractionalPercent';
import { shareOfStream } from '../../runtime/streamRandom';
import type { HttpStream } from '../../httpStream';

/** The cluster's own policies, else the route's, the virtual host's, the route configuration's; none for CONNECT. */
export function noteMirrors(hop: Hop, http: HttpStream, route: ConfigNode): void {
  if (http.request.method === 'CONNECT') return;
  const cluster = hop.proxy.byName.cluster.get(http.clusterName ?? '')?.node;
  const holders = [cluster && httpProtocolOptions(cluster), route.get('route'), http.virtualHost, http.routeConfiguration];
  const holder = holders.find((each) => each && (each.list(POLICIES).length > 0 || each.get(POLICIES)?.isIncomplete === true));
  const list = holder?.get(POLICIES);
  if (list?.isIncomplete === true) noteUnknown(hop, words('the file leaves out a part of request_mirror_policies'), list);
  for (const policy of holder?.list(POLICIES) ?? []) {
    const missing = whyUnknown(http.request, policy);
    if (missing) {
      noteUnknown(hop, missing, policy);
      continue;
    }
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

const POLICIES = 'request_mirror_policies';

function noteUnknown(hop: Hop, because: Sentence, at: ConfigNode): void {
  addStep(hop, { stage: 'route', decision: words('whether another copy is sent, and where to, cannot be known'), because, at });
}

/** A part of the policy, or the header that would name the cluster. */
function whyUnknown(request: HttpRequest, policy: ConfigNode): Sentence | undefined {
  if (keepsBack(policy)) return words('the file leaves out a part of the mirror policy');
  const header = policy.string('cluster_header');
  return policy.string('cluster') === '' && header !== '' ? unknownHeader(request, header) : undefined;
}

function shareOf(hop: Hop, fraction: ConfigNode): number {
  const { numerator, denominator } = readRuntimeFraction(hop, fraction);
  return shareOfStream(hop, { from: 0, to: Math.min(numerator, denominator) }, denominator);
}
