/** envoy.filters.http.ratelimit (Envoy: source/extensions/filters/http/ratelimit/ratelimit.cc, source/common/router/router_ratelimit.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues } from '../../facts/httpRequest';
import { isMissingCluster } from '../../cluster/findCluster';
import type { HopResult } from '../../hop';
import { testHeader } from '../../http/routeMatch/headerMatcher';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';
import { serviceOf } from './extAuthz';

/** Asks the service only where some rate limit of the route, or of its virtual host, yields a descriptor. */
export function runRateLimit(call: FilterCall): HopResult | undefined {
  const { config, http } = call;
  const whom = config.string('request_type');
  if ((whom === 'internal' && !http.internal) || (whom === 'external' && http.internal))
    return pass(call, { because: say`it limits ${whom} requests only`, at: config.get('request_type') });
  if (!http.route?.has('route') || isMissingCluster(call.hop, http.clusterName ?? ''))
    return pass(call, { because: words('the route leads to no cluster, so nobody is asked') });
  const stage = config.number('stage') ?? 0;
  const limits = limitsOf(call).filter((limit) => (limit.number('stage') ?? 0) === stage);
  if (limits.length === 0) return pass(call, { because: words('the route has no rate limits') });
  const asked = limits.find((limit) => limit.list('actions').every((action) => mayYield(call, action)));
  if (!asked) return pass(call, { because: words('none of the rate limits yields a descriptor for this request'), at: limits[0] });
  return leaveOpen(
    call,
    say`what the rate limit service ${serviceOf(config.get('rate_limit_service') ?? config)} says: over the limit the answer is 429 (flag RL)`,
    { at: asked },
  );
}

/** The filter's RateLimitPerRoute, else the route's `rate_limits`, and the virtual host's where they are included. */
function limitsOf({ http, name, config }: FilterCall): ConfigNode[] {
  const perRoute = routeConfigOf(http, name)?.node.list('rate_limits') ?? [];
  if (perRoute.length > 0) return perRoute;
  const own = config.list('rate_limits');
  if (own.length > 0) return own;
  const ofRoute = http.route?.get('route')?.list('rate_limits') ?? [];
  const ofHost = http.virtualHost?.list('rate_limits') ?? [];
  return ofRoute.length === 0 || http.route?.get('route')?.bool('include_vh_rate_limits') === true ? [...ofRoute, ...ofHost] : ofRoute;
}

/** False where the action certainly yields nothing, and with it the whole descriptor. */
function mayYield({ http }: FilterCall, action: ConfigNode): boolean {
  const header = action.get('request_headers');
  if (header) return header.bool('skip_if_absent') === true || headerValues(http.request, header.string('header_name')).length > 0;
  const value = action.get('header_value_match');
  if (!value) return true;
  const wanted = value.bool('expect_match') !== false;
  const tests = value.list('headers').map((matcher) => testHeader(matcher, http.request).kind);
  return tests.includes('unknown') || tests.every((kind) => kind === 'yes') === wanted;
}
