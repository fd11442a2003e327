/** Redirects (Envoy: Utility::newUri of source/common/http/utility.cc; SslRedirector for require_tls). */
import type { ConfigNode } from '../../../schema/configNode';
import { keepsBack } from '../../../schema/keptBack';
import { addStep, type Hop, type HopResult } from '../../hop';
import { setHeader } from '../../facts/httpRequest';
import { formatString } from '../../format/formatString';
import { matchContextOf } from '../../matcher/matchContext';
import { cannotTell } from '../../record/hopRecord';
import { say, words, type Sentence } from '../../record/sentence';
import type { HttpStream } from '../../httpStream';
import { localReply } from '../localReply/localReply';
import { changeResponseHeadersOfRoute } from './changeResponseHeaders';
import { suppressesEnvoyHeaders } from '../routerOf';
import { newLocation } from './newLocation';
import { rewriteByPrefixOrRegex } from './rewritePath';

/** `RedirectResponseCode` of a RedirectAction. */
const CODES = { MOVED_PERMANENTLY: 301, FOUND: 302, SEE_OTHER: 303, TEMPORARY_REDIRECT: 307, PERMANENT_REDIRECT: 308 } as const;
const CODE_NAMES = ['MOVED_PERMANENTLY', 'FOUND', 'SEE_OTHER', 'TEMPORARY_REDIRECT', 'PERMANENT_REDIRECT'] as const;

export function redirectRequest(hop: Hop, http: HttpStream, { route, redirect }: { route: ConfigNode; redirect: ConfigNode }): HopResult {
  if (keepsBack(redirect)) return cannotTell(words('where the route redirects to: the file leaves a part of it out'));
  const code = codeOfRedirect(redirect);
  const isPathless = http.request.path === '';
  const format = redirect.string('path_rewrite');
  const formatted = formatString(format, { ...matchContextOf(hop), absentAs: '' });
  if (formatted.kind === 'unknown') return cannotTell(say`the path of the redirect: ${formatted.missing}`);
  const path = rewriteByPrefixOrRegex(http.request.path, { action: redirect, match: route.get('match') });
  if (path !== undefined) {
    if (!suppressesEnvoyHeaders(http.manager)) setHeader(http.request, 'x-envoy-original-path', http.request.path);
    http.request.path = path;
  }
  const location = isPathless ? undefined : newLocation(http, redirect, formatted.value || redirect.string('path_redirect'));
  http.answer = { isLocal: true, code, details: 'direct_response', flags: http.flags, hasLocation: !isPathless };
  changeResponseHeadersOfRoute(hop, http, true);
  return sendElsewhere(hop, { code, location, because: say`the route is a redirect, with ${code}`, at: redirect });
}

interface Redirection {
  readonly code: number;
  /** A request without a path, a CONNECT, is told none (router.cc, decodeHeaders): then the code is the whole answer. */
  readonly location: string | undefined;
  readonly because: Sentence;
  readonly at: ConfigNode | undefined;
}

function sendElsewhere(hop: Hop, { code, location, because, at }: Redirection): HopResult {
  const isTold = location !== undefined;
  const decision = isTold ? say`the client is redirected to ${location}` : say`the client gets ${code}, but no location to go to`;
  addStep(hop, { stage: 'route', decision, because, at });
  const reply = { code, details: 'direct_response' };
  return isTold ? localReply(hop, 'redirect', { ...reply, location }) : localReply(hop, 'direct_response', reply);
}

/** 301 unless `response_code` says otherwise. */
export function codeOfRedirect(redirect: ConfigNode): number {
  return CODES[redirect.enumValue('response_code', CODE_NAMES) ?? 'MOVED_PERMANENTLY'];
}

/** 301 to https, host and path as they are. */
export function redirectToTls(hop: Hop, http: HttpStream): HopResult {
  const { authority, path } = http.request;
  const location = path === '' ? undefined : `https://${authority}${path}`;
  const at = http.virtualHost?.get('require_tls');
  return sendElsewhere(hop, { code: 301, location, because: words('the virtual host requires TLS'), at });
}
