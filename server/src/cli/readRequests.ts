/** Reads a request file: one TraceRequest or an array of them (JSON). */
import type { TraceRequest } from '../protocol/trace';
import { findWrongField } from '../protocol/findWrongField';
import { UsageError } from './commandLine';

/** Throws UsageError that names the file and what is wrong in it. */
export function readRequests(path: string, text: string): TraceRequest | TraceRequest[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : 'not JSON'}`);
  }
  if (Array.isArray(value)) return value.map((each, index) => checkRequest(each, `${path}: request ${index + 1}`));
  return checkRequest(value, path);
}

/** Throws UsageError. */
function checkRequest(value: unknown, where: string): TraceRequest {
  const wrong = findWrongField(value);
  if (wrong !== undefined) throw new UsageError(`${where}: ${wrong}`);
  return completeRequest(value as TraceRequest);
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
