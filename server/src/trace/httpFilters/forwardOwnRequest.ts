/** A filter asks the cluster of the route by itself, with the cluster's own client (Envoy: source/common/http/async_client_impl.cc). */
import { forwardToCluster } from '../cluster/forwardToCluster';
import { copyHttpRequest, headerValues, markUnknownHeader, setHeader } from '../facts/httpRequest';
import type { Hop, HopResult } from '../hop';
import { words } from '../record/sentence';
import type { HttpStream } from '../httpStream';

const FORWARDED_FOR = 'x-forwarded-for';

/** The request as it is: nothing of the route's changes, and no later filter. The client adds itself to those who forwarded it. */
export function forwardOwnRequest(hop: Hop, http: HttpStream): HopResult {
  const request = copyHttpRequest(http.request);
  setHeader(request, 'x-envoy-internal', 'true');
  setHeader(request, FORWARDED_FOR, [...headerValues(request, FORWARDED_FOR), '?'].join(','));
  markUnknownHeader(request, FORWARDED_FOR, words('the address of the machine that Envoy runs on'));
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
