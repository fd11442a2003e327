/** The registry of HTTP filters by type. */
import { keepsBack } from '../../schema/keptBack';
import { ANY_HEADER } from '../facts/httpRequest';
import { onAnswer, type HopResult } from '../hop';
import type { StreamAnswer } from '../httpStream';
import { doubtHeader } from '../http/recordHeaderChange';
import { freshRoute } from '../http/routeConfiguration/refreshRoute';
import { say, words } from '../record/sentence';
import { lostRuntimeKey } from '../runtime/lostRuntimeKey';
import { leaveOpen, pass, type FilterCall, type HttpFilter, type InnerFilters } from './filterCall';
import { mayLackRouteConfig, routeConfigsOf } from './perRouteConfig';
import { runA2a, runMcp, runMcpBridge } from './filters/agentProtocols';
import { runCompressor, runDecompressor, varyAnswer } from './filters/compression';
import { runConnectGrpcBridge } from './filters/connectGrpcBridge';
import { runCredentialInjector } from './filters/credentialInjector';
import { replaceAnswer, runCustomResponse } from './filters/customResponse';
import { runFilterChain } from './filters/filterChain';
import { runGeoip } from './filters/geoip';
import { runFileServer } from './filters/fileServer';
import { runKillRequest } from './filters/killRequest';
import { runThriftToMetadata } from './filters/thriftToMetadata';
import { runTransform } from './filters/transform';
import { runOwnComposite } from './filters/composite';
import { runApiKeyAuth } from './filters/apiKeyAuth';
import { runAwsLambda } from './filters/awsLambda';
import { runAwsRequestSigning } from './filters/awsRequestSigning';
import { runBasicAuth } from './filters/basicAuth';
import { runBodySizeLimit, runBuffer } from './filters/buffer';
import { runCache } from './filters/cache';
import { runCdnLoop } from './filters/cdnLoop';
import { runCors } from './filters/cors';
import { runCsrf } from './filters/csrf';
import { runDynamicForwardProxy } from './filters/dynamicForwardProxy';
import { runExtAuthz } from './filters/extAuthz';
import { processAnswer, runExtProc } from './filters/extProc';
import { runFault } from './filters/fault';
import { runHttp1Bridge, runReverseBridge, runReverseTranscoder } from './filters/grpcTranscoders';
import { readGrpcMessages } from './filters/grpcMessages';
import { runGrpcWeb } from './filters/grpcWeb';
import { mutateAnswer, runHeaderMutation } from './filters/headerMutation';
import { readHeadersOfAnswer, runHeaderToMetadata } from './filters/headerToMetadata';
import { runHealthCheck } from './filters/healthCheck';
import { runIpTagging } from './filters/ipTagging';
import { runIstioAlpn } from './filters/istioAlpn';
import { runIstioAuthn } from './filters/istioAuthn';
import { runConnectAuthority } from './filters/istioConnectAuthority';
import { runJsonToMetadata } from './filters/jsonToMetadata';
import { runJwtAuthn } from './filters/jwtAuthn';
import { runLocalRateLimit } from './filters/localRateLimit';
import { runLuaFilter, runLuaOnAnswer } from './filters/lua';
import { joinMatchDelegate, runMatchDelegate } from './filters/matchDelegate';
import { runOauth2 } from './filters/oauth2';
import { runOnDemand } from './filters/onDemand';
import { opaqueFilters } from './filters/opaqueFilters';
import { passingFilters } from './filters/passingFilters';
import { runRateLimitQuota } from './filters/rateLimitQuota';
import { runRateLimit } from './filters/rateLimit';
import { runRbac } from './filters/rbac';
import { runSetFilterState } from './filters/setFilterState';
import { runSetMetadata } from './filters/setMetadata';
import { runStatefulSession } from './filters/statefulSession';
import { runWasm } from './filters/wasm';
import { runJsonTranscoder } from './transcoder/jsonTranscoder';

const HTTP = 'envoy.extensions.filters.http';

const inner: InnerFilters = { run: runFilter, join: joinUnreached };

const WITH_MATCHER = 'envoy.extensions.common.matching.v3.ExtensionWithMatcher';

