/** A filter asks the cluster of the route by itself, with the cluster's own client (Envoy: source/common/http/async_client_impl.cc). */
import { forwardToCluster } from '../cluster/forwardToCluster';
import { copyHttpRequest, setHeader } from '../facts/httpRequest';
import type { Hop, HopResult } from '../hop';
import type { HttpStream } from '../httpStream';

/** The request as it is: nothing of the route's changes, and no later filter. */
export function forwardOwnRequest(hop: Hop, http: HttpStream): HopResult {
  const request = copyHttpRequest(http.request);
  setHeader(request, 'x-envoy-internal', 'true');
  http.answer = { isLocal: false, code: undefined, details: 'via_upstream' };
  return forwardToCluster(hop, {
    clusterName: http.clusterName ?? '',
    at: http.route?.get('route'),
    protocol: 'http',
    layers: [{ kind: 'http', request }, ...hop.connection.layers],
    metadataMatch: undefined,
    clusterNotFound: { code: 503, flags: ['NC'], details: 'cluster_not_found' },
  });
}
