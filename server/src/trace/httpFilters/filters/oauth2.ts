/** envoy.filters.http.oauth2 (Envoy: source/extensions/filters/http/oauth2/filter.cc, decodeHeaders). */
import type { ConfigNode } from '../../../schema/configNode';
import { removeHeader, setHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { testHeader } from '../../http/routeMatch/headerMatcher';
import { testPath } from '../../matcher/pathMatcher';
import { say, words, type Sentence } from '../../record/sentence';
import { answer, leaveOpen, pass, tell, type FilterCall } from '../filterCall';
import { exchangeCode, goBack } from '../oauth2/answerCallback';
import { cookieName, cookiesOf, hideCookies } from '../oauth2/oauthCookies';
import { logIn } from '../oauth2/oauthLogin';
import { testSession } from '../oauth2/oauthSession';
import { refuseOauth } from '../oauth2/refuseOauth';
import { signOut } from '../oauth2/signOut';
import { routeConfigOf } from '../perRouteConfig';

/** Passes what `pass_through_matcher` picks out, and who has a session; all others log in, are let in as strangers, or are refused. */
export function runOauth2(call: FilterCall): HopResult | undefined {
  const { http } = call;
  removeHeader(http.request, STATUS);
  removeHeader(http.request, REASON);
  const config = (routeConfigOf(http, call.name)?.node ?? call.config).get('config');
  if (!config) return pass(call, { because: words('it has no configuration') });
  const passing = findMatching(call, config, 'pass_through_matcher');
  if (passing instanceof NotKnown) return leaveOpen(call, passing.missing, { at: config });
  if (passing) return pass(call, { because: words('its pass_through_matcher lets the request pass'), at: passing });
  if (http.request.path === '') {
    const reply = { code: 400, details: 'oauth_missing_path' };
    return answer(call, 'denied', reply, { because: words('a CONNECT has no path, by which it knows its own requests'), at: config });
  }
  if (config.bool('preserve_authorization_header') !== true) removeHeader(http.request, 'authorization');
  if (testOptional(config.get('signout_path'), http.request.path)) return signOut(call, config);
  const session = testSession(call, config);
  if (session.kind === 'unknown') return leaveOpen(call, session.missing, { at: config });
  const isCallback = testOptional(config.get('redirect_path_matcher'), http.request.path);
  if (session.kind === 'valid') return isCallback ? goBack(call, config) : letIn(call, config, session.token);
  return isCallback ? exchangeCode(call, config) : askToLogIn(call, config, session.because);
}

const STATUS = 'x-envoy-oauth-status';
const REASON = 'x-envoy-oauth-failure-reason';

/** The first that fits, or what is missing to know whether any does. */
function findMatching({ http }: FilterCall, config: ConfigNode, field: string): ConfigNode | NotKnown | undefined {
  let open: NotKnown | undefined;
  for (const matcher of config.list(field)) {
    const verdict = testHeader(matcher, http.request);
    if (verdict.kind === 'yes') return matcher;
    if (verdict.kind === 'unknown') open ??= new NotKnown(verdict.missing);
  }
  return open;
}

function testOptional(matcher: ConfigNode | undefined, path: string): boolean {
  return matcher !== undefined && testPath(matcher, path).kind === 'yes';
}

/** A user who is logged in; the upstream may get the token. */
function letIn(call: FilterCall, config: ConfigNode, token: string): undefined {
  const { request } = call.http;
  if (config.bool('forward_bearer_token') === true && token !== '') setHeader(request, 'authorization', `Bearer ${token}`);
  hideCookies(request, config, 'user');
  return pass(call, { because: say`the session of the cookie ${cookieName(config, 'oauth_hmac')} is valid`, at: config });
}

/** Without a session: a new token for an old one, a stranger, a refusal, or a login. */
function askToLogIn(call: FilterCall, config: ConfigNode, because: Sentence): HopResult | undefined {
  const { request } = call.http;
  const refresh = cookieName(config, 'refresh_token');
  if (config.bool('use_refresh_token') !== false && (cookiesOf(request).get(refresh) ?? '') !== '')
    return leaveOpen(call, say`what the authorization server gives for the cookie ${refresh}`, { at: config });
  const allowed = findMatching(call, config, 'allow_failed_matcher');
  if (allowed instanceof NotKnown) return leaveOpen(call, allowed.missing, { at: config });
  if (allowed) return letStrangerIn(call, config, { because, at: allowed });
  const denied = findMatching(call, config, 'deny_redirect_matcher');
  if (denied instanceof NotKnown) return leaveOpen(call, denied.missing, { at: config });
  if (!denied) return logIn(call, config, because);
  const details = `Unauthorized, and redirecting to OAuth server is not allowed: ${request.path}`;
  return refuseOauth(call, details, { because: say`${because}, and deny_redirect_matcher forbids a login`, at: denied });
}

/** `allow_failed_matcher`: the upstream is told that nobody is logged in. */
function letStrangerIn(call: FilterCall, config: ConfigNode, { because, at }: { because: Sentence; at: ConfigNode }): undefined {
  const { request } = call.http;
  hideCookies(request, config, 'stranger');
  setHeader(request, STATUS, 'failed');
  setHeader(request, REASON, `Unauthorized, and forwarding as unauthorized because OAuth failure is allowed: ${request.path}`);
  return tell(call, say`filter ${call.name} lets the request pass without a user`, {
    because: say`${because}, and allow_failed_matcher allows it`,
    at,
  });
}
