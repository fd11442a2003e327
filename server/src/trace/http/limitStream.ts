/** How long the stream may last, which gRPC servers are told (Envoy: ActiveStream::refreshDurationTimeout of source/common/http/conn_manager_impl.cc). */
import { removeHeader } from '../facts/httpRequest';
import type { Hop } from '../hop';
import { milliseconds, readGrpcTimeout, writeGrpcTimeout } from './grpcTimeout';
import type { HttpStream } from './httpStream';
import { isGrpcRequest } from './localReply/localReply';

/** By every route that is chosen; only those with `max_stream_duration` change the header. */
export function limitStream(_: Hop, { route, request, manager }: HttpStream): undefined {
  const limits = route?.path('route', 'max_stream_duration');
  if (!limits || !isGrpcRequest(request)) return undefined;
  const wanted = readGrpcTimeout(request);
  const most = milliseconds(limits.get('grpc_timeout_header_max'));
  if (wanted === undefined || most === undefined) {
    const whole = milliseconds(limits.get('max_stream_duration'));
    const timeout = whole ?? milliseconds(manager.path('common_http_protocol_options', 'max_stream_duration'));
    if (timeout === undefined || timeout === 0) removeHeader(request, 'grpc-timeout');
    else writeGrpcTimeout(request, timeout);
    return undefined;
  }
  const capped = most !== 0 && wanted > most ? most : wanted;
  const offset = milliseconds(limits.get('grpc_timeout_header_offset')) ?? 0;
  writeGrpcTimeout(request, capped === 0 ? 0 : Math.max(0, capped - offset));
  return undefined;
}
