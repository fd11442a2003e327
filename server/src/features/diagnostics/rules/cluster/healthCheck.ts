/** Health checks that Envoy cannot carry out (source/common/upstream/health_checker_impl.cc, source/extensions/health_checkers). */
import type { ConfigNode } from '../../../../schema/configNode';
import { CLUSTER, HTTP_OPTIONS } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { negotiatesNothing } from './upstreamProtocol';
import { isUnvalidated, typesAbove } from '../../typesAbove';

const HEALTH_CHECK = 'envoy.config.core.v3.HealthCheck';
const WITH_BODY = /^(?:POST|PUT|PATCH|OPTIONS|METHOD_UNSPECIFIED)$/i;

export const healthCheck = refusalRule('health-check', {
  [CLUSTER]: (cluster) => [...names(cluster), ...needsHttp2(cluster), ...needsAlpn(cluster)],
  [`${HEALTH_CHECK}.HttpHealthCheck`]: (check) =>
    isUnvalidated(check)
      ? []
      : [
          payload(check),
          tooLong(check),
          ...check.list('expected_statuses').map((range) => statusRange(range, 'expected')),
          ...check.list('retriable_statuses').map((range) => statusRange(range, 'retriable')),
        ],
  [`${HEALTH_CHECK}.Payload`]: (check) =>
    isOfDatagrams(check) ? [hexText(check, /^(?:[0-9a-fA-F]{2})+$/)] : isUnvalidated(check) ? [] : [hexText(check)],
});

function names(cluster: ConfigNode): (Problem | undefined)[] {
  const checks = cluster.list('health_checks');
  if (checks.length < 2) return [];
  return checks.map((check) =>
    check.string('name') !== '' || check.isIncomplete
      ? undefined
      : errorAt(check, 'Multiple health checks are only supported when each has a "name".'),
  );
}

/** health_checker_impl.cc: the protocol that ALPN finds is that of a byte stream. */
function needsAlpn(cluster: ConfigNode): (Problem | undefined)[] {
  const sockets = [
    cluster.get('transport_socket'),
    ...cluster.list('transport_socket_matches').map((match) => match.get('transport_socket')),
  ];
  return cluster.list('health_checks').map((check) => {
    const http = check.get('http_health_check');
    const alpn = http?.get('use_alpn_protocol');
    if (!http || !alpn?.asBoolean() || cluster.isIncomplete) return undefined;
    if (http.isEnum('codec_client_type', 'HTTP3', 2))
      return errorAt(alpn, '"use_alpn_protocol" cannot be combined with "codec_client_type": HTTP3.');
    return sockets.some(negotiatesNothing)
      ? errorAt(alpn, '"use_alpn_protocol" is set, and the cluster has a transport socket that negotiates no ALPN.')
      : undefined;
  });
}

function needsHttp2(cluster: ConfigNode): Problem[] {
  if (cluster.isIncomplete || cluster.has('http2_protocol_options') || cluster.has('protocol_selection')) return [];
  const options = cluster.map('typed_extension_protocol_options').find(([name]) => name === HTTP_OPTIONS)?.[1];
  const explicit = options?.get('explicit_http_config');
  if (options && !explicit?.has('http_protocol_options')) return [];
  return cluster.list('health_checks').flatMap((check) => {
    const grpc = check.get('grpc_health_check');
    return grpc ? [errorAt(grpc, 'A cluster must support HTTP/2 for gRPC health checking: set "http2_protocol_options".')] : [];
  });
}

function payload(check: ConfigNode): Problem | undefined {
  const send = check.get('send');
  const method = check.enumName('method') || 'GET';
  if (!send || WITH_BODY.test(method) || /^\d+$/.test(method)) return undefined;
  return errorAt(
    send,
    `An HTTP health check cannot specify a request payload with the method ${method}: only POST, PUT, PATCH and OPTIONS have a body.`,
  );
}

const RESPONSE_BUFFER = 1024;

/** health_checker_impl.cc: what is expected must fit in the buffer; 0 stands for no limit. */
function tooLong(check: ConfigNode): Problem | undefined {
  const size = check.number('response_buffer_size') ?? RESPONSE_BUFFER;
  const receive = check.get('receive');
  const total = check
    .list('receive')
    .reduce(
      (sum, each) => sum + (each.get('text') ? each.string('text').length / 2 : (each.string('binary').replace(/=+$/, '').length * 3) >> 2),
      0,
    );
  return receive && size !== 0 && Math.floor(total) > size
    ? errorAt(
        receive,
        `The expected response has ${Math.floor(total)} bytes, more than the response buffer ("response_buffer_size": ${size}).`,
      )
    : undefined;
}

function statusRange(range: ConfigNode, kind: string): Problem | undefined {
  const start = range.number('start') ?? 0;
  const end = range.number('end') ?? 0;
  if (range.isIncomplete) return undefined;
  const wrong =
    start >= end
      ? `start < end, but found start=${start} and end=${end}`
      : start < 100
        ? `start >= 100, but found start=${start}`
        : end > 600
          ? `end <= 600, but found end=${end}`
          : undefined;
  return wrong === undefined ? undefined : errorAt(range, `Invalid http ${kind} status range: expecting ${wrong}.`);
}

/** Its payload is decoded, though nothing else of it is validated (asked of Envoy 1.40). */
function isOfDatagrams(payload: ConfigNode): boolean {
  return (typesAbove(payload)[0] ?? '').startsWith('envoy.extensions.health_checkers.udp.');
}

function hexText(payloadNode: ConfigNode, hex = /^(?:[0-9a-fA-F]{2})*$/): Problem | undefined {
  const text = payloadNode.get('text');
  const value = text?.asString() ?? '';
  return text && !hex.test(value)
    ? errorAt(text, `Invalid hex string "${value.slice(0, 40)}": two hexadecimal digits are one byte.`)
    : undefined;
}
