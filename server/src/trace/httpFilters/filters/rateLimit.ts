/** envoy.filters.http.ratelimit (Envoy: source/extensions/filters/http/ratelimit/ratelimit.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { isMissingCluster } from '../../cluster/findCluster';
import { statusCodeOf } from '../../facts/statusCode';
import type { Hop, HopResult } from '../../hop';
import { say, words } from '../../record/sentence';
import { readRuntimeFraction } from '../../runtime/fractionalPercent';
import { runtimeNumber } from '../../runtime/readRuntime';
import { whyServiceIsDead, type DeadService } from '../../cluster/deadService';
import { drawFraction } from '../../runtime/drawFraction';
import { answer, leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';
import { serviceOf } from './extAuthz';
import { mayYieldDescriptor } from './rateLimitActions';

/** Asks the service only where some rate limit of the route, or of its virtual host, yields a descriptor. */
export function runRateLimit(call: FilterCall): HopResult | undefined {
  const { hop, config, http } = call;
  const whom = config.string('request_type');
  if ((whom === 'internal' && !http.internal) || (whom === 'external' && http.internal))
    return pass(call, { because: say`it limits ${whom} requests only`, at: config.get('request_type') });
  if (!http.route?.has('route') || isMissingCluster(hop, http.clusterName ?? ''))
    return pass(call, { because: words('the route leads to no cluster, so nobody is asked') });
  if (!isEnabled(call)) return pass(call, { because: words('its percentage leaves the request out'), at: config.get('filter_enabled') });
  const limits = limitsOf(call);
  if (limits.length === 0) return pass(call, { because: words('the route has no rate limits') });
  const asked = limits.find((limit) => mayYieldDescriptor(call, limit));
  if (!asked) return pass(call, { because: words('none of the rate limits yields a descriptor for this request'), at: limits[0] });
  const service = config.get('rate_limit_service');
  const dead = whyServiceIsDead(hop, service?.get('grpc_service'));
  if (dead) return fail(call, dead);
  const enforced = config.get('filter_enforced');
  if (enforced && readRuntimeFraction(hop, enforced).numerator === 0 && !mayDeny(config))
    return pass(call, { because: words('its limits are not enforced, and it lets requests pass where its service fails'), at: enforced });
  return leaveOpen(
    call,
    say`what the rate limit service ${serviceOf(service ?? config)} says: over the limit the answer is 429 (flag RL)`,
    { at: asked },
  );
}

/** Without the field the runtime may switch it off, which nobody does. */
function isEnabled({ hop, config }: FilterCall): boolean {
  const enabled = config.get('filter_enabled');
  if (!enabled) return runtimeNumber(hop, 'ratelimit.http_filter_enabled', 100) > 0;
  return drawFraction(hop, { ...readRuntimeFraction(hop, enabled), hit: 'it limits', miss: 'it does not limit', at: enabled });
}

function mayDeny(config: ConfigNode): boolean {
  return config.bool('failure_mode_deny') === true || config.has('failure_mode_deny_percent');
}

/** `failure_mode_deny_percent` in place of `failure_mode_deny`. */
function fail(call: FilterCall, { because, at }: DeadService): HopResult | undefined {
  const { hop, config } = call;
  const percent = config.get('failure_mode_deny_percent');
  const denies = percent
    ? drawFraction(hop, { ...readRuntimeFraction(hop, percent), hit: 'the failure denies', miss: 'the failure is ignored', at: percent })
    : config.bool('failure_mode_deny') === true;
  if (!denies) return pass(call, { because: say`${because}, and it lets requests pass then`, at });
  const code = statusCodeOf(config.get('status_on_error')) ?? 500;
  const reply = { code, flags: ['RLSE'], details: 'rate_limiter_error' };
  return answer(call, 'local_reply', reply, { because: say`${because}, and failure_mode_deny refuses then`, at });
}

/** The filter's RateLimitPerRoute, else the filter's own, else the route's `rate_limits`, with the virtual host's where they are included. */
function limitsOf(call: FilterCall): ConfigNode[] {
  const { http, name, config } = call;
  const own = routeConfigOf(http, name)?.node;
  const perRoute = own?.list('rate_limits') ?? [];
  const embedded = perRoute.length > 0 ? perRoute : config.list('rate_limits');
  if (embedded.length > 0) return embedded.filter(asksNow);
  const action = http.route?.get('route');
  const ofRoute = action?.list('rate_limits') ?? [];
  const ofHost = http.virtualHost?.list('rate_limits') ?? [];
  const option = own?.enumValue('vh_rate_limits', ['OVERRIDE', 'INCLUDE', 'IGNORE']);
  const includes = action?.bool('include_vh_rate_limits') === true || option === 'INCLUDE';
  const wanted = includes || (ofRoute.length === 0 && option !== 'IGNORE');
  const stage = config.number('stage') ?? 0;
  return [...ofRoute, ...(wanted ? ofHost : [])].filter(
    (limit) => (limit.number('stage') ?? 0) === stage && !isDisabled(call.hop, limit) && asksNow(limit),
  );
}

/** The runtime may switch off what has a `disable_key`. */
function isDisabled(hop: Hop, limit: ConfigNode): boolean {
  const key = limit.string('disable_key');
  return key !== '' && runtimeNumber(hop, `ratelimit.${key}.http_filter_enabled`, 100) === 0;
}

/** What counts when the request is done asks later. */
function asksNow(limit: ConfigNode): boolean {
  return limit.bool('apply_on_stream_done') !== true;
}
