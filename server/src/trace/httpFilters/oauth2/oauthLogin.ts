/** Sends the client to the authorization server (Envoy: source/extensions/filters/http/oauth2/filter.cc, redirectToOAuthServer). */
import type { ConfigNode } from '../../../schema/configNode';
import { percentEncode } from '../../facts/percentEncode';
import { formatString } from '../../format/formatString';
import type { HopResult } from '../../hop';
import { firstQueryValues } from '../../http/routeMatch/queryParameterMatcher';
import { doubtHeader } from '../../http/recordHeaderChange';
import { matchContextOf } from '../../matcher/matchContext';
import { say, type Sentence } from '../../record/sentence';
import { answer, type FilterCall } from '../filterCall';
import { isAllowedDomain } from './isAllowedDomain';
import { cookieName } from './oauthCookies';
import { refuseOauth } from './refuseOauth';

/** A 302 whose Location and cookies hold numbers of chance: they are shown as `…`. */
export function logIn(call: FilterCall, config: ConfigNode, because: Sentence): HopResult {
  const { http } = call;
  const home = config.string('original_request_uri');
  const base = home === '' ? `${http.request.scheme}://${http.request.authority}` : format(call, home);
  const at = config.get('allowed_redirect_domains') ?? config;
  if (!isAllowedDomain(config, base))
    return refuseOauth(call, `authority or original_request_uri failed domain allow-list validation: ${base}`, {
      because: say`${base} is not in allowed_redirect_domains`,
      at,
    });
  const callback = format(call, config.string('redirect_uri'));
  if (!isAllowedDomain(config, callback))
    return refuseOauth(call, `redirect_uri failed domain allow-list validation: ${callback}`, {
      because: say`${callback} is not in allowed_redirect_domains`,
      at,
    });
  for (const cookie of ['oauth_nonce', 'code_verifier'] as const)
    http.responseHeaders.append.push(['set-cookie', `${cookieName(config, cookie)}=…`]);
  doubtHeader(http.responseHeaders, 'set-cookie');
  const location = locationOf(config, callback);
  return answer(
    call,
    'redirect',
    { code: 302, details: 'oauth.missing_credentials', location, isBare: true },
    { because: say`${because}, so the client is sent to ${config.string('authorization_endpoint')}`, at: config },
  );
}

/** What the file does not tell of a text is `…`. */
function format({ hop }: FilterCall, text: string): string {
  const made = formatString(text, matchContextOf(hop));
  return made.kind === 'text' ? made.value : '…';
}

/** The endpoint with what the protocol wants in its query, sorted by name. */
function locationOf(config: ConfigNode, callback: string): string {
  const endpoint = config.string('authorization_endpoint');
  const query = firstQueryValues(endpoint);
  const scopes = config.list('auth_scopes').map((scope) => scope.asString() ?? '');
  const wanted: Readonly<Record<string, string>> = {
    client_id: config.path('credentials', 'client_id')?.asString() ?? '',
    response_type: 'code',
    scope: percentEncode(scopes.length === 0 ? 'user' : scopes.join(' ')),
    state: '…',
    redirect_uri: percentEncode(callback),
    code_challenge: '…',
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(wanted)) query.set(name, value);
  const pairs = [...query].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => `${name}=${value}`);
  const resources = config.list('resources').map((resource) => `&resource=${percentEncode(resource.asString() ?? '')}`);
  return `${endpoint.split('?', 1)[0] ?? ''}?${pairs.join('&')}${resources.join('')}`;
}
