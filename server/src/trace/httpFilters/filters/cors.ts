/** envoy.filters.http.cors (Envoy: source/extensions/filters/http/cors/cors_filter.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { keepsBack } from '../../../schema/keptBack';
import { headerValues, knownHeader, unknownHeader, type HttpRequest } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { readStringMatcher } from '../../matcher/stringMatcher';
import type { HttpStream } from '../../httpStream';
import { doubtHeader } from '../../http/recordHeaderChange';
import { say, words } from '../../record/sentence';
import { readRuntimeFraction } from '../../runtime/fractionalPercent';
import { drawFraction } from '../../runtime/drawFraction';
import { answer, leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigsOf } from '../perRouteConfig';

/** Answers preflight requests of an allowed origin; adds headers to the answers of the others. */
export function runCors(call: FilterCall): HopResult | undefined {
  const { http } = call;
  const policies = policiesOf(call);
  const [policy] = policies;
  if (!policy)
    return pass(call, {
      because: words(forwards(http) ? 'the route has no CORS policy' : 'there is no route that forwards: CORS policies do not count'),
    });
  const origins = knownHeader(http.request, 'origin');
  if (origins instanceof NotKnown) return leaveOpen(call, origins.missing);
  const [origin = ''] = origins;
  if (origin === '') return pass(call, { because: words('there is no origin, so it is no CORS request'), at: policy });
  if (policies.some(keepsBack)) return leaveOpen(call, words('the CORS policy, of which the file leaves out, or keeps back, a part'));
  const allowed = isAllowed(policies, origin);
  if (allowed === undefined) return leaveOpen(call, words('what a custom string matcher says of the origin'), { at: policy });
  const isPreflight = asksForMethod(http.request);
  const isForwarded = isPreflight === false || firstOf(policies, 'forward_not_matching_preflights')?.asBoolean() !== false;
  if (!allowed && isForwarded)
    return pass(call, { because: say`the origin ${origin} is not allowed, so the answer gets no CORS headers`, at: policy });
  if (!isEnabled(call, policy)) return pass(call, { because: words('the CORS policy is not enforced for it'), at: policy });
  if (isPreflight instanceof NotKnown) return leaveOpen(call, say`whether it is a CORS preflight request: ${isPreflight.missing}`);
  addHeaders(call, policies, { origin: allowed ? origin : undefined, isPreflight });
  if (!isPreflight) return pass(call, { because: say`the origin ${origin} is allowed; the answer gets CORS headers`, at: policy });
  const because = allowed
    ? say`it is a preflight request of the allowed origin ${origin}`
    : say`it is a preflight request, and the origin ${origin} is not allowed`;
  return answer(call, 'local_reply', { code: 200, details: 'cors_response', isBare: true }, { because, at: policy });
}

/** A preflight request says which method will follow. */
function asksForMethod(request: HttpRequest): boolean | NotKnown {
  if (request.method !== 'OPTIONS') return false;
  const values = knownHeader(request, 'access-control-request-method');
  return values instanceof NotKnown ? values : (values[0] ?? '') !== '';
}

/** The most specific first; only a route that forwards has any (CorsFilter::decodeHeaders). Where the filter has none, the route's and virtual host's own `cors` of old count. */
function policiesOf({ http, name }: FilterCall): ConfigNode[] {
  if (!forwards(http)) return [];
  const typed = routeConfigsOf(http, name).map(({ node }) => node);
  if (typed.length > 0) return typed;
  return [http.route?.path('route', 'cors'), http.virtualHost?.get('cors')].filter((policy) => policy !== undefined);
}

function forwards({ route, redirectsToTls }: HttpStream): boolean {
  return route?.has('route') === true && redirectsToTls !== true;
}

/** The first policy that has the field counts. */
function firstOf(policies: readonly ConfigNode[], field: string): ConfigNode | undefined {
  return policies.map((policy) => policy.get(field)).find((value) => value !== undefined);
}

function isEnabled({ hop }: FilterCall, policy: ConfigNode): boolean {
  const enabled = policy.get('filter_enabled');
  if (!enabled) return true;
  return drawFraction(hop, { ...readRuntimeFraction(hop, enabled), hit: 'CORS is enforced', miss: 'CORS is not enforced', at: enabled });
}

/** `*` as an exact origin allows all. */
function isAllowed(policies: readonly ConfigNode[], origin: string): boolean | undefined {
  const origins = policies.map((policy) => policy.list('allow_origin_string_match')).find((list) => list.length > 0) ?? [];
  let isOpen = false;
  for (const each of origins) {
    const { matches } = readStringMatcher(each);
    if (matches === null) isOpen = true;
    else if (matches('*') || matches(origin)) return true;
  }
  return isOpen ? undefined : false;
}

interface AnswerHeaders {
  /** Undefined: the origin is not allowed. */
  readonly origin: string | undefined;
  readonly isPreflight: boolean;
}

function addHeaders({ http }: FilterCall, policies: readonly ConfigNode[], { origin, isPreflight }: AnswerHeaders): void {
  const { set } = http.responseHeaders;
  const copy = (field: string, header: string): void => {
    const value = firstOf(policies, field)?.asString();
    if (value) set.push([header, value]);
  };
  if (origin !== undefined) set.push(['access-control-allow-origin', origin]);
  if (firstOf(policies, 'allow_credentials')?.asBoolean() === true) set.push(['access-control-allow-credentials', 'true']);
  // What the client asks for.
  const echo = (asked: string, header: string): void => {
    set.push([header, headerValues(http.request, asked)[0] ?? '']);
    if (unknownHeader(http.request, asked)) doubtHeader(http.responseHeaders, header);
  };
  const allow = (what: 'methods' | 'headers', asked: string): void => {
    const header = `access-control-allow-${what}`;
    if (firstOf(policies, `allow_${what}`)?.asString() === '*') echo(asked, header);
    else copy(`allow_${what}`, header);
  };
  if (isPreflight) {
    allow('methods', 'access-control-request-method');
    allow('headers', 'access-control-request-headers');
    copy('max_age', 'access-control-max-age');
    if (firstOf(policies, 'allow_private_network_access')?.asBoolean() === true) allowPrivateNetwork(http);
  }
  if (origin !== undefined) copy('expose_headers', 'access-control-expose-headers');
}

/** To a client that asks for it. */
function allowPrivateNetwork({ request, responseHeaders }: HttpStream): void {
  const asked = knownHeader(request, 'access-control-request-private-network');
  const header = 'access-control-allow-private-network';
  if (asked instanceof NotKnown || asked[0] === 'true') responseHeaders.set.push([header, 'true']);
  if (asked instanceof NotKnown) doubtHeader(responseHeaders, header);
}
