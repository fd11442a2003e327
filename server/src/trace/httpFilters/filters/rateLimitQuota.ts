/** envoy.filters.http.rate_limit_quota (Envoy: source/extensions/filters/http/rate_limit_quota/filter.cc). */
import { whyServiceIsDead, type DeadService } from '../../cluster/deadService';
import type { ConfigNode } from '../../../schema/configNode';
import type { HopResult } from '../../hop';
import { evaluateMatcher } from '../../matcher/evaluateMatcher';
import { matchContextOf } from '../../matcher/matchContext';
import { recordHeaderChange } from '../../http/recordHeaderChange';
import { decodeBase64Text } from '../../../text/encoding';
import { statusCodeOf } from '../../facts/statusCode';
import { say, words } from '../../record/sentence';
import { answer, leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';
import type { LocalReply } from '../../http/localReply/replyParts';

/** Requests of no bucket pass; the others' quota is the service's. */
export function runRateLimitQuota(call: FilterCall): HopResult | undefined {
  const matcher = routeConfigOf(call.http, call.name)?.node.get('bucket_matchers') ?? call.config.get('bucket_matchers');
  const result = matcher && evaluateMatcher(matcher, matchContextOf(call.hop));
  if (result?.kind === 'no_match')
    return pass(call, { because: words('the request belongs to no bucket'), at: matcher, rejected: result.rejected });
  const dead = whyServiceIsDead(call.hop, call.config.get('rlqs_server'));
  if (dead && result?.kind === 'match') return decideWithoutQuota(call, { settings: result.action.typed()?.node, dead });
  return leaveOpen(call, words('what the rate limit quota service does: without quota the answer is 429'), { at: matcher });
}

/** No quota will ever come: `no_assignment_behavior` decides, and lets pass where it says nothing else. */
function decideWithoutQuota(
  call: FilterCall,
  { settings, dead: { because, at } }: { settings: ConfigNode | undefined; dead: DeadService },
): HopResult | undefined {
  const strategy = settings?.path('no_assignment_behavior', 'fallback_rate_limit');
  const rule = strategy?.enumName('blanket_rule') ?? '';
  if (strategy && rule === '') return leaveOpen(call, words('how many requests have come before'), { at: strategy });
  if (rule === '' || rule === 'ALLOW_ALL' || rule === '0')
    return pass(call, { because: say`${because}, and without a quota requests pass`, at: strategy ?? at });
  return answer(call, 'local_reply', denial(call, settings?.get('deny_response_settings')), {
    because: say`${because}, and without a quota requests are denied`,
    at: strategy,
  });
}

/** What a denied request gets: headers are added as they are, and the message of gRPC is the body of others, too (getResponseBodyText). */
function denial({ http }: FilterCall, settings: ConfigNode | undefined): LocalReply {
  for (const header of settings?.list('response_headers_to_add') ?? []) {
    const name = header.path('header', 'key')?.asString()?.toLowerCase() ?? '';
    const value = header.path('header', 'value')?.asString() ?? '';
    recordHeaderChange(http.responseHeaders, { kind: 'add', name, value, action: 'APPEND_IF_EXISTS_OR_ADD' }, true);
  }
  const grpc = settings?.get('grpc_status');
  return {
    code: statusCodeOf(settings?.get('http_status')) ?? 429,
    flags: ['RFCF'],
    details: 'rate_limited_by_quota',
    body: grpc?.string('message') || (decodeBase64Text(settings?.string('http_body') ?? '') ?? ''),
    ...(grpc && { grpcStatus: grpc.number('code') ?? 0 }),
  };
}
