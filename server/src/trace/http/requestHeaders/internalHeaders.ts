/** What only internal clients may say (Envoy: ConnectionManagerUtility::mutateRequestHeaders, cleanInternalHeaders). */
import { headerValues, markDoubtfulHeader, removeHeader, setHeader } from '../../facts/httpRequest';
import { addStep, type Hop } from '../../hop';
import { say, words } from '../../record/sentence';
import type { HttpStream } from '../../httpStream';
import { findRouteConfiguration } from '../routeConfiguration/chooseRouteConfiguration';
import { usesRemoteAddress, type RemoteAddress } from './remoteAddress';

/** Headers that only an internal client may send. */
const INTERNAL_HEADERS = [
  'x-envoy-retriable-status-codes',
  'x-envoy-retriable-header-names',
  'x-envoy-retry-on',
  'x-envoy-retry-grpc-on',
  'x-envoy-max-retries',
  'x-envoy-upstream-alt-stat-name',
  'x-envoy-upstream-rq-timeout-ms',
  'x-envoy-upstream-rq-per-try-timeout-ms',
  'x-envoy-upstream-rq-timeout-alt-response',
  'x-envoy-expected-rq-timeout-ms',
  'x-envoy-force-trace',
  'x-envoy-ip-tags',
  'x-envoy-original-url',
  'x-envoy-hedge-on-per-try-timeout',
];
/** The same at the edge, where the socket tells who the client is. */
const EDGE_HEADERS = [
  'x-envoy-decorator-operation',
  'x-envoy-downstream-service-cluster',
  'x-envoy-downstream-service-node',
  'x-envoy-original-path',
  'x-envoy-original-host',
];

/** Theirs all; most requests have none. */
const PREFIX = 'x-envoy-';

/** `x-envoy-internal` for an internal client; of others the headers that are not theirs to send are removed, `internal_only_headers` among them. */
export function noteWhetherInternal(hop: Hop, http: HttpStream, { isInternal, mayBeInternal }: RemoteAddress): void {
  const { request } = http;
  http.internal = isInternal;
  if (isInternal) {
    setHeader(request, 'x-envoy-internal', 'true');
    return;
  }
  const { choice } = findRouteConfiguration(hop, http);
  const own = choice.kind === 'found' ? choice.node.list('internal_only_headers').map((name) => name.asString() ?? '') : [];
  const isAsked = request.headers.some(([name]) => name.startsWith(PREFIX));
  const unwanted = isAsked ? [usesRemoteAddress(http) ? EDGE_HEADERS : [], INTERNAL_HEADERS, own] : [own];
  const removed = unwanted.flatMap((names) => names.filter((name) => headerValues(request, name).length > 0));
  if (mayBeInternal) return ['x-envoy-internal', ...removed].forEach((name) => markDoubtfulHeader(request, name, mayBeInternal));
  if (removed.length === 0) return;
  removed.forEach((name) => removeHeader(request, name));
  addStep(hop, {
    stage: 'http_connection',
    decision: say`headers ${removed} are removed`,
    because: words('the client is not internal'),
    at: http.manager,
  });
}
