/** Ends a session (Envoy: source/extensions/filters/http/oauth2/filter.cc, signOutUser). */
import type { ConfigNode } from '../../../schema/configNode';
import { unknownHeader } from '../../facts/httpRequest';
import { percentEncode } from '../../facts/percentEncode';
import { formatString } from '../../format/formatString';
import type { HopResult } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';
import { words } from '../../record/sentence';
import { answer, type FilterCall } from '../filterCall';
import { cookieName, cookiesOf, deleteAllCookies } from './oauthCookies';

/** Deletes all cookies, and leads to the start page or the provider's own sign-out. */
export function signOut(call: FilterCall, config: ConfigNode): HopResult {
  deleteAllCookies(call.http, config);
  return answer(
    call,
    'redirect',
    { code: 302, details: 'oauth.sign_out', location: signOutLocation(call, config), isBare: true },
    { because: words('the path signs the user out'), at: config.get('signout_path') },
  );
}

/** The start page, or the provider's own sign-out, which leads back there. */
function signOutLocation({ hop, http: { request } }: FilterCall, config: ConfigNode): string {
  const home = `${request.scheme}://${request.authority}/`;
  const end = config.string('end_session_endpoint');
  if (end === '') return home;
  const hint = unknownHeader(request, 'cookie') ? '…' : (cookiesOf(request).get(cookieName(config, 'id_token')) ?? '');
  const url = `${end}?id_token_hint=${hint}&client_id=${config.path('credentials', 'client_id')?.asString() ?? ''}`;
  const after = config.get('post_logout_redirect_uri');
  if (after?.bool('disabled') === true) return url;
  const text = after?.string('uri') ?? '';
  const made = text === '' ? undefined : formatString(text, matchContextOf(hop));
  const back = made ? (made.kind === 'text' ? made.value : '…') : home;
  return `${url}&post_logout_redirect_uri=${percentEncode(back)}`;
}
