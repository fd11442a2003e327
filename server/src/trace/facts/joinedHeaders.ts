/** Request headers of which Envoy keeps one line, its values joined by commas (envoy/http/header_map.h INLINE_REQ_HEADERS, and what extensions register). */
const JOINED: ReadonlySet<string> = new Set(
  (
    'x-client-trace-id x-envoy-downstream-service-cluster x-envoy-downstream-service-node x-envoy-external-address x-envoy-force-trace ' +
    'x-envoy-hedge-on-per-try-timeout x-envoy-internal x-envoy-ip-tags x-envoy-retry-on x-envoy-retry-grpc-on x-envoy-retriable-status-codes ' +
    'x-envoy-retriable-header-names x-envoy-is-timeout-retry x-envoy-original-path x-envoy-original-host x-envoy-original-url ' +
    'x-envoy-upstream-alt-stat-name x-envoy-upstream-rq-timeout-alt-response expect x-forwarded-client-cert x-forwarded-for x-forwarded-host ' +
    'x-forwarded-proto grpc-timeout te user-agent x-envoy-expected-rq-timeout-ms x-envoy-max-retries x-envoy-upstream-rq-timeout-ms ' +
    'x-envoy-upstream-rq-per-try-timeout-ms x-envoy-upstream-stream-duration-ms x-forwarded-port connection content-type ' +
    'x-envoy-decorator-operation keep-alive proxy-connection proxy-status x-request-id transfer-encoding upgrade via content-length ' +
    'x-envoy-attempt-count accept accept-encoding access-control-request-headers access-control-request-method authentication authorization ' +
    'cache-control cdn-loop content-encoding grpc-accept-encoding origin referer'
  ).split(' '),
);

/** `name` is in lower case. */
export function isJoinedHeader(name: string): boolean {
  return JOINED.has(name);
}

/** The same of an answer (INLINE_RESP_HEADERS, INLINE_REQ_RESP_HEADERS). */
const JOINED_IN_RESPONSE: ReadonlySet<string> = new Set(
  (
    'date x-envoy-degraded x-envoy-immediate-health-check-fail x-envoy-ratelimited x-envoy-upstream-canary ' +
    'x-envoy-upstream-healthchecked-cluster location server x-envoy-upstream-service-time connection content-type x-envoy-decorator-operation ' +
    'keep-alive proxy-connection proxy-status x-request-id transfer-encoding upgrade via content-length x-envoy-attempt-count grpc-message ' +
    'grpc-status'
  ).split(' '),
);

/** `name` is in lower case. */
export function isJoinedInResponse(name: string): boolean {
  return JOINED_IN_RESPONSE.has(name);
}

/** Puts the lines of such a header together, at the place of the first. */
export function joinHeaderLines(headers: [string, string][], isJoined = isJoinedHeader): [string, string][] {
  const firsts = new Map<string, [string, string]>();
  const lines: [string, string][] = [];
  for (const [name, value] of headers) {
    const first = firsts.get(name);
    if (first) {
      if (value !== '') first[1] = first[1] === '' ? value : `${first[1]},${value}`;
      continue;
    }
    const line: [string, string] = [name, value];
    lines.push(line);
    if (isJoined(name)) firsts.set(name, line);
  }
  return lines;
}
