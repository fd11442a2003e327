/** envoy.filters.http.oauth2 (Envoy: source/extensions/filters/http/oauth2/filter.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HopResult } from '../../hop';
import { cookieValue } from '../../http/routeMatch/cookieMatcher';
import { testHeader } from '../../http/routeMatch/headerMatcher';
import { firstQueryValues } from '../../http/routeMatch/queryParameterMatcher';
import { testPath } from '../../matcher/pathMatcher';
import { say, words, type Sentence } from '../../record/sentence';
import { answer, leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

/** Passes what `pass_through_matcher` picks out; else a session is needed, and only the secrets tell whether one is good. */
export function runOauth2(call: FilterCall): HopResult | undefined {
  const { http } = call;
  const config = (routeConfigOf(http, call.name)?.node ?? call.config).get('config');
  if (!config) return pass(call, { because: words('it has no configuration') });
  const passing = config.list('pass_through_matcher').find((matcher) => testHeader(matcher, http.request).kind === 'yes');
  if (passing) return pass(call, { because: words('its pass_through_matcher lets the request pass'), at: passing });
  const isSignOut = testOptional(config.get('signout_path'), http.request.path);
  if (isSignOut) return signOut(call, config);
  const cookie = cookieName(config, 'oauth_hmac');
  if (cookieValue(http.request, cookie) !== undefined)
    return leaveOpen(call, say`whether the session of the cookie ${cookie} is valid: its HMAC needs the secret`, { at: config });
  if (testOptional(config.get('redirect_path_matcher'), http.request.path)) return answerCallback(call, config);
  const refresh = cookieName(config, 'refresh_token');
  if (config.bool('use_refresh_token') !== false && cookieValue(http.request, refresh) !== undefined)
    return leaveOpen(call, say`what the authorization server gives for the cookie ${refresh}`, { at: config });
  return logIn(call, config);
}

function testOptional(matcher: ConfigNode | undefined, path: string): boolean {
  return matcher !== undefined && testPath(matcher, path).kind === 'yes';
}

const COOKIES = {
  oauth_hmac: 'OauthHMAC',
  bearer_token: 'BearerToken',
  id_token: 'IdToken',
  refresh_token: 'RefreshToken',
  oauth_expires: 'OauthExpires',
} as const;

function cookieName(config: ConfigNode, field: keyof typeof COOKIES): string {
  return config.path('credentials', 'cookie_names', field)?.asString() || COOKIES[field];
}

/** To the authorization server, with a state and a code challenge that are made at random; or 401 where that is not wanted. */
function logIn(call: FilterCall, config: ConfigNode): HopResult {
  const { request } = call.http;
  const denied = config.list('deny_redirect_matcher').find((matcher) => testHeader(matcher, request).kind === 'yes');
  if (denied) {
    const details = `Unauthorized, and redirecting to OAuth server is not allowed: ${request.path}`;
    return refuse(call, details, { because: words('there is no session, and its deny_redirect_matcher forbids a login'), at: denied });
  }
  return answer(
    call,
    'redirect',
    { code: 302, details: 'oauth.missing_credentials', isBare: true },
    { because: say`there is no session, so the client is sent to ${config.string('authorization_endpoint')}`, at: config },
  );
}

/** Only a code and a state that fit can become a session. */
function answerCallback(call: FilterCall, config: ConfigNode): HopResult {
  const { path } = call.http.request;
  const query = firstQueryValues(path);
  const text = path.includes('?') ? path.slice(path.indexOf('?')) : '';
  const at = config.get('redirect_path_matcher') ?? config;
  if (query.has('error'))
    return refuse(call, `OAuth server returned an error: ${text}`, {
      because: words('the authorization server has refused the login'),
      at,
    });
  if (!query.get('code') || !query.get('state'))
    return refuse(call, `Code or state query param does not exist: ${text}`, { because: words('a callback needs a code and a state'), at });
  return leaveOpen(call, words('whether the authorization server gives a token for the code'), { at });
}

function refuse(call: FilterCall, details: string, grounds: { because: Sentence; at: ConfigNode }): HopResult {
  return answer(call, 'denied', { code: 401, details: details.replace(/\s/g, '_'), body: 'OAuth flow failed.' }, grounds);
}

const PAST = 'path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT';

function signOut(call: FilterCall, config: ConfigNode): HopResult {
  const { request, responseHeaders } = call.http;
  const domain = config.path('credentials', 'cookie_domain')?.asString() ?? '';
  for (const field of Object.keys(COOKIES) as (keyof typeof COOKIES)[])
    responseHeaders.append.push(['set-cookie', `${cookieName(config, field)}=deleted; ${PAST}${domain === '' ? '' : `;domain=${domain}`}`]);
  const home = `${request.scheme}://${request.authority}/`;
  const end = config.string('end_session_endpoint');
  const hint = cookieValue(request, cookieName(config, 'id_token')) ?? '';
  const client = config.path('credentials', 'client_id')?.asString() ?? '';
  const location = end === '' ? home : `${end}?id_token_hint=${hint}&client_id=${client}&post_logout_redirect_uri=${escapeUri(home)}`;
  return answer(
    call,
    'redirect',
    { code: 302, details: 'oauth.sign_out', location, isBare: true },
    { because: words('the path signs the user out'), at: config.get('signout_path') },
  );
}

/** Http::Utility::PercentEncoding::encode with `:/=&?`. */
function escapeUri(uri: string): string {
  return uri.replace(/[:/=&?%]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}
