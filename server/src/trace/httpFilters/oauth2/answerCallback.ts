/** The way back from the authorization server (Envoy: source/extensions/filters/http/oauth2/filter.cc, decodeHeaders). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HopResult } from '../../hop';
import { testPath } from '../../matcher/pathMatcher';
import { say, words } from '../../record/sentence';
import { answer, leaveOpen, type FilterCall } from '../filterCall';
import { cookieName, cookiesOf, deleteLoginCookies } from './oauthCookies';
import { readCallback } from './oauthCallback';
import { mayBeEncrypted } from './oauthSession';
import { refuseOauth } from './refuseOauth';

/** Only a code and a state that fit can become a session: the authorization server gives a token for them. */
export function exchangeCode(call: FilterCall, config: ConfigNode): HopResult {
  const callback = readCallback(call, config);
  const at = config.get('redirect_path_matcher') ?? config;
  if (callback.kind === 'unknown') return leaveOpen(call, callback.missing, { at });
  deleteLoginCookies(call.http, config, callback.flow);
  if (callback.kind === 'bad') return refuseOauth(call, callback.details, { because: callback.because, at });
  const cookies = cookiesOf(call.http.request);
  const name = cookieName(config, 'code_verifier');
  const verifier = cookies.get(`${name}.${callback.flow}`) || cookies.get(name) || '';
  const problem =
    verifier === ''
      ? 'Code verifier cookie is missing in the request'
      : mayBeEncrypted(verifier)
        ? undefined
        : `Failed to decrypt code verifier: ${verifier}, error: Invalid encrypted data`;
  if (problem === undefined) return leaveOpen(call, words('whether the authorization server gives a token for the code'), { at });
  return refuseOauth(call, problem, { because: say`the cookie ${name} of this login is not there, or not what Envoy has given`, at });
}

/** A callback of somebody who is logged in by now: back to where the login began. */
export function goBack(call: FilterCall, config: ConfigNode): HopResult {
  const callback = readCallback(call, config);
  const at = config.get('redirect_path_matcher') ?? config;
  if (callback.kind === 'unknown') return leaveOpen(call, callback.missing, { at });
  deleteLoginCookies(call.http, config, callback.flow);
  if (callback.kind === 'bad') return refuseOauth(call, callback.details, { because: callback.because, at });
  const { url } = callback;
  const target = url.replace(/^[^:]*:\/\/[^/?#]*/, '').replace(/^(?!\/)/, '/');
  if (config.get('redirect_path_matcher') && testPath(at, target).kind === 'yes')
    return refuseOauth(call, `State url query params matches the redirect path matcher: ${target}`, {
      because: words('its state leads to the callback again'),
      at,
    });
  const reply = { code: 302, details: 'oauth.race_redirect', location: url, isBare: true };
  return answer(call, 'redirect', reply, { because: words('the user is logged in already'), at });
}
