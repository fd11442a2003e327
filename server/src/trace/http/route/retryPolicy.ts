/** Which retry and hedge policies hold for a request (Envoy: RouteEntryImplBase::buildRetryPolicy, buildHedgePolicy; Filter::getEffectiveRetryPolicy). */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK } from '../../../schema/keptBack';
import { firstUnknownHeader, headerValues, type HttpRequest } from '../../facts/httpRequest';
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
  const own = policy ? retriesOfPolicy(policy) : NO_RETRIES;
  const { request } = http;
  const isAsked = firstUnknownHeader(request, ASKING) !== undefined || request.headers.some(([name]) => ASKING.includes(name));
  const retries = isAsked ? retriesAsked(request, own) : own;
  return retries.most !== undefined && (retries.on.length === 0 || retries.most === 0) ? undefined : retries;
}

/** Read once: thousands of routes have the same. */
const retriesOfPolicy = memoizeByNode((policy: ConfigNode): Retries => ({
  most: policy.number('num_retries') ?? 1,
  on: conditionsIn(policy.string('retry_on'), [...CONDITIONS, ...GRPC_CONDITIONS, KEPT_BACK]),
}));

const NO_RETRIES: Retries = { most: 1, on: [] };

function retriesAsked(request: HttpRequest, own: Retries): Retries {
  const on = new Set([
    ...own.on,
    ...headerValues(request, RETRY_ON).flatMap((text) => conditionsIn(text, CONDITIONS)),
    ...headerValues(request, RETRY_GRPC_ON).flatMap((text) => conditionsIn(text, GRPC_CONDITIONS)),
  ]);
  if (firstUnknownHeader(request, ASKING)) return { most: undefined, on: [...on] };
  const asked = headerValues(request, MAX_RETRIES)[0] ?? '';
  return { most: /^\s*\+?\d+\s*$/.test(asked) ? Number(asked) : own.most, on: [...on] };
}

const RETRY_ON = 'x-envoy-retry-on';
const RETRY_GRPC_ON = 'x-envoy-retry-grpc-on';
const MAX_RETRIES = 'x-envoy-max-retries';
const ASKING = [RETRY_ON, RETRY_GRPC_ON, MAX_RETRIES];

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
