/** HTTP filters that do not decide where a request goes, each with what it does instead. */
import { words } from '../../record/sentence';
import { pass, type HttpFilter } from '../filterCall';

const HTTP = 'envoy.extensions.filters.http';

const WHAT_THEY_DO: readonly (readonly [type: string, does: string])[] = [
  [`${HTTP}.adaptive_concurrency.v3.AdaptiveConcurrency`, 'it refuses requests only under load (503)'],
  [`${HTTP}.admission_control.v3.AdmissionControl`, 'it refuses requests only when many have failed (503)'],
  [`${HTTP}.alternate_protocols_cache.v3.FilterConfig`, 'it notes which protocols upstreams offer'],
  [`${HTTP}.aws_eventstream_parser.v3.AwsEventstreamParser`, 'it reads answers only'],
  [`${HTTP}.bandwidth_limit.v3.BandwidthLimit`, 'it slows down bodies'],
  [`${HTTP}.bandwidth_share.v3.BandwidthShare`, 'it slows down bodies'],
  [`${HTTP}.dynamo.v3.Dynamo`, 'it counts DynamoDB calls'],
  [`${HTTP}.file_system_buffer.v3.FileSystemBufferFilterConfig`, 'it buffers bodies'],
  [`${HTTP}.gcp_authn.v3.GcpAuthnFilterConfig`, 'it gives the request an identity token for the upstream'],
  [`${HTTP}.grpc_stats.v3.FilterConfig`, 'it counts gRPC calls'],
  [`${HTTP}.gzip.v3.Gzip`, 'it compresses bodies'],
  [`${HTTP}.language.v3alpha.Language`, 'it notes the preferred language for the upstream'],
  [`${HTTP}.original_src.v3.OriginalSrc`, "it keeps the client's address for the upstream connection"],
  [`${HTTP}.proto_api_scrubber.v3.ProtoApiScrubberConfig`, 'it takes fields out of gRPC messages'],
  [`${HTTP}.sse_to_metadata.v3.SseToMetadata`, 'it reads answers only'],
  [`${HTTP}.squash.v3.Squash`, 'it attaches a debugger and lets the request wait for it'],
  [`${HTTP}.sxg.v3alpha.SXG`, 'it signs answers'],
  [`${HTTP}.tap.v3.Tap`, 'it only watches'],
  [`${HTTP}.upstream_codec.v3.UpstreamCodec`, 'it encodes the request for the upstream'],
  ['envoy.config.filter.http.grpc_web.v2.GrpcWeb', 'it turns gRPC-Web into gRPC'],
  ['stats.PluginConfig', 'it is telemetry of Istio'],
  ['istio.stats.PluginConfig', 'it is telemetry of Istio'],
  ['io.istio.http.peer_metadata.Config', 'it notes who the peer is, for telemetry'],
  ['io.istio.http.connect_baggage.Config', 'it notes who the peer is, for telemetry'],
];

export const passingFilters: readonly (readonly [string, HttpFilter])[] = WHAT_THEY_DO.map(([type, does]) => {
  const because = words(does);
  return [type, (call) => pass(call, { because })];
});
