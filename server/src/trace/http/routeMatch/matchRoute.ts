/** Does a route take the request? All conditions of RouteMatch (Envoy: RouteEntryImplBase::matchRoute of source/common/router/config_impl.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { ConnectionFacts } from '../../facts/connection';
import { hasClientCertificate } from '../../matcher/clientNames';
import { headerValues, unknownHeader } from '../../facts/httpRequest';
import { testFilterState } from '../../matcher/filterStateMatcher';
import { testMetadata } from '../../matcher/metadataMatcher';
import { say, words } from '../../record/sentence';
import { allOf, no, YES, unknown, type Verdict } from '../../verdict';
import type { HttpStream } from '../../httpStream';
import { isGrpcRequest } from '../localReply/localReply';
import { testCookie } from './cookieMatcher';
import { testHeader } from './headerMatcher';
import { testPathSpecifier, type PathFacts } from './matchPath';
import { firstQueryValues, testQueryParameter } from './queryParameterMatcher';

export interface RouteMatchContext {
  readonly http: HttpStream;
  readonly connection: ConnectionFacts;
  readonly path: PathFacts;
  /** Guard match_headers_individually is off. */
  readonly joinsHeaders: boolean;
}

type Condition = (match: ConfigNode, context: RouteMatchContext) => Verdict;

/** In Envoy's order. `runtime_fraction` is not among them: it is drawn last, when everything else holds. */
const CONDITIONS: readonly Condition[] = [
  testGrpc,
  testHeaders,
  testQuery,
  testCookies,
  testTlsContext,
  testDynamicMetadata,
  testFilterStates,
  testPath,
];

/** What jwt_authn reads of a rule's RouteMatch; the rest counts for nothing (jwt_authn/matcher.cc BaseMatcherImpl). */
const CONDITIONS_OF_RULES: readonly Condition[] = [testHeaders, testQuery, testPath];

/** Does a rule of jwt_authn speak of the request? */
export function matchJwtRule(rule: ConfigNode, context: RouteMatchContext): Verdict {
  return matchConditions(rule, context, CONDITIONS_OF_RULES);
}

/** All conditions but the fraction: the first that fails; else the first that cannot be known. */
export function matchRoute(route: ConfigNode, context: RouteMatchContext): Verdict {
  return matchConditions(route, context, CONDITIONS);
}

function matchConditions(route: ConfigNode, context: RouteMatchContext, conditions: readonly Condition[]): Verdict {
  const match = route.get('match');
  if (!match)
    return route.isIncomplete ? unknown(words("the route's match, which the file leaves out"), route) : no(words('it has no match'), route);
  let open: Verdict | undefined;
  for (const condition of conditions) {
    const verdict = condition(match, context);
    if (verdict.kind === 'no') return verdict;
    if (verdict.kind === 'unknown') open ??= verdict;
  }
  if (open) return open;
  return match.isIncomplete ? unknown(words('conditions of the route that the file leaves out'), match) : YES;
}

function testPath(match: ConfigNode, { http, path }: RouteMatchContext): Verdict {
  return testPathSpecifier(match, http.request, path);
}

function testGrpc(match: ConfigNode, { http }: RouteMatchContext): Verdict {
  const grpc = match.get('grpc');
  if (!grpc) return YES;
  const missing = unknownHeader(http.request, 'content-type');
  if (missing) return unknown(missing, grpc);
  if (isGrpcRequest(http.request)) return YES;
  return no(say`content type is ${headerValues(http.request, 'content-type')}, must be gRPC (${'application/grpc'})`, grpc);
}

function testHeaders(match: ConfigNode, { http, joinsHeaders }: RouteMatchContext): Verdict {
  return testEach(match, 'headers', (header) => testHeader(header, http.request, joinsHeaders));
}

function testQuery(match: ConfigNode, { http }: RouteMatchContext): Verdict {
  if (!match.has('query_parameters')) return YES;
  const query = firstQueryValues(http.request.path);
  return testEach(match, 'query_parameters', (parameter) => testQueryParameter(parameter, query));
}

function testCookies(match: ConfigNode, { http }: RouteMatchContext): Verdict {
  return testEach(match, 'cookies', (cookie) => testCookie(cookie, http.request));
}

/** `validated` follows `presented`: whether a certificate passed is not told apart in a trace. */
function testTlsContext(match: ConfigNode, { connection }: RouteMatchContext): Verdict {
  const wanted = match.get('tls_context');
  if (!wanted) return YES;
  const isPresented = hasClientCertificate(connection.tls);
  const presented = wanted.bool('presented');
  if (presented !== undefined && presented !== isPresented)
    return no(isPresented ? say`a client certificate is presented` : say`no client certificate is presented`, wanted);
  const validated = wanted.bool('validated');
  if (validated === undefined || validated === isPresented) return YES;
  return no(isPresented ? say`the client certificate is validated` : say`no client certificate is validated`, wanted);
}

function testDynamicMetadata(match: ConfigNode, { http }: RouteMatchContext): Verdict {
  return testEach(match, 'dynamic_metadata', (matcher) => testMetadata(matcher, http.metadata));
}

function testFilterStates(match: ConfigNode, { http }: RouteMatchContext): Verdict {
  return testEach(match, 'filter_state', (matcher) => testFilterState(matcher, http.filterState));
}

function testEach(match: ConfigNode, field: string, test: (matcher: ConfigNode) => Verdict): Verdict {
  const list = match.get(field);
  const verdict = allOf(match.list(field), test);
  return verdict.kind === 'yes' && list?.isIncomplete === true
    ? unknown(say`the rest of ${field}, which the file leaves out`, list)
    : verdict;
}
