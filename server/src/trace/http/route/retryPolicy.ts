/** Which retry and hedge policies hold for a request (Envoy: RouteEntryImplBase::buildRetryPolicy, buildHedgePolicy; Filter::getEffectiveRetryPolicy). */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues } from '../../facts/httpRequest';
import type { Hop } from '../../hop';
import { httpProtocolOptions } from '../../cluster/httpVersion';
import type { HttpStream } from '../../httpStream';

/** `retry_policy` or `hedge_policy`: the route's, else the virtual host's. */
export function routePolicy(
  http: HttpStream,
  action: ConfigNode | undefined,
  name: 'retry_policy' | 'hedge_policy',
): ConfigNode | undefined {
  return action?.get(name) ?? http.virtualHost?.get(name);
}

/** By which requests are sent again: the cluster's own before the route's. */
export function retryPolicyOf(hop: Hop, http: HttpStream, action: ConfigNode | undefined): ConfigNode | undefined {
  const cluster = hop.proxy.byName.cluster.get(http.clusterName ?? '')?.node;
  return (cluster && httpProtocolOptions(cluster)?.get('retry_policy')) ?? routePolicy(http, action, 'retry_policy');
}

/** May the request be sent more than once? Policies and the client's headers say so (RetryStateImpl::create), before the router takes those headers away. */
export function mayRetry(hop: Hop, http: HttpStream, action: ConfigNode | undefined): boolean {
  const isAsked = ['x-envoy-retry-on', 'x-envoy-retry-grpc-on'].some((name) => headerValues(http.request, name).length > 0);
  return isAsked || (retryPolicyOf(hop, http, action)?.string('retry_on') ?? '') !== '';
}
