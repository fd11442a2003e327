/** envoy.filters.http.csrf (Envoy: source/extensions/filters/http/csrf/csrf_filter.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { knownHeader, type HttpRequest } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { readStringMatcher } from '../../matcher/stringMatcher';
import { say, words } from '../../record/sentence';
import { readRuntimeFraction } from '../../runtime/fractionalPercent';
import { drawFraction } from '../../runtime/drawFraction';
import { answer, leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

const MUTATING: ReadonlySet<string> = new Set(['POST', 'PUT', 'DELETE', 'PATCH']);

/** A mutating request must come from the host that it asks, or from an additional origin. */
export function runCsrf(call: FilterCall): HopResult | undefined {
  const { hop, http } = call;
  const policy = routeConfigOf(http, call.name)?.node ?? call.config;
  if (!MUTATING.has(http.request.method))
    return pass(call, { because: say`the method ${http.request.method} changes nothing`, at: policy });
  const source = sourceOf(http.request);
  if (source instanceof NotKnown) return leaveOpen(call, source.missing);
  const target = hostAndPort(http.request.authority);
  const verdict = isAllowed(policy, source, target);
  if (verdict === undefined) return leaveOpen(call, words('what a custom string matcher says of the origin'), { at: policy });
  if (verdict) return pass(call, { because: say`the origin is ${source}`, at: policy });
  const because = source === '' ? words('there is neither origin nor referer') : say`the origin is ${source}, the host is ${target}`;
  const enabled = policy.get('filter_enabled');
  const { numerator, denominator } = enabled ? readRuntimeFraction(hop, enabled) : { numerator: 0, denominator: 100 };
  if (
    !drawFraction(hop, { numerator, denominator, hit: 'csrf is enforced', miss: 'csrf is not enforced', ...(enabled && { at: enabled }) })
  )
    return pass(call, { because: say`${because}, but the policy is not enforced for it`, at: enabled ?? policy });
  return answer(call, 'denied', { code: 403, details: 'csrf_origin_mismatch', body: 'Invalid origin' }, { because, at: policy });
}

function isAllowed(policy: ConfigNode, source: string, target: string): boolean | undefined {
  if (source === '') return false;
  if (source === target) return true;
  let isOpen = false;
  for (const origin of policy.list('additional_origins')) {
    const { matches } = readStringMatcher(origin);
    if (matches === null) isOpen = true;
    else if (matches(source)) return true;
  }
  return isOpen ? undefined : false;
}

/** Of the origin, else of the referer; '' where there is neither. */
function sourceOf(request: HttpRequest): string | NotKnown {
  for (const name of ['origin', 'referer']) {
    const values = knownHeader(request, name);
    if (values instanceof NotKnown) return values;
    if (values.join(',') !== '') return hostAndPort(values.join(','));
  }
  return '';
}

/** `http://foo.com:80/x` → `foo.com:80`; what is no absolute URL stays as it is. */
function hostAndPort(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(url)?.[1] ?? url;
}
