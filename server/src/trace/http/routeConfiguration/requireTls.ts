/** VirtualHost.require_tls (Envoy: VirtualHostImpl::getRouteFromEntries): by x-forwarded-proto, not by the socket. */
import type { ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import { unknownHeader } from '../../facts/httpRequest';
import { addStep, type Hop } from '../../hop';
import { say, words, type Sentence } from '../../record/sentence';
import type { HttpStream } from '../../httpStream';

/** True when the request is to be redirected to https; no route is looked up then. */
export function requireTls(hop: Hop, http: HttpStream, virtualHost: ConfigNode): boolean | { readonly missing: Sentence } {
  const required = virtualHost.get('require_tls');
  const whom = virtualHost.enumValue('require_tls', ['NONE', 'EXTERNAL_ONLY', 'ALL']);
  if (virtualHost.string('require_tls') === KEPT_BACK && http.forwardedProto !== 'https')
    return { missing: words('whether the virtual host wants https (require_tls), which the file keeps back') };
  const applies = whom === 'ALL' || (whom === 'EXTERNAL_ONLY' && !http.internal);
  if (!applies || http.forwardedProto === 'https') return false;
  const missing =
    unknownHeader(http.request, 'x-forwarded-proto') ??
    (whom === 'EXTERNAL_ONLY' ? unknownHeader(http.request, 'x-envoy-internal') : undefined);
  if (missing) return { missing };
  http.redirectsToTls = true;
  addStep(hop, {
    stage: 'virtual_host',
    decision: say`the request must come by https`,
    because: say`require_tls is ${whom}${words(whom === 'EXTERNAL_ONLY' ? ', the request is not internal,' : '')} and x-forwarded-proto is ${http.forwardedProto}`,
    ...(required && { at: required }),
  });
  return true;
}
