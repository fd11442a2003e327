/** envoy.filters.http.grpc_web (Envoy: source/extensions/filters/http/grpc_web/grpc_web_filter.cc). */
import { headerValues, setHeader } from '../../facts/httpRequest';
import { say, words } from '../../record/sentence';
import { pass, tell, type FilterCall } from '../filterCall';

const TYPES: ReadonlySet<string> = new Set(['', '+proto', '-text', '-text+proto'].map((suffix) => `application/grpc-web${suffix}`));

/** gRPC-Web becomes gRPC; the route stays the same. */
export function runGrpcWeb(call: FilterCall): undefined {
  const { request } = call.http;
  const type = headerValues(request, 'content-type')[0] ?? '';
  if (!TYPES.has(type)) return pass(call, { because: say`the content type ${type} is not gRPC-Web` });
  setHeader(request, 'content-type', 'application/grpc');
  setHeader(request, 'te', 'trailers');
  setHeader(request, 'grpc-accept-encoding', 'identity');
  return tell(call, say`filter ${call.name} turns the request into gRPC`, { because: words('it is gRPC-Web') });
}