const filters: ReadonlyMap<string, HttpFilter> = new Map<string, HttpFilter>([
  [`${HTTP}.a2a.v3.A2a`, runA2a],
  [`${HTTP}.api_key_auth.v3.ApiKeyAuth`, runApiKeyAuth],
  [`${HTTP}.aws_lambda.v3.Config`, runAwsLambda],
  [`${HTTP}.aws_request_signing.v3.AwsRequestSigning`, runAwsRequestSigning],
  [`${HTTP}.basic_auth.v3.BasicAuth`, runBasicAuth],
  [`${HTTP}.body_size_limit.v3.BodySizeLimit`, runBodySizeLimit],
  [`${HTTP}.buffer.v3.Buffer`, runBuffer],
  [`${HTTP}.cache.v3.CacheConfig`, runCache],
  [`${HTTP}.cache_v2.v3.CacheV2Config`, runCache],
  [`${HTTP}.cdn_loop.v3.CdnLoopConfig`, runCdnLoop],
  [`${HTTP}.composite.v3.Composite`, (call) => runOwnComposite(call, inner)],
  [`${HTTP}.compressor.v3.Compressor`, runCompressor],
  [`${HTTP}.connect_grpc_bridge.v3.FilterConfig`, runConnectGrpcBridge],
  [`${HTTP}.cors.v3.Cors`, runCors],
  [`${HTTP}.credential_injector.v3.CredentialInjector`, runCredentialInjector],
  [`${HTTP}.csrf.v3.CsrfPolicy`, runCsrf],
  [`${HTTP}.custom_response.v3.CustomResponse`, runCustomResponse],
  [`${HTTP}.decompressor.v3.Decompressor`, runDecompressor],
  [`${HTTP}.dynamic_forward_proxy.v3.FilterConfig`, runDynamicForwardProxy],
  [`${HTTP}.ext_authz.v3.ExtAuthz`, runExtAuthz],
  [`${HTTP}.ext_proc.v3.ExternalProcessor`, runExtProc],
  [`${HTTP}.fault.v3.HTTPFault`, runFault],
  [`${HTTP}.file_server.v3.FileServerConfig`, runFileServer],
  [`${HTTP}.filter_chain.v3.FilterChainConfig`, (call) => runFilterChain(call, inner)],
  [`${HTTP}.geoip.v3.Geoip`, runGeoip],
  [`${HTTP}.grpc_field_extraction.v3.GrpcFieldExtractionConfig`, readGrpcMessages('envoy.filters.http.grpc_field_extraction')],
  [`${HTTP}.grpc_http1_bridge.v3.Config`, runHttp1Bridge],
  [`${HTTP}.grpc_http1_reverse_bridge.v3.FilterConfig`, runReverseBridge],
  [`${HTTP}.grpc_json_reverse_transcoder.v3.GrpcJsonReverseTranscoder`, runReverseTranscoder],
  [`${HTTP}.grpc_json_transcoder.v3.GrpcJsonTranscoder`, runJsonTranscoder],
  [`${HTTP}.grpc_web.v3.GrpcWeb`, runGrpcWeb],
  [`${HTTP}.header_mutation.v3.HeaderMutation`, runHeaderMutation],
  [`${HTTP}.header_to_metadata.v3.Config`, runHeaderToMetadata],
  [`${HTTP}.health_check.v3.HealthCheck`, runHealthCheck],
  [`${HTTP}.ip_tagging.v3.IPTagging`, runIpTagging],
  [`${HTTP}.json_to_metadata.v3.JsonToMetadata`, runJsonToMetadata],
  [`${HTTP}.jwt_authn.v3.JwtAuthentication`, runJwtAuthn],
  [`${HTTP}.kill_request.v3.KillRequest`, runKillRequest],
  [`${HTTP}.local_ratelimit.v3.LocalRateLimit`, runLocalRateLimit],
  [`${HTTP}.lua.v3.Lua`, runLuaFilter],
  [`${HTTP}.mcp.v3.Mcp`, runMcp],
  [`${HTTP}.mcp_json_rest_bridge.v3.McpJsonRestBridge`, runMcpBridge],
  [`${HTTP}.oauth2.v3.OAuth2`, runOauth2],
  [`${HTTP}.on_demand.v3.OnDemand`, runOnDemand],
  [`${HTTP}.proto_message_extraction.v3.ProtoMessageExtractionConfig`, readGrpcMessages('envoy.filters.http.proto_message_extraction')],
  [`${HTTP}.rate_limit_quota.v3.RateLimitQuotaFilterConfig`, runRateLimitQuota],
  [`${HTTP}.ratelimit.v3.RateLimit`, runRateLimit],
  [`${HTTP}.rbac.v3.RBAC`, runRbac],
  [`${HTTP}.set_filter_state.v3.Config`, runSetFilterState],
  [`${HTTP}.set_metadata.v3.Config`, runSetMetadata],
  [`${HTTP}.stateful_session.v3.StatefulSession`, runStatefulSession],
  [`${HTTP}.thrift_to_metadata.v3.ThriftToMetadata`, runThriftToMetadata],
  [`${HTTP}.transform.v3.TransformConfig`, runTransform],
  [`${HTTP}.wasm.v3.Wasm`, runWasm],
  [WITH_MATCHER, (call) => runMatchDelegate(call, inner)],
  ['istio.envoy.config.filter.http.authn.v2alpha1.FilterConfig', runIstioAuthn],
  ['io.istio.http.connect_authority.Config', runConnectAuthority],
  ['istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig', runIstioAlpn],
  ['envoy.config.filter.http.alpn.v2alpha1.FilterConfig', runIstioAlpn],
  ...passingFilters,
  ...opaqueFilters,
]);

/** False for the router, for what stands for another filter, and for what nobody knows. */
export function isNeverTerminal(type: string): boolean {
  return filters.has(type) && !MAY_BE_TERMINAL.has(type);
}

