/** Headers by which a client tells the router about timeouts and retries: they end here (Envoy: FilterUtility::finalTimeout, setTimeoutHeaders; RetryStateImpl::create). */
import type { ConfigNode } from '../../../schema/configNode';
import { firstUnknownHeader, headerValues, markDoubtfulHeader, removeHeader, setHeader, type HttpRequest } from '../../facts/httpRequest';
import { milliseconds, readGrpcTimeout, writeGrpcTimeout } from '../grpcTimeout';
import type { HttpStream } from '../../httpStream';
import { isGrpcRequest } from '../localReply/localReply';
import { routerOf, suppressesEnvoyHeaders } from '../routerOf';
import { routePolicy } from './retryPolicy';

const TIMEOUT = 'x-envoy-upstream-rq-timeout-ms';
const PER_TRY = 'x-envoy-upstream-rq-per-try-timeout-ms';
const EXPECTED = 'x-envoy-expected-rq-timeout-ms';

/** By these the timeout is found; by the others, where gRPC has a limit of its own, whether it holds. */
const TIMING = [TIMEOUT, PER_TRY, EXPECTED, 'x-envoy-hedge-on-per-try-timeout'];
const GRPC_TIMING = ['grpc-timeout', 'content-type'];

/** Before the route changes the headers. The server is told the timeout; one of gRPC in its own header, too, where the route limits it. */
export function takeTimeoutHeaders(http: HttpStream, action: ConfigNode | undefined): void {
  const { request } = http;
  const respectsExpected = routerOf(http.manager)?.bool('respect_expected_rq_timeout') === true;
  const timeout = finalTimeout(http, action, respectsExpected);
  const missing = firstUnknownHeader(request, action?.has('max_grpc_timeout') === true ? [...TIMING, ...GRPC_TIMING] : TIMING);
  const isExpected = respectsExpected && headerValues(request, EXPECTED).length > 0;
  for (const name of [
    'x-envoy-upstream-alt-stat-name',
    PER_TRY,
    'x-envoy-upstream-stream-duration-ms',
    'x-envoy-upstream-rq-timeout-alt-response',
  ])
    removeHeader(request, name);
  if (!isExpected) removeHeader(request, TIMEOUT);
  const expects = !suppressesEnvoyHeaders(http.manager);
  if (timeout > 0 && expects) setHeader(request, EXPECTED, String(timeout));
  if (missing && expects) markDoubtfulHeader(request, EXPECTED, missing);
  const tells = action?.has('max_grpc_timeout') === true && !action.has('max_stream_duration');
  if (timeout > 0 && tells && isGrpcRequest(request)) writeGrpcTimeout(request, timeout);
  if (missing && tells) markDoubtfulHeader(request, 'grpc-timeout', missing);
}

/** After it. */
export function takeRetryHeaders({ request }: HttpStream): void {
  for (const name of RETRY_HEADERS) removeHeader(request, name);
}

const RETRY_HEADERS = [
  'x-envoy-retry-on',
  'x-envoy-retry-grpc-on',
  'x-envoy-max-retries',
  'x-envoy-hedge-on-per-try-timeout',
  'x-envoy-retriable-header-names',
  'x-envoy-retriable-status-codes',
  PER_TRY,
];

const DEFAULT_TIMEOUT = 15_000;

/** Milliseconds that the upstream is given, 0: without end. */
function finalTimeout(http: HttpStream, action: ConfigNode | undefined, respectsExpected: boolean): number {
  const { request } = http;
  const expected = respectsExpected ? headerValues(request, EXPECTED)[0] : undefined;
  const whole = numberOf(expected ?? headerValues(request, TIMEOUT)[0]) ?? configuredTimeout(request, action);
  const configured = milliseconds(routePolicy(http, action, 'retry_policy')?.get('per_try_timeout')) ?? 0;
  const given = numberOf(headerValues(request, PER_TRY)[0]) ?? configured;
  const perTry = given >= whole && whole !== 0 ? 0 : given;
  const hedges = hedgesOnTimeout(http, action);
  return hedges || perTry === 0 ? whole : Math.min(perTry, whole === 0 ? perTry : whole);
}

function hedgesOnTimeout(http: HttpStream, action: ConfigNode | undefined): boolean {
  const asked = headerValues(http.request, 'x-envoy-hedge-on-per-try-timeout')[0];
  if (asked === 'true' || asked === 'false') return asked === 'true';
  return routePolicy(http, action, 'hedge_policy')?.bool('hedge_on_per_try_timeout') === true;
}

function configuredTimeout(request: HttpRequest, action: ConfigNode | undefined): number {
  if (action?.has('max_stream_duration') === true) return 0;
  const most = milliseconds(action?.get('max_grpc_timeout'));
  if (most === undefined || !isGrpcRequest(request)) return milliseconds(action?.get('timeout')) ?? DEFAULT_TIMEOUT;
  const wanted = readGrpcTimeout(request) ?? 0;
  const offset = milliseconds(action?.get('grpc_timeout_offset')) ?? 0;
  const left = offset < wanted ? wanted - offset : wanted;
  return most !== 0 && (left === 0 || left > most) ? most : left;
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\+?\d+\s*$/.test(text) ? Number(text) : undefined;
}
