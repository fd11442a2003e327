/** `strict_check_headers`: a bad header of Envoy's own is refused (Envoy: FilterUtility::StrictHeaderChecker of source/common/router/router.cc). */
import { knownHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell } from '../../record/hopRecord';
import { say } from '../../record/sentence';
import type { HttpStream } from '../../httpStream';
import { localReply } from '../localReply/localReply';
import { routerOf } from '../routerOf';

/** Once the cluster is found. */
export function checkStrictHeaders(hop: Hop, http: HttpStream): HopResult | undefined {
  const router = routerOf(http.manager);
  for (const node of router?.list('strict_check_headers') ?? []) {
    const name = (node.asString() ?? '').toLowerCase();
    const values = knownHeader(http.request, name);
    if (values instanceof NotKnown)
      return cannotTell(say`whether the router takes header ${name} (strict_check_headers): ${values.missing}`);
    const [value] = values;
    if (value === undefined || isValid(name, value)) continue;
    addStep(hop, {
      stage: 'route',
      decision: say`the request is refused with 400`,
      because: say`the router checks header ${name} (strict_check_headers), and ${value} is no value of it`,
      at: node,
    });
    if (http.clusterName !== undefined) hop.record.cluster = http.clusterName;
    const body = `invalid header '${name}' with value '${value}'`;
    return localReply(hop, 'bad_request', { code: 400, flags: ['IH'], details: `request_headers_failed_strict_check{${name}}`, body });
  }
  return undefined;
}

const NUMBERS = ['x-envoy-upstream-rq-timeout-ms', 'x-envoy-upstream-rq-per-try-timeout-ms', 'x-envoy-max-retries'];

/** source/common/router/retry_state_impl.cc, parseRetryOn and parseRetryGrpcOn. */
const RETRY_ON = new Set(
  '5xx gateway-error connect-failure envoy-ratelimited retriable-4xx refused-stream retriable-status-codes retriable-headers reset reset-before-request http3-post-connect-failure'.split(
    ' ',
  ),
);
const RETRY_GRPC_ON = new Set(['cancelled', 'deadline-exceeded', 'resource-exhausted', 'unavailable', 'internal']);

function isValid(name: string, value: string): boolean {
  if (NUMBERS.includes(name)) return /^\s*\+?\d+\s*$/.test(value);
  const known = name === 'x-envoy-retry-on' ? RETRY_ON : name === 'x-envoy-retry-grpc-on' ? RETRY_GRPC_ON : undefined;
  return known?.size === undefined || value.split(',').every((token) => token.trim() === '' || known.has(token.trim()));
}