const MAY_BE_TERMINAL: ReadonlySet<string> = new Set([
  WITH_MATCHER,
  `${HTTP}.mcp_router.v3.McpRouter`,
  `${HTTP}.file_server.v3.FileServerConfig`,
  `${HTTP}.filter_chain.v3.FilterChainConfig`,
  `${HTTP}.dynamic_modules.v3.DynamicModuleFilter`,
]);

/** What filters do to the answer, whoever gives it. */
const answerFilters: ReadonlyMap<string, (call: FilterCall, answer: StreamAnswer) => void> = new Map([
  [`${HTTP}.compressor.v3.Compressor`, varyAnswer],
  [`${HTTP}.custom_response.v3.CustomResponse`, replaceAnswer],
  [`${HTTP}.ext_proc.v3.ExternalProcessor`, processAnswer],
  [`${HTTP}.header_mutation.v3.HeaderMutation`, mutateAnswer],
  [`${HTTP}.header_to_metadata.v3.Config`, readHeadersOfAnswer],
  [`${HTTP}.lua.v3.Lua`, runLuaOnAnswer],
]);

/** The answer passes the filter, though an earlier one has given it and the request never comes here. */
export function joinUnreached(call: FilterCall): void {
  if (call.type === WITH_MATCHER) joinMatchDelegate(call, inner);
  else joinAnswer(call);
}

/** The filter takes part when the answer passes; what nobody knows of it may change any header. */
function joinAnswer(call: FilterCall): void {
  const isUnknown = filters.has(call.type) ? answerFilters.has(call.type) && hidesItsSettings(call) : !mayBeDropped(call);
  if (isUnknown) onAnswer(call.hop, (_, { http }) => doubtHeader(http.responseHeaders, ANY_HEADER));
  const change = answerFilters.get(call.type);
  if (change) onAnswer(call.hop, (answer, stream) => change({ ...call, ...stream }, answer));
}

/** They change the request before they ask for its route, or never ask. */
const ASK_LATE: ReadonlySet<string> = new Set([
  `${HTTP}.cdn_loop.v3.CdnLoopConfig`,
  `${HTTP}.credential_injector.v3.CredentialInjector`,
  `${HTTP}.decompressor.v3.Decompressor`,
  `${HTTP}.grpc_http1_reverse_bridge.v3.FilterConfig`,
  `${HTTP}.header_mutation.v3.HeaderMutation`,
  `${HTTP}.health_check.v3.HealthCheck`,
  `${HTTP}.ip_tagging.v3.IPTagging`,
  `${HTTP}.set_metadata.v3.Config`,
]);

/** They decide by plain values, any of which may be the one that is not there. */
const PLAIN: ReadonlySet<string> = new Set([
  `${HTTP}.cdn_loop.v3.CdnLoopConfig`,
  `${HTTP}.compressor.v3.Compressor`,
  `${HTTP}.cors.v3.Cors`,
  `${HTTP}.credential_injector.v3.CredentialInjector`,
  `${HTTP}.csrf.v3.CsrfPolicy`,
  `${HTTP}.fault.v3.HTTPFault`,
  `${HTTP}.grpc_json_transcoder.v3.GrpcJsonTranscoder`,
  `${HTTP}.header_to_metadata.v3.Config`,
  `${HTTP}.ip_tagging.v3.IPTagging`,
  `${HTTP}.json_to_metadata.v3.JsonToMetadata`,
  `${HTTP}.local_ratelimit.v3.LocalRateLimit`,
  `${HTTP}.oauth2.v3.OAuth2`,
  `${HTTP}.set_metadata.v3.Config`,
  `${HTTP}.stateful_session.v3.StatefulSession`,
]);

function hidesItsSettings({ hop, http, name, type, config }: FilterCall): boolean {
  if (alwaysPasses(type)) return false;
  if (mayLackRouteConfig(http, name)) return true;
  const configs = [config, ...routeConfigsOf(http, name).map(({ node }) => node)];
  if (configs.some((each) => lostRuntimeKey(hop, each) !== undefined)) return true;
  return PLAIN.has(type) ? configs.some(keepsBack) : configs.some(({ isIncomplete }) => isIncomplete);
}

/** Whatever is lost, such a filter lets requests pass. */
export function alwaysPasses(type: string): boolean {
  return passing.has(type);
}

const passing: ReadonlySet<string> = new Set(passingFilters.map(([type]) => type));

/** Envoy leaves out a filter that it does not know where it is `is_optional`. */
function mayBeDropped({ filter }: FilterCall): boolean {
  return filter.bool('is_optional') === true;
}

/** Runs a filter by its type. One that nobody knows decides, unless Envoy may drop it (`is_optional`). */
export function runFilter(call: FilterCall): HopResult | undefined {
  joinAnswer(call);
  const lost = ASK_LATE.has(call.type) ? undefined : freshRoute(call.hop);
  if (lost) return lost;
  const known = filters.get(call.type);
  if (known && hidesItsSettings(call)) return leaveOpen(call, words('what the file leaves out, or keeps back, of its configuration'));
  if (known) return known(call);
  if (mayBeDropped(call)) return pass(call, { because: words('it is optional, and Envoy leaves out what it does not know') });
  return leaveOpen(call, say`what a filter of the type ${call.type || call.name} does`);
}
