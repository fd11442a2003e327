/** `scheme_header_transformation.match_upstream`: the scheme is that of the chosen host's transport socket (Envoy: source/common/router/router.cc, setUpstreamScheme). */
import { copyHttpRequest } from '../facts/httpRequest';
import type { Hop } from '../hop';
import type { UpstreamSocket } from './readTransportSocket';
import type { ForwardTarget } from '../cluster/forwardTarget';

/** After the route has changed the request, before filters of the upstream side see it; formats of the answer see it, too. */
export function matchScheme({ http }: Hop, target: ForwardTarget, { tls }: UpstreamSocket): ForwardTarget {
  if (target.protocol !== 'http' || http?.manager.get('scheme_header_transformation')?.bool('match_upstream') !== true) return target;
  const scheme = tls ? 'https' : 'http';
  http.request.scheme = scheme;
  const [top, ...inner] = target.layers;
  if (target.terminatesConnect === true || top?.kind !== 'http') return target;
  return { ...target, layers: [{ ...top, request: { ...copyHttpRequest(top.request), scheme } }, ...inner] };
}
