/** What the authorization server sends the client back with (Envoy: source/extensions/filters/http/oauth2/filter.cc, validateOAuthCallback and validateState). */
import { isJsonObject, readJson } from '../../../protocol/jsonValue';
import type { ConfigNode } from '../../../schema/configNode';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../../text/encoding';
import { firstQueryValues } from '../../http/routeMatch/queryParameterMatcher';
import { say, words, type Sentence } from '../../record/sentence';
import type { FilterCall } from '../filterCall';
import { hmacSha2 } from '../jwt/sha2';
import { isAllowedDomain } from './isAllowedDomain';
import { cookieName, cookiesOf } from './oauthCookies';
import { hmacSecretOf } from './oauthSession';

export type OauthCallback =
  | { readonly kind: 'good'; readonly url: string; readonly flow: string }
  /** `details` are Envoy's. */
  | { readonly kind: 'bad'; readonly details: string; readonly flow: string; readonly because: Sentence }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

/** Only a code and a state that fit can become a session. */
export function readCallback(call: FilterCall, config: ConfigNode): OauthCallback {
  const query = firstQueryValues(call.http.request.path);
  const state = query.get('state');
  if (query.has('error')) {
    const read = state === undefined ? undefined : readState(call, config, state);
    if (read?.kind === 'unknown') return read;
    return bad(`OAuth server returned an error: ${printQuery(query)}`, words('the authorization server has refused the login'), read?.flow);
  }
  if (!query.has('code') || state === undefined)
    return bad(`Code or state query param does not exist: ${printQuery(query)}`, words('a callback needs a code and a state'));
  return readState(call, config, state);
}

function bad(details: string, because: Sentence, flow = ''): OauthCallback {
  return { kind: 'bad', details, because, flow };
}

/** Sorted by name. */
function printQuery(query: ReadonlyMap<string, string>): string {
  const pairs = [...query].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function readState(call: FilterCall, config: ConfigNode, state: string): OauthCallback {
  const text = decodeState(state);
  const fields = readJson(text);
  if (!isJsonObject(fields)) return bad(`State query param is not a valid JSON: ${text}`, words('its state is none that Envoy has given'));
  if (!('url' in fields) || !('csrf_token' in fields))
    return bad(`State query param does not contain url or CSRF token: ${text}`, words('its state is none that Envoy has given'));
  const [url, token, flow] = [textOf(fields['url']), textOf(fields['csrf_token']), textOf(fields['flow_id'])];
  const proven = testToken(call, config, { token, flow });
  if (proven === undefined)
    return { kind: 'unknown', missing: words('whether the CSRF token of the callback is genuine: its HMAC needs the secret') };
  if (!proven) return bad('CSRF token validation failed', words('the client has not begun this login: cookie and state do not fit'));
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#]/i.test(url))
    return bad(`State url can not be initialized: ${url}`, say`its state names ${url}, which is no URL`, flow);
  if (!isAllowedDomain(config, url))
    return bad(`State url host is not in the allowed redirect domains: ${url}`, say`${url} is not in allowed_redirect_domains`, flow);
  return { kind: 'good', url, flow };
}

/** Base64 for URLs without padding; '' for anything else. */
function decodeState(state: string): string {
  const bytes = /^[A-Za-z0-9_-]*$/.test(state) ? decodeBase64(state) : undefined;
  return bytes ? decodeUtf8(bytes) : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The token stands in the cookie of this login, and is signed: `nonce.HMAC(nonce)`. Undefined: the files do not hold the secret. */
function testToken({ hop, http }: FilterCall, config: ConfigNode, { token, flow }: { token: string; flow: string }): boolean | undefined {
  const cookies = cookiesOf(http.request);
  const name = cookieName(config, 'oauth_nonce');
  const dot = token.indexOf('.');
  if ((cookies.get(`${name}.${flow}`) || cookies.get(name) || undefined) !== token || dot < 0) return false;
  const secret = hmacSecretOf(hop, config);
  if (secret === undefined) return undefined;
  return encodeBase64(hmacSha2(256, encodeUtf8(secret), encodeUtf8(token.slice(0, dot)))) === token.slice(dot + 1);
}
