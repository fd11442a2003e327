/** How long the stream may last, which gRPC servers are told (Envoy: ActiveStream::refreshDurationTimeout of source/common/http/conn_manager_impl.cc). */
import type { ConfigNode } from '../../schema/configNode';
import { removeHeader } from '../facts/httpRequest';
import type { Hop } from '../hop';
import { milliseconds, readGrpcTimeout, writeGrpcTimeout } from './grpcTimeout';
import type { HttpStream } from '../httpStream';
import { isGrpcRequest } from './localReply/localReply';

/** By every route that is chosen; only those with `max_stream_duration` change the header. */
export function limitStream(_: Hop, http: HttpStream): undefined {
  const { route, request } = http;
  const limits = route?.path('route', 'max_stream_duration');
  if (!limits) return undefined;
  const timeout = streamTimeout(limits, http);
  if (timeout !== undefined) http.isLimited = true;
  if (!isGrpcRequest(request)) return undefined;
  if (timeout !== undefined) writeGrpcTimeout(request, timeout);
  // Only a timer that runs is stopped, and the header taken away with it.
  else if (http.isLimited === true || managerTimeout(http) !== undefined) removeHeader(request, 'grpc-timeout');
  return undefined;
}

/** Milliseconds; undefined: without end. */
function streamTimeout(limits: ConfigNode, http: HttpStream): number | undefined {
  const wanted = readGrpcTimeout(http.request);
  const most = milliseconds(limits.get('grpc_timeout_header_max'));
  if (wanted === undefined || most === undefined) {
    const whole = milliseconds(limits.get('max_stream_duration'));
    return whole === undefined ? managerTimeout(http) : whole || undefined;
  }
  const capped = most !== 0 && wanted > most ? most : wanted;
  const offset = milliseconds(limits.get('grpc_timeout_header_offset')) ?? 0;
  return capped === 0 ? 0 : Math.max(0, capped - offset);
}

function managerTimeout({ manager }: HttpStream): number | undefined {
  return milliseconds(manager.path('common_http_protocol_options', 'max_stream_duration')) || undefined;
}
