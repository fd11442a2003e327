/** Is the client logged in? (Envoy: source/extensions/filters/http/oauth2/filter.cc, OAuth2CookieValidator and decryptToken) */
import type { ConfigNode } from '../../../schema/configNode';
import { decodeBase64, encodeBase64, encodeUtf8 } from '../../../text/encoding';
import { unknownHeader } from '../../facts/httpRequest';
import { isAfter, requestTimeOf } from '../../facts/requestTime';
import type { Hop } from '../../hop';
import { say, words, type Sentence } from '../../record/sentence';
import type { FilterCall } from '../filterCall';
import { hmacSha2 } from '../jwt/sha2';
import { readGenericSecret } from '../genericSecret';
import { cookieName, cookiesOf, type OauthCookie } from './oauthCookies';

export type OauthSession =
  | { readonly kind: 'valid'; readonly token: string }
  | { readonly kind: 'none'; readonly because: Sentence }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

/** By the HMAC over host and tokens, and the second at which the session ends. */
export function testSession({ hop, http: { request } }: FilterCall, config: ConfigNode): OauthSession {
  const hidden = unknownHeader(request, 'cookie');
  if (hidden) return { kind: 'unknown', missing: say`the session of the client: ${hidden}` };
  const cookies = cookiesOf(request);
  const read = (cookie: OauthCookie): string => cookies.get(cookieName(config, cookie)) ?? '';
  const proof = read('oauth_hmac');
  if (proof === '') return none(words('there is no session'));
  if (!PROOF.test(proof)) return none(say`the cookie ${cookieName(config, 'oauth_hmac')} is no HMAC`);
  const expires = read('oauth_expires');
  if (!/^\s*\+?\d+\s*$/.test(expires)) return none(say`the cookie ${cookieName(config, 'oauth_expires')} is no time`);
  const isOver = isAfter(requestTimeOf(hop.request), Number(expires) - 1);
  if (isOver === true) return none(say`the session ended at ${expires} seconds after 1970`);
  const tokens = (['bearer_token', 'id_token', 'refresh_token'] as const).map(read);
  const secret = hmacSecretOf(hop, config);
  if (secret === undefined || (config.bool('disable_token_encryption') !== true && tokens.some(mayBeEncrypted)))
    return { kind: 'unknown', missing: whyUndecided(config, secret) };
  const domain = config.path('credentials', 'cookie_domain')?.asString() || request.authority;
  const made = hmacSha2(256, encodeUtf8(secret), encodeUtf8([domain, expires, ...tokens].join('\n')));
  if (proof !== encodeBase64(made) && proof !== encodeBase64(encodeUtf8(hexOf(made))))
    return none(say`the cookie ${cookieName(config, 'oauth_hmac')} does not fit host, end and tokens of the session`);
  if (isOver === undefined)
    return { kind: 'unknown', missing: say`when the request comes: the session ends at ${expires} (say it with the request's ${'time'})` };
  return { kind: 'valid', token: tokens[0] ?? '' };
}

/** Base64 of 32 bytes, or of their 64 hexadecimal digits: an HMAC of another length fits nothing. */
const PROOF = /^(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)$/;

function none(because: Sentence): OauthSession {
  return { kind: 'none', because };
}

function whyUndecided(config: ConfigNode, secret: string | undefined): Sentence {
  const session = say`whether the session of the cookie ${cookieName(config, 'oauth_hmac')} is valid`;
  return secret === undefined ? say`${session}: its HMAC needs the secret` : say`${session}: its tokens are encrypted`;
}

/** The secret of HMACs: undefined where no open file holds it. */
export function hmacSecretOf(hop: Hop, config: ConfigNode): string | undefined {
  return readGenericSecret(hop, config.path('credentials', 'hmac_secret'));
}

const BLOCK = 16;

/** AES-256-CBC behind a first block of chance. A token that cannot be one is read as it is. */
export function mayBeEncrypted(token: string): boolean {
  const bytes = /[+/=]/.test(token) ? undefined : decodeBase64(token);
  return bytes !== undefined && bytes.length > BLOCK && bytes.length % BLOCK === 0;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
