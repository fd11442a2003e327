/** The route forwards: what is sent to which cluster, and what comes along (Envoy: Router::Filter::decodeHeaders, continueDecodeHeaders). */
import type { ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import { configuredCriteria } from '../../cluster/subset/criteria';
import { forwardToCluster } from '../../cluster/forwardToCluster';
import { copyHttpRequest, setHeader } from '../../facts/httpRequest';
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell } from '../../record/hopRecord';
import { words, type Sentence } from '../../record/sentence';
import type { HttpStream } from '../../httpStream';
import { localReply } from '../localReply/localReply';
import { proxyHeader } from '../../upstream/proxyHeader';
import { recordHeaderChange } from '../recordHeaderChange';
import { changeResponseHeadersOfRoute } from './changeResponseHeaders';
import { checkStrictHeaders } from './checkStrictHeaders';
import { autoHostOf, finalizeRequest } from './finalizeRequest';
import { noteMirrors } from './mirrors';
import { notePolicies } from './notePolicies';
import { retriesOf } from './retryPolicy';
import { setStickyCookies } from './setStickyCookies';
import { takeRetryHeaders, takeTimeoutHeaders } from './takeRouterHeaders';
import { virtualClusterOf } from './virtualCluster';
import type { ForwardTarget } from '../../cluster/forwardTarget';

const ATTEMPTS = 'x-envoy-attempt-count';

/** `ClusterNotFoundResponseCode` of a route's action. */
const NOT_FOUND_CODES = { SERVICE_UNAVAILABLE: 503, NOT_FOUND: 404, INTERNAL_SERVER_ERROR: 500 } as const;
const NOT_FOUND_NAMES = ['SERVICE_UNAVAILABLE', 'NOT_FOUND', 'INTERNAL_SERVER_ERROR'] as const;

export function forwardRequest(hop: Hop, http: HttpStream, route: ConfigNode): HopResult {
  const action = route.get('route');
  const isThere = hop.proxy.byName.cluster.has(http.clusterName ?? '');
  // Nobody asks for it where there is no such cluster (router.cc decodeHeaders).
  const virtualCluster = isThere ? virtualClusterOf(http.virtualHost, http.request) : undefined;
  if (virtualCluster?.node) hop.record.virtualCluster = virtualCluster.name;
  const refused = isThere ? checkStrictHeaders(hop, http) : undefined;
  if (refused) return refused;
  // Where there is no such cluster the request stays as it is.
  const missing = isThere ? prepareRequest(hop, http, route) : undefined;
  if (missing) return cannotTell(missing);
  notePolicies(hop, http, route);
  noteMirrors(hop, http, route);
  const connect = connectConfigOf(http, action);
  if (connect) noteTermination(hop, connect);
  const result = forwardToCluster(hop, targetOf(hop, http, { action, connect }));
  if (isTunnelOpen(http, result, connect !== undefined)) hop.record.response = { code: 200 };
  const answered = answerNoCluster(hop, result);
  changeAnswer(hop, http);
  return answered;
}

function prepareRequest(hop: Hop, http: HttpStream, route: ConfigNode): Sentence | undefined {
  http.attempts = 1;
  const retries = retriesOf(hop, http, route.get('route'));
  if (retries) http.retries = retries;
  takeTimeoutHeaders(http, route.get('route'));
  if (http.virtualHost?.bool('include_request_attempt_count') === true) setHeader(http.request, ATTEMPTS, '1');
  const missing = finalizeRequest(hop, http, route);
  takeRetryHeaders(http);
  return missing;
}

/** What the route does to an answer of the upstream; one of Envoy's own it has changed already. */
function changeAnswer(hop: Hop, http: HttpStream): void {
  http.answer ??= { isLocal: false, code: undefined, details: 'via_upstream', flags: http.flags ?? [] };
  changeResponseHeadersOfRoute(hop, http, false);
  setStickyCookies(hop, http);
  if (http.attempts === 1 && http.virtualHost?.bool('include_attempt_count_in_response') === true)
    recordHeaderChange(http.responseHeaders, {
      kind: 'add',
      name: ATTEMPTS,
      value: '1',
      action: 'OVERWRITE_IF_EXISTS_OR_ADD',
      isUnknown: http.retries !== undefined,
    });
}

function targetOf(
  hop: Hop,
  http: HttpStream,
  { action, connect }: { action: ConfigNode | undefined; connect: ConfigNode | undefined },
): ForwardTarget {
  const inner = hop.connection.layers;
  const announcing = connect?.get('proxy_protocol_config');
  const autoHost = autoHostOf(http, action);
  return {
    clusterName: http.clusterName ?? '',
    at: http.clusterWeight ?? action?.get('cluster') ?? action ?? http.route,
    protocol: 'http',
    layers: connect
      ? [...(announcing ? [proxyHeader(hop, announcing)] : []), ...inner]
      : [{ kind: 'http', request: copyHttpRequest(http.request) }, ...inner],
    metadataMatch: configuredCriteria(action, http.clusterWeight),
    clusterNotFound: {
      code: NOT_FOUND_CODES[action?.enumValue('cluster_not_found_response_code', NOT_FOUND_NAMES) ?? 'SERVICE_UNAVAILABLE'],
      flags: ['NC'],
      details: 'cluster_not_found',
    },
    ...(connect && { terminatesConnect: true }),
    ...(autoHost && { autoHost }),
  };
}

/** `connect_config`: the content of a CONNECT (or of a POST, where allowed) goes on as raw bytes. */
function connectConfigOf({ request }: HttpStream, action: ConfigNode | undefined): ConfigNode | undefined {
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

/** A CONNECT that ends here is answered with 200 once the host is reached; one that is sent on, when its upstream takes it. */
function isTunnelOpen({ request }: HttpStream, result: HopResult, endsHere: boolean): boolean {
  const leaves = result.kind === 'ending' && result.disposition === 'upstream';
  return endsHere ? leaves || result.kind === 'onward' : leaves && request.method === 'CONNECT';
}

/** A cluster that is not there: Envoy's own answer, shaped as every local reply. */
function answerNoCluster(hop: Hop, result: HopResult): HopResult {
  if (result.kind === 'onward' || result.disposition !== 'no_cluster' || result.response?.code === undefined) return result;
  const { code, details = '', ...rest } = result.response;
  return localReply(hop, 'no_cluster', { ...rest, code, details });
}
