/** envoy.filters.http.grpc_web (Envoy: source/extensions/filters/http/grpc_web/grpc_web_filter.cc). */
import { firstUnknownHeader, headerValues, removeHeader, setHeader } from '../../facts/httpRequest';
import { onAnswer, type HopResult } from '../../hop';
import { announcedLength } from '../../http/codec/announcedBody';
import type { HttpStream, StreamAnswer } from '../../httpStream';
import { encodeGrpcMessage } from '../../http/localReply/localReply';
import { grpcStatusOf } from '../../http/localReply/grpcStatus';
import { recordHeaderChange } from '../../http/recordHeaderChange';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, tell, type FilterCall } from '../filterCall';

const TYPES: ReadonlySet<string> = new Set(['', '+proto', '-text', '-text+proto'].map((suffix) => `application/grpc-web${suffix}`));
const TEXT_TYPES: ReadonlySet<string> = new Set(['application/grpc-web-text', 'application/grpc-web-text+proto']);

/** gRPC-Web becomes gRPC, and the answer gRPC-Web; the route stays the same. */
export function runGrpcWeb(call: FilterCall): HopResult | undefined {
  const { http } = call;
  const { request } = http;
  const missing = firstUnknownHeader(request, ['content-type', 'accept']);
  if (missing) return leaveOpen(call, say`whether the request is gRPC-Web: ${missing}`);
  const type = headerValues(request, 'content-type')[0] ?? '';
  if (!TYPES.has(type)) return pass(call, { because: say`the content type ${type} is not gRPC-Web` });
  const wantsText = TEXT_TYPES.has(headerValues(request, 'accept')[0] ?? '');
  onAnswer(call.hop, (answer, stream) => turnAnswer(stream.http, answer, wantsText));
  if (TEXT_TYPES.has(type)) checkText(http);
  removeHeader(request, 'content-length');
  setHeader(request, 'content-type', 'application/grpc');
  setHeader(request, 'te', 'trailers');
  setHeader(request, 'grpc-accept-encoding', 'identity');
  return tell(call, say`filter ${call.name} turns the request into gRPC`, { because: words('it is gRPC-Web') });
}

/** Text is base64 with padding: another length than a multiple of four is none (decodeData). */
function checkText(http: HttpStream): void {
  const length = announcedLength(http.request);
  if (length === undefined || length % 4 === 0) return;
  http.bodyRefusal = {
    disposition: 'bad_request',
    code: 400,
    details: 'grpc_base_64_decode_failed_bad_size',
    body: 'Bad gRPC-web request, invalid base64 data.',
  };
}

/** An answer that is not gRPC gets a status by its code, and its body becomes the message. What an upstream will answer is not known. */
function turnAnswer({ request, responseHeaders }: HttpStream, answer: StreamAnswer, wantsText: boolean): void {
  const write = (name: string, value: string, isUnknown = false): void =>
    recordHeaderChange(responseHeaders, { kind: 'add', name, value, action: 'OVERWRITE_IF_EXISTS_OR_ADD', isUnknown });
  write('content-type', `application/grpc-web${wantsText ? '-text' : ''}+proto`);
  if (!answer.isLocal) {
    write('grpc-status', '?', true);
    write('grpc-message', '?', true);
    return;
  }
  if (answer.body === undefined || answer.body === '' || request.method === 'HEAD') return;
  write('grpc-status', String(grpcStatusOf(answer.code ?? 0)));
  write('grpc-message', encodeGrpcMessage(answer.body));
  answer.body = '';
}
