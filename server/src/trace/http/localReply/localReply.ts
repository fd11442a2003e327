/** Answers that Envoy gives by itself (source/common/http/utility.cc sendLocalReply, source/common/local_reply/local_reply.cc). */
import type { Disposition, HeaderChanges } from '../../../protocol/trace';
import type { HttpRequest } from '../../facts/httpRequest';
import { joinFlags } from '../../format/flagNames';
import { headerValues } from '../../facts/httpRequest';
import type { Hop } from '../../hop';
import { ending, type Ending } from '../../record/hopRecord';
import type { HttpStream } from '../../httpStream';
import { changeResponseHeadersOfRoute } from '../route/changeResponseHeaders';
import { doubtHeader, recordHeaderChange } from '../recordHeaderChange';
import { grpcStatusOf } from './grpcStatus';
import { applyLocalReplyMappers } from './localReplyMappers';
import { settleOwnHeaders, writtenType } from './ownHeaders';
import type { LocalReply } from './replyParts';

/** Ends the hop with an answer of Envoy's own, through `local_reply_config`; a gRPC client gets HTTP 200 and a grpc-status instead. */
export function localReply(hop: Hop, disposition: Disposition, reply: LocalReply): Ending {
  const { http } = hop;
  const { code, details } = reply;
  const flags = joinFlags(http?.flags, reply.flags);
  if (http) http.answer = { isLocal: true, code, details, flags, hasLocation: reply.location !== undefined };
  if (reply.isBare === true) return bareReply(http, disposition, reply);
  if (http) changeHeadersOfReply(hop, http);
  const typeBefore = http && writtenType(http.responseHeaders);
  const mapped = applyLocalReplyMappers(hop, { ...reply, ...(flags && { flags }) });
  const isGrpc = http !== undefined && (http.isGrpc ?? isGrpcRequest(http.request));
  const isEmpty = mapped.body === undefined ? (disposition === 'direct_response' ? undefined : true) : mapped.body === '';
  const isRewritten = (mapped.body ?? '') !== (reply.body ?? '');
  if (http) settleOwnHeaders(http.responseHeaders, { isGrpc, isEmpty, isRewritten, typeBefore });
  const { body, isBodyUnknown = false, grpcStatus, isJson = false, ...rest } = mapped;
  if (http?.answer) http.answer = { ...http.answer, ownCode: mapped.code };
  if (http && isGrpc) {
    if (!hasValue(http.responseHeaders, 'grpc-status'))
      overwriteHeader(http.responseHeaders, 'grpc-status', String(grpcStatus ?? grpcStatusOf(mapped.code)));
    if (mapped.isBodyUnknown === true) {
      overwriteHeader(http.responseHeaders, 'grpc-message', '?');
      doubtHeader(http.responseHeaders, 'grpc-message');
    }
    if (body && http.request.method !== 'HEAD')
      overwriteHeader(http.responseHeaders, 'grpc-message', encodeGrpcMessage(isJson ? body.replace(/\n$/, '') : body));
    return ending(disposition, { ...rest, code: 200 });
  }
  return ending(disposition, { ...rest, ...(body !== undefined && body !== '' && { body }), ...(isBodyUnknown && { unknown: ['body'] }) });
}

/** A status that a route has written stays. */
function hasValue({ set, append }: HeaderChanges, name: string): boolean {
  return [...set, ...append].some(([each, value]) => each === name && value !== '');
}

function overwriteHeader(changes: HeaderChanges, name: string, value: string): void {
  recordHeaderChange(changes, { kind: 'add', name, value, action: 'OVERWRITE_IF_EXISTS_OR_ADD' }, true);
}

/** Headers that a filter writes as they are: no mapper, no gRPC, and the stream's information knows no code. */
function bareReply(http: HttpStream | undefined, disposition: Disposition, { isBare: _, ...reply }: LocalReply): Ending {
  if (http?.answer) http.answer = { ...http.answer, ownCode: 0 };
  return ending(disposition, reply);
}

/** A route that forwards changes every answer of Envoy's own (observed with Envoy 1.40). */
export function changeHeadersOfReply(hop: Hop, http: HttpStream): void {
  if (http.route && !http.route.has('redirect') && !http.route.has('direct_response')) changeResponseHeadersOfRoute(hop, http, true);
}

/** Content type `application/grpc` or `application/grpc+…`, with a path (source/common/grpc/common.cc isGrpcRequestHeaders). */
export function isGrpcRequest(request: HttpRequest): boolean {
  return request.path !== '' && isGrpcContentType(request);
}

/** Envoy: Grpc::Common::hasGrpcContentType (source/common/grpc/common.cc). */
export function isGrpcContentType(request: HttpRequest): boolean {
  const type = headerValues(request, 'content-type')[0] ?? '';
  return type === 'application/grpc' || type.startsWith('application/grpc+');
}

/** Percent-encoded as the gRPC protocol wants it. */
export function encodeGrpcMessage(body: string): string {
  return body.replace(/[^\x20-\x24\x26-\x7e]/g, (character) => encodeURIComponent(character));
}
