/** The cookies of the OAuth2 filter (Envoy: source/extensions/filters/http/oauth2/filter.cc, CookieNames and CookieSettings). */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues, markUnknownHeader, setHeader, unknownHeader, type HttpRequest } from '../../facts/httpRequest';
import type { HttpStream } from '../../httpStream';
import { doubtHeader } from '../../http/recordHeaderChange';
import { words } from '../../record/sentence';

const DEFAULT_NAMES = {
  oauth_hmac: 'OauthHMAC',
  bearer_token: 'BearerToken',
  id_token: 'IdToken',
  refresh_token: 'RefreshToken',
  oauth_expires: 'OauthExpires',
  oauth_nonce: 'OauthNonce',
  code_verifier: 'CodeVerifier',
} as const;

export type OauthCookie = keyof typeof DEFAULT_NAMES;

/** Of the session; the other two live while the client logs in. */
const OF_SESSION: readonly OauthCookie[] = ['oauth_hmac', 'bearer_token', 'id_token', 'refresh_token', 'oauth_expires'];
const OF_LOGIN: readonly OauthCookie[] = ['oauth_nonce', 'code_verifier'];

/** `config`: an `OAuth2Config`. */
export function cookieName(config: ConfigNode, cookie: OauthCookie): string {
  return config.path('credentials', 'cookie_names', cookie)?.asString() || DEFAULT_NAMES[cookie];
}

/** All cookies by name, the first of a name (Envoy: Utility::parseCookies). */
export function cookiesOf(request: HttpRequest): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const header of headerValues(request, 'cookie'))
    for (const part of header.split(';')) {
      const pair = part.trim();
      const equals = pair.indexOf('=');
      const name = pair.slice(0, equals);
      if (equals < 0 || cookies.has(name)) continue;
      const value = pair.slice(equals + 1);
      cookies.set(name, /^".*"$/.test(value) ? value.slice(1, -1) : value);
    }
  return cookies;
}

/** Has the answer delete the cookies of the session, and of every login that has begun. */
export function deleteAllCookies(http: HttpStream, config: ConfigNode): void {
  for (const cookie of OF_SESSION) deleteCookie(http, config, [cookie, cookieName(config, cookie)]);
  const begun = [...cookiesOf(http.request).keys()].flatMap((name) =>
    OF_LOGIN.filter((cookie) => belongsTo(name, cookieName(config, cookie))).map((cookie) => [cookie, name] as const),
  );
  for (const each of begun) deleteCookie(http, config, each);
  // Those come in the order of a hash table.
  if (begun.length > 1 || unknownHeader(http.request, 'cookie')) doubtHeader(http.responseHeaders, 'set-cookie');
}

/** Has the answer delete the cookies of one login; '' for a login that is not known. */
export function deleteLoginCookies(http: HttpStream, config: ConfigNode, flow: string): void {
  if (flow === '') return;
  for (const cookie of OF_LOGIN) {
    const name = cookieName(config, cookie);
    deleteCookie(http, config, [cookie, `${name}.${flow}`]);
    deleteCookie(http, config, [cookie, name]);
  }
}

const PAST = 'expires=Thu, 01 Jan 1970 00:00:00 GMT';

function deleteCookie({ responseHeaders }: HttpStream, config: ConfigNode, [cookie, name]: readonly [OauthCookie, string]): void {
  const path = config.path('cookie_configs', `${cookie}_cookie_config`, 'path')?.asString() || '/';
  const domain = config.path('credentials', 'cookie_domain')?.asString() ?? '';
  const scope = domain === '' ? '' : `;domain=${domain}`;
  const secure = /^__(?:Secure|Host)-/.test(name) ? '; Secure' : '';
  responseHeaders.append.push(['set-cookie', `${name}=deleted; path=${path}; ${PAST}${scope}${secure}`]);
}

/** The upstream sees neither the proof of the session nor those of logins; the tokens where it is let in as a stranger as little. */
export function hideCookies(request: HttpRequest, config: ConfigNode, who: 'user' | 'stranger'): void {
  const cookies = cookiesOf(request);
  if (cookies.size === 0) return;
  const hidden = who === 'user' ? OF_SESSION.filter((cookie) => cookie !== 'bearer_token' && cookie !== 'id_token') : OF_SESSION;
  for (const cookie of hidden) cookies.delete(cookieName(config, cookie));
  for (const name of cookies.keys()) if (OF_LOGIN.some((cookie) => belongsTo(name, cookieName(config, cookie)))) cookies.delete(name);
  setHeader(request, 'cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
  if (cookies.size > 1) markUnknownHeader(request, 'cookie', words('the order in which Envoy writes the cookies that are left'));
}

/** `NAME`, or `NAME.flow`. */
function belongsTo(name: string, base: string): boolean {
  return name === base || (name.startsWith(`${base}.`) && name.length > base.length + 1);
}
