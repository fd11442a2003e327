/** envoy.filters.http.connect_grpc_bridge: Connect becomes gRPC (Envoy: source/extensions/filters/http/connect_grpc_bridge/filter.cc). */
import { appendHeader, firstUnknownHeader, headerValues, removeHeader, setHeader, type HttpRequest } from '../../facts/httpRequest';
import type { HopResult } from '../../hop';
import { firstQueryValues } from '../../http/routeMatch/queryParameterMatcher';
import { percentDecode } from '../../matcher/inputs/httpInputs';
import { pathWithoutQuery } from '../../matcher/pathMatcher';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, tell, type FilterCall } from '../filterCall';

const STREAMING = 'application/connect+';
const READ = ['content-type', 'connect-protocol-version', 'connect-timeout-ms'];

/** Streams by their content type, single calls by `connect-protocol-version`, calls in the query by `connect=v1`. The route stays the same. */
export function runConnectGrpcBridge(call: FilterCall): HopResult | undefined {
  const { request } = call.http;
  const missing = firstUnknownHeader(request, READ);
  if (missing) return leaveOpen(call, say`whether the request speaks Connect, and how: ${missing}`);
  const type = headerValues(request, 'content-type')[0] ?? '';
  if (type.startsWith(STREAMING)) turnStream(request, type.slice(STREAMING.length));
  else if (headerValues(request, 'connect-protocol-version').length > 0 && type.startsWith('application/'))
    turnCall(request, type.slice('application/'.length));
  else if (percentDecode(firstQueryValues(request.path).get('connect') ?? '') === 'v1') turnQuery(request);
  else return pass(call, { because: words('the request does not speak Connect') });
  return tell(call, say`filter ${call.name} turns the request into gRPC`, { because: words('it speaks the Connect protocol') });
}

function turnStream(request: HttpRequest, codec: string): void {
  beGrpc(request, codec);
  rename(request, 'connect-content-encoding', 'grpc-encoding');
  rename(request, 'connect-accept-encoding', 'grpc-accept-encoding');
}

function turnCall(request: HttpRequest, codec: string): void {
  beGrpc(request, codec);
  rename(request, 'content-encoding', 'grpc-encoding');
  rename(request, 'accept-encoding', 'grpc-accept-encoding');
}

function turnQuery(request: HttpRequest): void {
  const query = firstQueryValues(request.path);
  request.method = 'POST';
  request.path = pathWithoutQuery(request.path);
  beGrpc(request, percentDecode(query.get('encoding') ?? ''));
  appendHeader(request, 'grpc-encoding', percentDecode(query.get('compression') ?? '') || 'identity');
  rename(request, 'accept-encoding', 'grpc-accept-encoding');
}

function beGrpc(request: HttpRequest, codec: string): void {
  setHeader(request, 'content-type', `application/grpc+${codec}`);
  convertTimeout(request);
  removeHeader(request, 'connect-protocol-version');
  setHeader(request, 'te', 'trailers');
  removeHeader(request, 'content-length');
}

const UNITS: readonly (readonly [suffix: string, milliseconds: number])[] = [
  ['m', 1],
  ['S', 1000],
  ['M', 60_000],
  ['H', 3_600_000],
];

/** The finest unit in which eight digits do. */
function convertTimeout(request: HttpRequest): void {
  const given = headerValues(request, 'connect-timeout-ms').at(-1) ?? '';
  if (!/^\d+$/.test(given)) return;
  const unit = UNITS.find(([, size]) => Math.floor(Number(given) / size) <= 99_999_999);
  if (!unit) return;
  appendHeader(request, 'grpc-timeout', `${Math.floor(Number(given) / unit[1])}${unit[0]}`);
  removeHeader(request, 'connect-timeout-ms');
}

function rename(request: HttpRequest, from: string, to: string): void {
  const values = headerValues(request, from);
  for (const value of values) appendHeader(request, to, value);
  removeHeader(request, from);
}
