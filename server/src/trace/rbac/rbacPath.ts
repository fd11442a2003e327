/** The path that `url_path` and `uri_template` see (Envoy 1.40: without path parameters where the route's configuration ignores them). */
import { pathFactsOf } from '../http/routeMatch/matchPath';
import { isGuardOn } from '../runtime/isGuardOn';
import type { RbacContext } from './rbacDecision';

/** Without query and fragment; undefined where there is no path: in a network filter, or a CONNECT. */
export function rbacPath({ hop, http }: RbacContext): string | undefined {
  if (!http || http.request.path === '') return undefined;
  const ignores = http.route !== undefined && http.routeConfiguration?.bool('ignore_path_parameters_in_path_matching') === true;
  const cuts = ignores && isGuardOn(hop, 'strip_path_parameters_per_segment', [1, 40]);
  return pathFactsOf(http.request.path, cuts ? 'per_segment' : 'none').matched;
}
