/** The router: answers, redirects, or prepares the request to be sent on (Envoy: Router::Filter::decodeHeaders of source/common/router/router.cc). */
import { addStep, type Hop, type HopResult } from '../hop';
import { words } from '../record/sentence';
import type { HttpStream } from '../httpStream';
import { localReply } from './localReply/localReply';
import { answerDirectly } from './route/answerDirectly';
import { prepareRequest } from './route/prepareRequest';
import { redirectRequest, redirectToTls } from './route/redirectRequest';

/** Undefined: the request is ready to be forwarded. */
export function applyRoute(hop: Hop, http: HttpStream): HopResult | undefined {
  if (http.redirectsToTls) return redirectToTls(hop, http);
  const { route } = http;
  if (!route) {
    addStep(hop, { stage: 'route', decision: words('the answer is 404'), because: words('there is no route for the request') });
    return localReply(hop, 'no_route', { code: 404, flags: ['NR'], details: 'route_not_found' });
  }
  const redirect = route.get('redirect');
  if (redirect) return redirectRequest(hop, http, { route, redirect });
  const direct = route.get('direct_response');
  if (direct) return answerDirectly(hop, http, direct);
  return prepareRequest(hop, http, route);
}
