/** Which retry and hedge policies hold for a request (Envoy: RouteEntryImplBase::buildRetryPolicy, buildHedgePolicy; Filter::getEffectiveRetryPolicy). */
import type { ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import { firstUnknownHeader, headerValues } from '../../facts/httpRequest';
import type { Hop } from '../../hop';
import { httpProtocolOptions } from '../../cluster/httpVersion';
import type { HttpStream, Retries } from '../../httpStream';

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

/** By the policy, and by what a trusted client says in headers before the router takes them away (RetryStateImpl); undefined where nothing is sent again. */
export function retriesOf(hop: Hop, http: HttpStream, action: ConfigNode | undefined): Retries | undefined {
  const policy = retryPolicyOf(hop, http, action);
  const { request } = http;
  const on = new Set([
    ...conditionsIn(policy?.string('retry_on') ?? '', [...CONDITIONS, ...GRPC_CONDITIONS, KEPT_BACK]),
    ...headerValues(request, RETRY_ON).flatMap((text) => conditionsIn(text, CONDITIONS)),
    ...headerValues(request, RETRY_GRPC_ON).flatMap((text) => conditionsIn(text, GRPC_CONDITIONS)),
  ]);
  if (firstUnknownHeader(request, [RETRY_ON, RETRY_GRPC_ON, MAX_RETRIES])) return { most: undefined, on: [...on] };
  const asked = headerValues(request, MAX_RETRIES)[0] ?? '';
  const most = /^\s*\+?\d+\s*$/.test(asked) ? Number(asked) : (policy?.number('num_retries') ?? 1);
  return on.size === 0 || most === 0 ? undefined : { most, on: [...on] };
}

const RETRY_ON = 'x-envoy-retry-on';
const RETRY_GRPC_ON = 'x-envoy-retry-grpc-on';
const MAX_RETRIES = 'x-envoy-max-retries';

/** Other words say nothing (parseRetryOn, parseRetryGrpcOn). */
function conditionsIn(text: string, known: readonly string[]): string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => known.includes(each));
}

const CONDITIONS = [
  '5xx',
  'gateway-error',
  'connect-failure',
  'envoy-ratelimited',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'reset',
  'reset-before-request',
  'http3-post-connect-failure',
];
const GRPC_CONDITIONS = ['cancelled', 'deadline-exceeded', 'resource-exhausted', 'unavailable', 'internal'];
