/** `policy.drop_overloads` of a load assignment: the router drops a share of the requests (Envoy: source/common/router/router.cc, checkDropOverload). */
import type { ConfigNode } from '../../schema/configNode';
import { addStep, type Hop } from '../hop';
import { localReply } from '../http/localReply/localReply';
import type { Ending } from '../record/hopRecord';
import { say } from '../record/sentence';
import { readFractionalPercent } from '../runtime/fractionalPercent';

/** The reply to a dropped request; undefined where this one is let through. HTTP only. */
export function dropOverload(hop: Hop, policy: ConfigNode | undefined): Ending | undefined {
  const percentage = policy?.get('drop_percentage');
  if (!policy || !percentage) return undefined;
  const { numerator, denominator } = readFractionalPercent(percentage);
  const share = Math.min(1, numerator / denominator);
  if (share <= 0) return undefined;
  const taken = share >= 1 ? 0 : drawn(hop, { share, at: percentage, denominator });
  const category = policy.string('category');
  if (taken !== 0) return undefined;
  addStep(hop, {
    stage: 'cluster',
    decision: say`the request is dropped`,
    because: say`drop_overloads of category ${category} drops ${share * 100} % of the requests`,
    at: policy,
  });
  hop.http?.responseHeaders.set.push([share >= 1 ? 'x-envoy-unconditional-drop-overload' : 'x-envoy-drop-overload', 'true']);
  return share >= 1
    ? localReply(hop, 'local_reply', {
        code: 503,
        flags: ['UDO'],
        details: 'unconditional_drop_overload',
        body: 'unconditional drop overload',
      })
    : localReply(hop, 'local_reply', { code: 503, flags: ['DO'], details: 'drop_overload', body: 'drop overload' });
}

function drawn(hop: Hop, { share, at, denominator }: { share: number; at: ConfigNode; denominator: number }): number {
  const { random } = hop.request;
  if (random !== undefined) return random % denominator < share * denominator ? 0 : 1;
  return hop.choices.choose('fraction', [
    { value: 'dropped', probability: share, at },
    { value: 'let through', probability: 1 - share, at },
  ]);
}
