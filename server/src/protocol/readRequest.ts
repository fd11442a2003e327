/** A trace request that somebody wrote by hand: checked, and with what it may leave out. */
import { findWrongField } from './findWrongField';
import type { TraceRequest } from './trace';

/** The request, or what is wrong with it. Example: `connection.alpn must be a list` */
export function readRequest(value: unknown): TraceRequest | string {
  return findWrongField(value) ?? completeRequest(value as TraceRequest);
}

/** What a request may leave out: version, scheme and headers, also of those in tunnels. An unset field may be written as null. */
function completeRequest<Request extends Pick<TraceRequest, 'http' | 'inner'> & { start?: object; connection?: object }>(
  given: Request,
): Request {
  const request = withoutNulls(given);
  const { http, inner, start, connection } = request;
  const standard = { version: 'http1', scheme: 'http', headers: [] } as const;
  return {
    ...request,
    ...(start && { start: withoutNulls(start) }),
    ...(connection && { connection: withoutNulls(connection) }),
    ...(http && { http: { ...standard, ...withoutNulls(http) } }),
    ...(inner && { inner: completeRequest(inner) }),
  };
}

function withoutNulls<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null)) as Value;
}
