/** The route forwards: what is sent to which cluster, and what becomes of the answer (Envoy: Router::Filter::continueDecodeHeaders). */
import type { ConfigNode } from '../../../schema/configNode';
import { configuredCriteria } from '../../cluster/subset/criteria';
import { forwardToCluster } from '../../cluster/forwardToCluster';
import { copyHttpRequest } from '../../facts/httpRequest';
import type { Hop, HopResult } from '../../hop';
import type { HttpStream } from '../../httpStream';
import { localReply } from '../localReply/localReply';
import { proxyHeader } from '../../upstream/proxyHeader';
import { recordHeaderChange } from '../recordHeaderChange';
import { changeResponseHeadersOfRoute } from './changeResponseHeaders';
import { autoHostOf } from './finalizeRequest';
import { ATTEMPTS, connectConfigOf } from './prepareRequest';
import { setStickyCookies } from './setStickyCookies';
import type { ForwardTarget } from '../../cluster/forwardTarget';

/** `ClusterNotFoundResponseCode` of a route's action. */
const NOT_FOUND_CODES = { SERVICE_UNAVAILABLE: 503, NOT_FOUND: 404, INTERNAL_SERVER_ERROR: 500 } as const;
const NOT_FOUND_NAMES = ['SERVICE_UNAVAILABLE', 'NOT_FOUND', 'INTERNAL_SERVER_ERROR'] as const;

/** Once it is prepared. */
export function forwardRequest(hop: Hop, http: HttpStream): HopResult {
  const action = http.route?.get('route');
  const connect = connectConfigOf(http, action);
  const result = forwardToCluster(hop, targetOf(hop, http, { action, connect }));
  if (isTunnelOpen(http, result, connect !== undefined)) hop.record.response = { code: 200 };
  const answered = answerNoCluster(hop, result);
  changeAnswer(hop, http);
  return answered;
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
