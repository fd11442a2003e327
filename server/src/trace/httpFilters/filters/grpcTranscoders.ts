/** Bridges between gRPC and other HTTP: they may rewrite path and headers and have the route looked up again. */
import { headerValues, removeHeader, setHeader } from '../../facts/httpRequest';
import { onAnswer, type HopResult } from '../../hop';
import { isGrpcContentType } from '../../http/localReply/localReply';
import { announcedLength } from '../../http/codec/announcedBody';
import type { HttpStream, StreamAnswer } from '../../httpStream';
import { freshRoute } from '../../http/routeConfiguration/refreshRoute';
import { recordHeaderChange } from '../../http/recordHeaderChange';
import { say, words } from '../../record/sentence';
import { clearRoute, leaveOpen, pass, tell, type FilterCall } from '../filterCall';
import { hiddenContentType } from '../hiddenContentType';
import { routeConfigOf } from '../perRouteConfig';

/** envoy.filters.http.grpc_json_reverse_transcoder: gRPC becomes JSON over HTTP. */
export function runReverseTranscoder(call: FilterCall): HopResult | undefined {
  const hidden = hiddenContentType(call);
  if (hidden) return hidden;
  if (!isGrpcContentType(call.http.request)) return pass(call, { because: words('the request is not gRPC') });
  return leaveOpen(call, words('the HTTP rule of the method in the proto descriptor, which gives the new path'));
}

/** envoy.filters.http.grpc_http1_reverse_bridge: the upstream gets plain HTTP/1 of another content type (http1_reverse_bridge/filter.cc). */
export function runReverseBridge(call: FilterCall): HopResult | undefined {
  const { http, config, hop } = call;
  const length = announcedLength(http.request);
  // Such a request has passed before anybody asks for its route.
  if (length === 0) return pass(call, { because: words('the request has no body') });
  const lost = freshRoute(hop) ?? hiddenContentType(call);
  if (lost) return lost;
  if (routeConfigOf(http, call.name)?.node.bool('disabled') === true) return pass(call, { because: words('the route turns it off') });
  if (!isGrpcContentType(http.request)) return pass(call, { because: words('the request is not gRPC') });
  const bodies = ['the request has a body', 'the request has no body'].map((value) => ({ value, probability: null }));
  if (length === undefined && hop.choices.choose('fraction', bodies) === 1)
    return pass(call, { because: words('the request has no body') });
  const type = config.string('content_type');
  onAnswer(call.hop, (answer, stream) => bridgeAnswer(stream.http, answer));
  setHeader(http.request, 'content-type', type);
  setHeader(http.request, 'accept', type);
  return clearRoute(call, say`the request becomes plain HTTP of type ${type}`);
}

/** An answer of another type becomes an error of gRPC, and Envoy's own are never of that type; what an upstream sends is not known. */
function bridgeAnswer({ responseHeaders }: HttpStream, answer: StreamAnswer): void {
  for (const name of ['content-type', 'grpc-status', 'grpc-message'])
    recordHeaderChange(responseHeaders, { kind: 'add', name, value: '?', action: 'OVERWRITE_IF_EXISTS_OR_ADD', isUnknown: true });
  if (!answer.isLocal) return;
  answer.code = 200;
  answer.details = 'grpc_bridge_content_type_wrong';
}

/** envoy.filters.http.grpc_http1_bridge (grpc_http1_bridge/http1_bridge_filter.cc): gRPC over HTTP/1, whose query a service would not understand. */
export function runHttp1Bridge(call: FilterCall): HopResult | undefined {
  const { http, config } = call;
  const { request } = http;
  const hidden = hiddenContentType(call);
  if (hidden) return hidden;
  const upgrades =
    config.bool('upgrade_protobuf_to_grpc') === true && headerValues(request, 'content-type')[0] === 'application/x-protobuf';
  if (upgrades) {
    setHeader(request, 'content-type', 'application/grpc');
    removeHeader(request, 'content-length');
  }
  const query = request.path.indexOf('?');
  const dropsQuery =
    config.bool('ignore_query_parameters') === true && request.version === 'http1' && isGrpcContentType(request) && query >= 0;
  if (dropsQuery) request.path = request.path.slice(0, query);
  if (upgrades) return clearRoute(call, words('the request becomes gRPC'));
  if (!dropsQuery) return pass(call, { because: words('it changes answers only') });
  return tell(call, say`filter ${call.name} takes the query away`, { because: words('the request is gRPC over HTTP/1'), at: config });
}
