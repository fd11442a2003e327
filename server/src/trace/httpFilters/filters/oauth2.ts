/** envoy.filters.http.oauth2 (Envoy: source/extensions/filters/http/oauth2/filter.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HopResult } from '../../hop';
import { cookieValue } from '../../http/routeMatch/cookieMatcher';
import { testHeader } from '../../http/routeMatch/headerMatcher';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

/** Passes what `pass_through_matcher` picks out; else a session is needed, and only the secrets tell whether it is good. */
export function runOauth2(call: FilterCall): HopResult | undefined {
  const config = (routeConfigOf(call.http, call.name)?.node ?? call.config).get('config');
  if (!config) return pass(call, { because: words('it has no configuration') });
  const passing = config.list('pass_through_matcher').find((matcher) => testHeader(matcher, call.http.request).kind === 'yes');
  if (passing) return pass(call, { because: words('its pass_through_matcher lets the request pass'), at: passing });
  const cookie = hmacCookie(config);
  const endpoint = config.string('authorization_endpoint');
  if (cookieValue(call.http.request, cookie) === undefined)
    return leaveOpen(
      call,
      say`whether the request is a callback or a login: without the cookie ${cookie} the client is sent to ${endpoint} (302), or gets 401`,
      { at: config },
    );
  return leaveOpen(call, say`whether the session of the cookie ${cookie} is valid: its HMAC needs the secret`, { at: config });
}

function hmacCookie(config: ConfigNode): string {
  return config.path('credentials', 'cookie_names', 'oauth_hmac')?.asString() || 'OauthHMAC';
}
