/** Of the registered extensions those that work on HTTP requests (see registeredExtensions.ts). */

export const HTTP_EXTENSIONS: Readonly<Record<string, string>> = {
  'filters.http': `
    common.matching.v3.ExtensionWithMatcher common.matching.v3.ExtensionWithMatcherPerRoute filters.http.a2a.v3.A2a
    filters.http.adaptive_concurrency.v3.AdaptiveConcurrency filters.http.admission_control.v3.AdmissionControl
    filters.http.ai_protocol_manager.v3.AiProtocolManager filters.http.ai_protocol_manager.v3.AiProtocolManagerPerRoute
    filters.http.alternate_protocols_cache.v3.FilterConfig filters.http.api_key_auth.v3.ApiKeyAuth
    filters.http.api_key_auth.v3.ApiKeyAuthPerRoute filters.http.aws_eventstream_parser.v3.AwsEventstreamParser
    filters.http.aws_lambda.v3.Config filters.http.aws_lambda.v3.PerRouteConfig filters.http.aws_request_signing.v3.AwsRequestSigning
    filters.http.aws_request_signing.v3.AwsRequestSigningPerRoute filters.http.bandwidth_limit.v3.BandwidthLimit
    filters.http.bandwidth_share.v3.BandwidthShare filters.http.basic_auth.v3.BasicAuth filters.http.basic_auth.v3.BasicAuthPerRoute
    filters.http.body_size_limit.v3.BodySizeLimit filters.http.buffer.v3.Buffer filters.http.buffer.v3.BufferPerRoute
    filters.http.cache.v3.CacheConfig filters.http.cache_v2.v3.CacheV2Config filters.http.cdn_loop.v3.CdnLoopConfig
    filters.http.composite.v3.Composite filters.http.composite.v3.CompositePerRoute filters.http.compressor.v3.Compressor
    filters.http.compressor.v3.CompressorPerRoute filters.http.connect_grpc_bridge.v3.FilterConfig filters.http.cors.v3.Cors
    filters.http.cors.v3.CorsPolicy filters.http.credential_injector.v3.CredentialInjector filters.http.csrf.v3.CsrfPolicy
    filters.http.custom_response.v3.CustomResponse filters.http.decompressor.v3.Decompressor
    filters.http.dynamic_forward_proxy.v3.FilterConfig filters.http.dynamic_forward_proxy.v3.PerRouteConfig
    filters.http.dynamic_modules.v3.DynamicModuleFilter filters.http.dynamic_modules.v3.DynamicModuleFilterPerRoute
    filters.http.ext_authz.v3.ExtAuthz filters.http.ext_authz.v3.ExtAuthzPerRoute filters.http.ext_proc.v3.ExtProcPerRoute
    filters.http.ext_proc.v3.ExternalProcessor filters.http.fault.v3.HTTPFault filters.http.file_server.v3.FileServerConfig
    filters.http.file_system_buffer.v3.FileSystemBufferFilterConfig filters.http.filter_chain.v3.FilterChainConfig
    filters.http.filter_chain.v3.FilterChainConfigPerRoute filters.http.gcp_authn.v3.GcpAuthnFilterConfig filters.http.geoip.v3.Geoip
    filters.http.grpc_field_extraction.v3.GrpcFieldExtractionConfig filters.http.grpc_http1_bridge.v3.Config
    filters.http.grpc_http1_reverse_bridge.v3.FilterConfig filters.http.grpc_http1_reverse_bridge.v3.FilterConfigPerRoute
    filters.http.grpc_json_reverse_transcoder.v3.GrpcJsonReverseTranscoder filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder
    filters.http.grpc_stats.v3.FilterConfig filters.http.grpc_web.v3.GrpcWeb filters.http.header_mutation.v3.HeaderMutation
    filters.http.header_mutation.v3.HeaderMutationPerRoute filters.http.header_to_metadata.v3.Config
    filters.http.health_check.v3.HealthCheck filters.http.ip_tagging.v3.IPTagging filters.http.json_to_metadata.v3.JsonToMetadata
    filters.http.jwt_authn.v3.JwtAuthentication filters.http.jwt_authn.v3.PerRouteConfig filters.http.local_ratelimit.v3.LocalRateLimit
    filters.http.lua.v3.Lua filters.http.lua.v3.LuaPerRoute filters.http.mcp.v3.Mcp filters.http.mcp.v3.McpOverride
    filters.http.mcp_json_rest_bridge.v3.McpJsonRestBridge filters.http.mcp_json_rest_bridge.v3.McpJsonRestBridgePerRoute
    filters.http.mcp_router.v3.McpRouter filters.http.oauth2.v3.OAuth2 filters.http.oauth2.v3.OAuth2PerRoute
    filters.http.on_demand.v3.OnDemand filters.http.on_demand.v3.PerRouteConfig filters.http.original_src.v3.OriginalSrc
    filters.http.proto_api_scrubber.v3.ProtoApiScrubberConfig filters.http.proto_message_extraction.v3.ProtoMessageExtractionConfig
    filters.http.rate_limit_quota.v3.RateLimitQuotaFilterConfig filters.http.rate_limit_quota.v3.RateLimitQuotaOverride
    filters.http.ratelimit.v3.RateLimit filters.http.ratelimit.v3.RateLimitPerRoute filters.http.rbac.v3.RBAC
    filters.http.rbac.v3.RBACPerRoute filters.http.router.v3.Router filters.http.set_filter_state.v3.Config
    filters.http.set_metadata.v3.Config filters.http.sse_to_metadata.v3.SseToMetadata filters.http.stateful_session.v3.StatefulSession
    filters.http.stateful_session.v3.StatefulSessionPerRoute filters.http.tap.v3.Tap filters.http.thrift_to_metadata.v3.ThriftToMetadata
    filters.http.transform.v3.TransformConfig filters.http.wasm.v3.Wasm`,
  'filters.http.upstream': `
    common.matching.v3.ExtensionWithMatcher common.matching.v3.ExtensionWithMatcherPerRoute
    filters.http.admission_control.v3.AdmissionControl filters.http.ai_protocol_manager.v3.AiProtocolManager
    filters.http.ai_protocol_manager.v3.AiProtocolManagerPerRoute filters.http.aws_lambda.v3.Config
    filters.http.aws_lambda.v3.PerRouteConfig filters.http.aws_request_signing.v3.AwsRequestSigning
    filters.http.aws_request_signing.v3.AwsRequestSigningPerRoute filters.http.body_size_limit.v3.BodySizeLimit
    filters.http.buffer.v3.Buffer filters.http.buffer.v3.BufferPerRoute filters.http.composite.v3.Composite
    filters.http.composite.v3.CompositePerRoute filters.http.compressor.v3.Compressor filters.http.compressor.v3.CompressorPerRoute
    filters.http.credential_injector.v3.CredentialInjector filters.http.dynamic_modules.v3.DynamicModuleFilter
    filters.http.dynamic_modules.v3.DynamicModuleFilterPerRoute filters.http.ext_proc.v3.ExtProcPerRoute
    filters.http.ext_proc.v3.ExternalProcessor filters.http.header_mutation.v3.HeaderMutation
    filters.http.header_mutation.v3.HeaderMutationPerRoute filters.http.lua.v3.Lua filters.http.lua.v3.LuaPerRoute
    filters.http.rbac.v3.RBAC filters.http.upstream_codec.v3.UpstreamCodec filters.http.wasm.v3.Wasm filters.http.upstream_codec.v3.UpstreamCodec`,
  'http.ai_filters': `
    http.ai_filters.request_info.v3.RequestInfo http.ai_filters.schema_validation.v3.SchemaValidation
    http.ai_filters.transcoder.v3.Transcoder`,
  'http.cache': `
    http.cache.file_system_http_cache.v3.FileSystemHttpCacheConfig http.cache.simple_http_cache.v3.SimpleHttpCacheConfig`,
  'http.cache_v2': `
    http.cache_v2.file_system_http_cache.v3.FileSystemHttpCacheV2Config http.cache_v2.simple_http_cache.v3.SimpleHttpCacheV2Config`,
  'http.custom_response': `
    http.custom_response.local_response_policy.v3.LocalResponsePolicy http.custom_response.redirect_policy.v3.RedirectPolicy`,
  'http.early_header_mutation': `
    http.early_header_mutation.dynamic_modules.v3.DynamicModuleEarlyHeaderMutation
    http.early_header_mutation.header_mutation.v3.HeaderMutation`,
  'http.ext_proc.processing_request_modifiers': `
    http.ext_proc.processing_request_modifiers.mapped_attribute_builder.v3.MappedAttributeBuilder`,
  'http.ext_proc.response_processors': `
    http.ext_proc.response_processors.save_processing_response.v3.SaveProcessingResponse`,
  'http.header_validators': `
    http.header_validators.envoy_default.v3.HeaderValidatorConfig`,
  'http.injected_credentials': `
    http.injected_credentials.generic.v3.Generic http.injected_credentials.oauth2.v3.OAuth2`,
  'http.original_ip_detection': `
    http.original_ip_detection.custom_header.v3.CustomHeaderConfig http.original_ip_detection.xff.v3.XffConfig`,
  'http.stateful_header_formatters': `
    http.header_formatters.dynamic_modules.v3.DynamicModuleHeaderFormatter
    http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig`,
  'http.stateful_session': `
    http.stateful_session.cookie.v3.CookieBasedSessionState http.stateful_session.envelope.v3.EnvelopeSessionState
    http.stateful_session.header.v3.HeaderBasedSessionState`,
  internal_redirect_predicates: `
    internal_redirect.allow_listed_routes.v3.AllowListedRoutesConfig internal_redirect.filter_state.v3.FilterStateConfig
    internal_redirect.previous_routes.v3.PreviousRoutesConfig internal_redirect.safe_cross_scheme.v3.SafeCrossSchemeConfig`,
  'path.match': `
    path.match.uri_template.v3.UriTemplateMatchConfig`,
  'path.rewrite': `
    path.rewrite.uri_template.v3.UriTemplateRewriteConfig`,
  rate_limit_descriptors: `
    rate_limit_descriptors.expr.v3.Descriptor rate_limit_descriptors.jwt_claim.v3.Descriptor`,
  request_id: `
    request_id.uuid.v3.UuidRequestIdConfig`,
  retry_host_predicates: `
    retry.host.omit_canary_hosts.v3.OmitCanaryHostsPredicate retry.host.omit_host_metadata.v3.OmitHostMetadataConfig
    retry.host.previous_hosts.v3.PreviousHostsPredicate`,
  retry_priorities: `
    retry.priority.previous_priorities.v3.PreviousPrioritiesConfig`,
  'route.early_data_policy': `
    early_data.v3.DefaultEarlyDataPolicy`,
  'router.route_specifiers': `
    router.route_specifiers.dynamic_modules.v3.DynamicModuleRouteSpecifier`,
  'router.cluster_specifier_plugin': `
    router.cluster_specifiers.dynamic_modules.v3.DynamicModuleClusterSpecifier router.cluster_specifiers.lua.v3.LuaConfig
    router.cluster_specifiers.matcher.v3.MatcherClusterSpecifier
    router.cluster_specifiers.priority_group.v3.PriorityGroupClusterSpecifier`,
};
