/** envoy.filters.http.rate_limit_quota (Envoy: source/extensions/filters/http/rate_limit_quota/filter.cc). */
import type { HopResult } from '../../hop';
import { evaluateMatcher } from '../../matcher/evaluateMatcher';
import { matchContextOf } from '../../matcher/matchContext';
import { words } from '../../record/sentence';
import { leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

/** Requests of no bucket pass; the others' quota is the service's. */
export function runRateLimitQuota(call: FilterCall): HopResult | undefined {
  const matcher = routeConfigOf(call.http, call.name)?.node.get('bucket_matchers') ?? call.config.get('bucket_matchers');
  const result = matcher && evaluateMatcher(matcher, matchContextOf(call.hop));
  if (result?.kind === 'no_match')
    return pass(call, { because: words('the request belongs to no bucket'), at: matcher, rejected: result.rejected });
  return leaveOpen(call, words('what the rate limit quota service does: without quota the answer is 429'), { at: matcher });
}
