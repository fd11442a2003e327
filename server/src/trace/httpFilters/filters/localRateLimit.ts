/** envoy.filters.http.local_ratelimit (Envoy: source/extensions/filters/http/local_ratelimit/local_ratelimit.cc). */
import type { HopResult } from '../../hop';
import type { ConfigNode } from '../../../schema/configNode';
import { statusCodeOf } from '../../facts/statusCode';
import { recordHeaderChange } from '../../http/recordHeaderChange';
import { changeResponseHeaders } from '../../http/route/changeResponseHeaders';
import { changeRequestHeaders, readHeaderOptions } from '../../http/route/headerOptions';
import { matchContextOf } from '../../matcher/matchContext';
import { say, words } from '../../record/sentence';
import { readRuntimeFraction } from '../../runtime/fractionalPercent';
import { answer, pass, tell, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

/** Both outcomes are shown, without a share: how many tokens are left depends on the requests before. */
export function runLocalRateLimit(call: FilterCall): HopResult | undefined {
  const config = routeConfigOf(call.http, call.name)?.node ?? call.config;
  if (numeratorOf(call, config, 'filter_enabled') === 0) return passDisabled(call, config, 'filter_enabled');
  if (!config.has('token_bucket') && config.list('descriptors').length === 0)
    return pass(call, { because: words('it has no token bucket'), at: config });
  const bucket = config.get('token_bucket') ?? config;
  tellLimits(call, config);
  const enforced = config.get('filter_enforced');
  const { numerator, denominator } = enforced ? readRuntimeFraction(call.hop, enforced) : { numerator: 0, denominator: 100 };
  const added = readHeaderOptions(config.list('request_headers_to_add_when_not_enforced'), matchContextOf(call.hop));
  if (numerator === 0 && added.length === 0) return passDisabled(call, config, 'filter_enforced');
  const outcomes: readonly string[] = [
    'within the rate limit',
    ...(numerator > 0 ? [OVER] : []),
    ...(numerator < denominator && added.length > 0 ? [NOT_ENFORCED] : []),
  ];
  const drawn = outcomes[choices(call, bucket, outcomes)];
  if (drawn === NOT_ENFORCED) {
    changeRequestHeaders(call.http.request, added);
    return tell(call, say`filter ${call.name} marks the request`, {
      because: words('the bucket is empty, and the limit is not enforced'),
      at: bucket,
    });
  }
  if (drawn !== OVER) return pass(call, { because: words('there is a token left'), at: bucket });
  const code = Math.max(statusCodeOf(config.get('status')) ?? 429, 400);
  changeResponseHeaders(call.hop, [config], { add: 'response_headers_to_add', isLocal: true });
  if (config.bool('enable_retry_after_header') === true) addUnknown(call, 'retry-after');
  const grpcStatus = config.bool('rate_limited_as_resource_exhausted') === true ? { grpcStatus: RESOURCE_EXHAUSTED } : {};
  const reply = { code, flags: ['RL'], details: 'local_rate_limited', body: 'local_rate_limited', ...grpcStatus };
  return answer(call, 'local_reply', reply, { because: say`the bucket of ${bucket.number('max_tokens')} tokens is empty`, at: bucket });
}

const OVER = 'over the rate limit';
const NOT_ENFORCED = 'over the rate limit, which is not enforced';

function choices({ hop }: FilterCall, bucket: ConfigNode, outcomes: readonly string[]): number {
  return hop.choices.choose(
    'fraction',
    outcomes.map((value) => ({ value, probability: null, at: bucket })),
  );
}

function passDisabled(call: FilterCall, config: ConfigNode, field: string): undefined {
  return pass(call, { because: say`its ${field} is 0 %, so it limits nothing`, at: config.get(field) ?? config });
}

const RESOURCE_EXHAUSTED = 8;

/** The limit is the bucket's, unless a descriptor has its own; what is left of it the running Envoy counts. */
function tellLimits(call: FilterCall, config: ConfigNode): void {
  if (!config.isEnum('enable_x_ratelimit_headers', 'DRAFT_VERSION_03', 1)) return;
  const most = config.list('descriptors').length > 0 ? undefined : config.get('token_bucket')?.number('max_tokens');
  if (most === undefined) addUnknown(call, 'x-ratelimit-limit');
  else recordHeaderChange(call.http.responseHeaders, { kind: 'add', name: 'x-ratelimit-limit', value: String(most), action: OVERWRITE });
  for (const name of ['x-ratelimit-remaining', 'x-ratelimit-reset']) addUnknown(call, name);
}

const OVERWRITE = 'OVERWRITE_IF_EXISTS_OR_ADD';

function addUnknown({ http }: FilterCall, name: string): void {
  recordHeaderChange(http.responseHeaders, { kind: 'add', name, value: '?', action: OVERWRITE, isUnknown: true });
}

function numeratorOf({ hop }: FilterCall, config: ConfigNode, field: string): number {
  const node = config.get(field);
  return node ? readRuntimeFraction(hop, node).numerator : 0;
}
