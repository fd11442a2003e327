/** What the route makes of a request that it forwards, whichever host gets it (Envoy: Router::Filter::decodeHeaders). */
import type { ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import { setHeader } from '../../facts/httpRequest';
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell } from '../../record/hopRecord';
import { words, type Sentence } from '../../record/sentence';
import type { HttpStream } from '../../httpStream';
import { checkStrictHeaders } from './checkStrictHeaders';
import { finalizeRequest } from './finalizeRequest';
import { noteMirrors } from './mirrors';
import { notePolicies } from './notePolicies';
import { retriesOf } from './retryPolicy';
import { takeRetryHeaders, takeTimeoutHeaders } from './takeRouterHeaders';
import { virtualClusterOf } from './virtualCluster';

export const ATTEMPTS = 'x-envoy-attempt-count';

/** Undefined: it is ready. */
export function prepareRequest(hop: Hop, http: HttpStream, route: ConfigNode): HopResult | undefined {
  // Where there is no such cluster nobody asks for the virtual cluster, and the request stays as it is (router.cc decodeHeaders).
  const isThere = hop.proxy.byName.cluster.has(http.clusterName ?? '');
  const virtualCluster = isThere ? virtualClusterOf(http.virtualHost, http.request) : undefined;
  if (virtualCluster?.node) hop.record.virtualCluster = virtualCluster.name;
  const refused = isThere ? checkStrictHeaders(hop, http) : undefined;
  if (refused) return refused;
  const missing = isThere ? changeRequest(hop, http, route) : undefined;
  if (missing) return cannotTell(missing);
  notePolicies(hop, http, route);
  noteMirrors(hop, http, route);
  const connect = connectConfigOf(http, route.get('route'));
  if (connect) noteTermination(hop, connect);
  return undefined;
}

function changeRequest(hop: Hop, http: HttpStream, route: ConfigNode): Sentence | undefined {
  http.attempts = 1;
  const retries = retriesOf(hop, http, route.get('route'));
  if (retries) http.retries = retries;
  takeTimeoutHeaders(http, route.get('route'));
  if (http.virtualHost?.bool('include_request_attempt_count') === true) setHeader(http.request, ATTEMPTS, '1');
  const missing = finalizeRequest(hop, http, route);
  takeRetryHeaders(http);
  return missing;
}

/** `connect_config`: the content of a CONNECT (or of a POST, where allowed) goes on as raw bytes. */
export function connectConfigOf({ request }: HttpStream, action: ConfigNode | undefined): ConfigNode | undefined {
  const config = action
    ?.list('upgrade_configs')
    .find((upgrade) => upgrade.has('connect_config') && ['connect', KEPT_BACK].includes(upgrade.string('upgrade_type').toLowerCase()))
    ?.get('connect_config');
  const isPost = request.method === 'POST' && config?.bool('allow_post') === true;
  return config && (request.method === 'CONNECT' || isPost) ? config : undefined;
}

function noteTermination(hop: Hop, connect: ConfigNode): void {
  hop.record.terminatesTunnel = true;
  addStep(hop, {
    stage: 'route',
    decision: words('the tunnel ends here, its content goes on'),
    because: words('the route has connect_config for CONNECT'),
    at: connect,
  });
}
