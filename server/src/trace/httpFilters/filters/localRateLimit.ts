/** envoy.filters.http.local_ratelimit (Envoy: source/extensions/filters/http/local_ratelimit/local_ratelimit.cc). */
import type { HopResult } from '../../hop';
import type { ConfigNode } from '../../../schema/configNode';
import { statusCodeOf } from '../../facts/statusCode';
import { say, words } from '../../record/sentence';
import { readRuntimeFraction } from '../../runtime/fractionalPercent';
import { answer, pass, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

/** Both outcomes are shown, without a share: how many tokens are left depends on the requests before. */
export function runLocalRateLimit(call: FilterCall): HopResult | undefined {
  const config = routeConfigOf(call.http, call.name)?.node ?? call.config;
  for (const field of ['filter_enabled', 'filter_enforced'])
    if (numeratorOf(call, config, field) === 0)
      return pass(call, { because: say`its ${field} is 0 %, so it limits nothing`, at: config.get(field) ?? config });
  if (!config.has('token_bucket') && config.list('descriptors').length === 0)
    return pass(call, { because: words('it has no token bucket'), at: config });
  const bucket = config.get('token_bucket') ?? config;
  const options = [
    { value: 'within the rate limit', probability: null, at: bucket },
    { value: 'over the rate limit', probability: null, at: bucket },
  ];
  if (call.hop.choices.choose('fraction', options) === 0) return pass(call, { because: words('there is a token left'), at: bucket });
  const code = Math.max(statusCodeOf(config.get('status')) ?? 429, 400);
  const reply = { code, flags: ['RL'], details: 'local_rate_limited', body: 'local_rate_limited' };
  return answer(call, 'local_reply', reply, { because: say`the bucket of ${bucket.number('max_tokens')} tokens is empty`, at: bucket });
}

function numeratorOf({ hop }: FilterCall, config: ConfigNode, field: string): number {
  const node = config.get(field);
  return node ? readRuntimeFraction(hop, node).numerator : 0;
}
