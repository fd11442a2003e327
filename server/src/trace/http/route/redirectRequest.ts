/** Redirects (Envoy: Utility::newUri of source/common/http/utility.cc; SslRedirector for require_tls). */
import type { ConfigNode } from '../../../schema/configNode';
import { keepsBack } from '../../../schema/keptBack';
import { addStep, type Hop, type HopResult } from '../../hop';
import { setHeader } from '../../facts/httpRequest';
import { formatString } from '../../format/formatString';
import { matchContextOf } from '../../matcher/matchContext';
import { cannotTell } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
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
  const location = newLocation(http, redirect, formatted.value || redirect.string('path_redirect'));
  http.answer = { isLocal: true, code, details: 'direct_response', flags: http.flags, hasLocation: !isPathless };
  changeResponseHeadersOfRoute(hop, http, true);
  addStep(hop, {
    stage: 'route',
    decision: say`the client is redirected to ${location}`,
    because: say`the route is a redirect, with ${code}`,
    at: redirect,
  });
  return localReply(hop, 'redirect', { code, details: 'direct_response', ...(!isPathless && { location }) });
}

/** 301 unless `response_code` says otherwise. */
export function codeOfRedirect(redirect: ConfigNode): number {
  return CODES[redirect.enumValue('response_code', CODE_NAMES) ?? 'MOVED_PERMANENTLY'];
}

/** 301 to https, host and path as they are; a CONNECT, which has no path, is told no location (router.cc decodeHeaders). */
export function redirectToTls(hop: Hop, http: HttpStream): HopResult {
  const location = `https://${http.request.authority}${http.request.path}`;
  addStep(hop, {
    stage: 'route',
    decision: say`the client is redirected to ${location}`,
    because: words('the virtual host requires TLS'),
    at: http.virtualHost?.get('require_tls'),
  });
  return localReply(hop, 'redirect', { code: 301, details: 'direct_response', ...(http.request.path !== '' && { location }) });
}
