/** The extensions of the standard Envoy 1.40 by category, as it tells itself (`node.extensions` of its dump); names without `envoy.` or `xds.` begin with `envoy.extensions.`. */

export const REGISTERED_EXTENSIONS: Readonly<Record<string, string>> = {
  access_loggers: `
    access_loggers.dynamic_modules.v3.DynamicModuleAccessLog access_loggers.file.v3.FileAccessLog
    access_loggers.fluentd.v3.FluentdAccessLogConfig access_loggers.grpc.v3.HttpGrpcAccessLogConfig
    access_loggers.grpc.v3.TcpGrpcAccessLogConfig access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig
    access_loggers.stats.v3.Config access_loggers.stream.v3.StderrAccessLog access_loggers.stream.v3.StdoutAccessLog
    access_loggers.wasm.v3.WasmAccessLog`,
  'access_loggers.extension_filters': `
    access_loggers.filters.cel.v3.ExpressionFilter access_loggers.filters.process_ratelimit.v3.ProcessRateLimitFilter`,
  bootstrap: `
    bootstrap.dynamic_modules.v3.DynamicModuleBootstrapExtension bootstrap.internal_listener.v3.InternalListener
    bootstrap.reverse_tunnel.downstream_socket_interface.v3.DownstreamReverseConnectionSocketInterface
    bootstrap.reverse_tunnel.upstream_socket_interface.v3.UpstreamReverseConnectionSocketInterface
    network.socket_interface.sockmap.v3.Sockmap network.socket_interface.v3.DefaultSocketInterface wasm.v3.WasmService`,
  clusters: `
    clusters.aggregate.v3.ClusterConfig clusters.composite.v3.ClusterConfig clusters.dns.v3.DnsCluster
    clusters.dynamic_forward_proxy.v3.ClusterConfig clusters.dynamic_modules.v3.ClusterConfig clusters.mcp_multicluster.v3.ClusterConfig
    clusters.original_dst.v3.OriginalDstCluster clusters.redis.v3.RedisClusterConfig
    clusters.reverse_connection.v3.ReverseConnectionClusterConfig`,
  'common.key_value': `
    key_value.file_based.v3.FileBasedKeyValueStoreConfig`,
  'compression.compressor': `
    compression.brotli.compressor.v3.Brotli compression.gzip.compressor.v3.Gzip compression.zstd.compressor.v3.Zstd`,
  'compression.decompressor': `
    compression.brotli.decompressor.v3.Brotli compression.gzip.decompressor.v3.Gzip compression.zstd.decompressor.v3.Zstd`,
  'config.validators': `
    config.validators.dynamic_modules.v3.DynamicModuleConfigValidator config.validators.minimum_clusters.v3.MinimumClustersValidator`,
  'dubbo_proxy.filters': `
    filters.network.dubbo_proxy.router.v3.Router`,
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
  'filters.listener': `
    filters.listener.dynamic_modules.v3.DynamicModuleListenerFilter filters.listener.http_inspector.v3.HttpInspector
    filters.listener.local_ratelimit.v3.LocalRateLimit filters.listener.original_dst.v3.OriginalDst
    filters.listener.original_src.v3.OriginalSrc filters.listener.proxy_protocol.v3.ProxyProtocol
    filters.listener.set_filter_state.v3.Config filters.listener.tls_inspector.v3.TlsInspector`,
  'filters.network': `
    filters.network.connection_limit.v3.ConnectionLimit filters.network.direct_response.v3.Config
    filters.network.dubbo_proxy.v3.DubboProxy filters.network.dynamic_modules.v3.DynamicModuleNetworkFilter filters.network.echo.v3.Echo
    filters.network.ext_authz.v3.ExtAuthz filters.network.ext_proc.v3.NetworkExternalProcessor
    filters.network.generic_proxy.v3.GenericProxy filters.network.geoip.v3.Geoip
    filters.network.http_connection_manager.v3.HttpConnectionManager filters.network.local_ratelimit.v3.LocalRateLimit
    filters.network.mongo_proxy.v3.MongoProxy filters.network.ratelimit.v3.RateLimit filters.network.rbac.v3.RBAC
    filters.network.redis_proxy.v3.RedisProxy filters.network.reverse_tunnel.v3.DrainAwareHttpConnectionManager
    filters.network.reverse_tunnel.v3.ReverseTunnel filters.network.set_filter_state.v3.Config filters.network.sni_cluster.v3.SniCluster
    filters.network.sni_dynamic_forward_proxy.v3.FilterConfig filters.network.tcp_bandwidth_limit.v3.TcpBandwidthLimit
    filters.network.tcp_proxy.v3.TcpProxy filters.network.thrift_proxy.v3.ThriftProxy filters.network.wasm.v3.Wasm
    filters.network.zookeeper_proxy.v3.ZooKeeperProxy`,
  'filters.udp.session': `
    filters.udp.udp_proxy.session.dynamic_forward_proxy.v3.FilterConfig filters.udp.udp_proxy.session.ext_authz.v3.FilterConfig
    filters.udp.udp_proxy.session.http_capsule.v3.FilterConfig`,
  'filters.udp_listener': `
    filters.udp.dns_filter.v3.DnsFilterConfig filters.udp.dynamic_modules.v3.DynamicModuleUdpListenerFilter
    filters.udp.udp_proxy.v3.UdpProxyConfig`,
  formatter: `
    formatter.cel.v3.Cel formatter.dynamic_modules.v3.DynamicModuleFormatter formatter.file_content.v3.FileContent
    formatter.generic_secret.v3.GenericSecret formatter.metadata.v3.Metadata formatter.req_without_query.v3.ReqWithoutQuery`,
  'generic_proxy.codecs': `
    filters.network.generic_proxy.codecs.dubbo.v3.DubboCodecConfig filters.network.generic_proxy.codecs.http1.v3.Http1CodecConfig`,
  'generic_proxy.filters': `
    filters.network.generic_proxy.router.v3.Router`,
  geoip_providers: `
    geoip_providers.maxmind.v3.MaxMindConfig`,
  guarddog_actions: `
    watchdog.backtrace_action.v3.BacktraceActionConfig watchdog.profile_action.v3.ProfileActionConfig
    envoy.watchdog.v3.AbortActionConfig`,
  'health_check.event_sinks': `
    health_check.event_sinks.file.v3.HealthCheckEventFileSink`,
  health_checkers: `
    envoy.config.core.v3.HealthCheck.GrpcHealthCheck envoy.config.core.v3.HealthCheck.HttpHealthCheck
    envoy.config.core.v3.HealthCheck.TcpHealthCheck health_checkers.dynamic_modules.v3.DynamicModuleHealthCheck
    health_checkers.redis.v3.Redis health_checkers.thrift.v3.Thrift health_checkers.udp.v3.UdpHealthCheck`,
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
  load_balancing_policies: `
    load_balancing_policies.client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin
    load_balancing_policies.cluster_provided.v3.ClusterProvided
    load_balancing_policies.dynamic_modules.v3.DynamicModulesLoadBalancerConfig load_balancing_policies.least_request.v3.LeastRequest
    load_balancing_policies.load_aware_locality.v3.LoadAwareLocality load_balancing_policies.maglev.v3.Maglev
    load_balancing_policies.override_host.v3.OverrideHost load_balancing_policies.random.v3.Random
    load_balancing_policies.ring_hash.v3.RingHash load_balancing_policies.round_robin.v3.RoundRobin
    load_balancing_policies.subset.v3.Subset load_balancing_policies.wrr_locality.v3.WrrLocality`,
  'matching.action': `
    envoy.config.core.v3.SubstitutionFormatString matching.common_inputs.transport_socket.v3.TransportSocketNameAction`,
  'matching.common_inputs': `
    matching.common_inputs.environment_variable.v3.Config`,
  'matching.generic_proxy_request_input.input': `
    filters.network.generic_proxy.matcher.v3.HostMatchInput filters.network.generic_proxy.matcher.v3.MethodMatchInput
    filters.network.generic_proxy.matcher.v3.PathMatchInput filters.network.generic_proxy.matcher.v3.PropertyMatchInput
    filters.network.generic_proxy.matcher.v3.RequestMatchInput filters.network.generic_proxy.matcher.v3.ServiceMatchInput`,
  'matching.http.custom_matchers': `
    xds.type.matcher.v3.IPMatcher xds.type.matcher.v3.ServerNameMatcher`,
  'matching.http.input': `
    matching.common_inputs.network.v3.DestinationIPInput matching.common_inputs.network.v3.DestinationPortInput
    matching.common_inputs.network.v3.DirectSourceIPInput matching.common_inputs.network.v3.DynamicMetadataInput
    matching.common_inputs.network.v3.FilterStateInput matching.common_inputs.network.v3.NetworkNamespaceInput
    matching.common_inputs.network.v3.ServerNameInput matching.common_inputs.network.v3.SourceIPInput
    matching.common_inputs.network.v3.SourcePortInput matching.common_inputs.network.v3.SourceTypeInput
    matching.common_inputs.ssl.v3.DnsSanInput matching.common_inputs.ssl.v3.SubjectInput matching.common_inputs.ssl.v3.UriSanInput
    matching.http.dynamic_modules.v3.DynamicModuleDataInput matching.http.dynamic_modules.v3.HttpDynamicModuleMatchInput
    envoy.type.matcher.v3.HttpRequestHeaderMatchInput envoy.type.matcher.v3.HttpRequestQueryParamMatchInput
    envoy.type.matcher.v3.HttpRequestTrailerMatchInput envoy.type.matcher.v3.HttpResponseHeaderMatchInput
    envoy.type.matcher.v3.HttpResponseLocalReplyMatchInput envoy.type.matcher.v3.HttpResponseStatusCodeClassMatchInput
    envoy.type.matcher.v3.HttpResponseStatusCodeMatchInput envoy.type.matcher.v3.HttpResponseTrailerMatchInput
    xds.type.matcher.v3.HttpAttributesCelMatchInput`,
  'matching.input_matchers': `
    filters.network.generic_proxy.matcher.v3.RequestMatcher matching.input_matchers.consistent_hashing.v3.ConsistentHashing
    matching.input_matchers.dynamic_modules.v3.DynamicModuleMatcher matching.input_matchers.ip.v3.Ip
    matching.input_matchers.metadata.v3.Metadata matching.input_matchers.runtime_fraction.v3.RuntimeFraction
    xds.type.matcher.v3.CelMatcher`,
  'matching.network.custom_matchers': `
    xds.type.matcher.v3.IPMatcher xds.type.matcher.v3.ServerNameMatcher`,
  'matching.network.input': `
    matching.common_inputs.network.v3.ApplicationProtocolInput matching.common_inputs.network.v3.DestinationIPInput
    matching.common_inputs.network.v3.DestinationPortInput matching.common_inputs.network.v3.DirectSourceIPInput
    matching.common_inputs.network.v3.FilterStateInput matching.common_inputs.network.v3.NetworkNamespaceInput
    matching.common_inputs.network.v3.ServerNameInput matching.common_inputs.network.v3.SourceIPInput
    matching.common_inputs.network.v3.SourcePortInput matching.common_inputs.network.v3.SourceTypeInput
    matching.common_inputs.network.v3.TransportProtocolInput matching.common_inputs.ssl.v3.DnsSanInput
    matching.common_inputs.ssl.v3.SubjectInput matching.common_inputs.ssl.v3.UriSanInput`,
  'matching.stat_matching_data.input': `
    matching.common_inputs.stats.v3.StatFullNameMatchInput`,
  'matching.stat_tag_matching_data.input': `
    matching.common_inputs.stats.v3.StatTagValueInput`,
  'matching.transport_socket.input': `
    matching.common_inputs.transport_socket.v3.EndpointMetadataInput matching.common_inputs.transport_socket.v3.FilterStateInput
    matching.common_inputs.transport_socket.v3.LocalityMetadataInput`,
  'network.dns_resolver': `
    network.dns_resolver.cares.v3.CaresDnsResolverConfig network.dns_resolver.getaddrinfo.v3.GetAddrInfoDnsResolverConfig
    network.dns_resolver.hickory.v3.HickoryDnsResolverConfig`,
  'path.match': `
    path.match.uri_template.v3.UriTemplateMatchConfig`,
  'path.rewrite': `
    path.rewrite.uri_template.v3.UriTemplateRewriteConfig`,
  queue_policy: `
    queue_policy.fifo.v3.FifoQueuePolicyConfig`,
  'quic.connection_debug_visitor': `
    quic.connection_debug_visitor.quic_stats.v3.Config quic.connection_debug_visitor.v3.BasicConfig`,
  'quic.connection_id_generator': `
    quic.connection_id_generator.quic_lb.v3.Config quic.connection_id_generator.v3.DeterministicConnectionIdGeneratorConfig`,
  'quic.proof_source': `
    quic.proof_source.v3.ProofSourceConfig`,
  'quic.server.crypto_stream': `
    quic.crypto_stream.v3.CryptoServerStreamConfig`,
  'quic.server_preferred_address': `
    quic.server_preferred_address.v3.DataSourceServerPreferredAddressConfig
    quic.server_preferred_address.v3.FixedServerPreferredAddressConfig`,
  rate_limit_descriptors: `
    rate_limit_descriptors.expr.v3.Descriptor rate_limit_descriptors.jwt_claim.v3.Descriptor`,
  'rbac.matchers': `
    rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher`,
  'rbac.principals': `
    rbac.principals.mtls_authenticated.v3.Config`,
  regex_engines: `
    regex_engines.v3.GoogleRE2`,
  request_id: `
    request_id.uuid.v3.UuidRequestIdConfig`,
  resource_monitors: `
    resource_monitors.cgroup_memory.v3.CgroupMemoryConfig resource_monitors.cpu_utilization.v3.CpuUtilizationConfig
    resource_monitors.fixed_heap.v3.FixedHeapConfig resource_monitors.injected_resource.v3.InjectedResourceConfig`,
  'resource_monitors.proactive': `
    resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig`,
  retry_host_predicates: `
    retry.host.omit_canary_hosts.v3.OmitCanaryHostsPredicate retry.host.omit_host_metadata.v3.OmitHostMetadataConfig
    retry.host.previous_hosts.v3.PreviousHostsPredicate`,
  retry_priorities: `
    retry.priority.previous_priorities.v3.PreviousPrioritiesConfig`,
  'route.early_data_policy': `
    early_data.v3.DefaultEarlyDataPolicy`,
  'router.cluster_specifier_plugin': `
    router.cluster_specifiers.dynamic_modules.v3.DynamicModuleClusterSpecifier router.cluster_specifiers.lua.v3.LuaConfig
    router.cluster_specifiers.matcher.v3.MatcherClusterSpecifier
    router.cluster_specifiers.priority_group.v3.PriorityGroupClusterSpecifier`,
  stats_sinks: `
    envoy.config.metrics.v3.DogStatsdSink envoy.config.metrics.v3.HystrixSink envoy.config.metrics.v3.MetricsServiceConfig
    envoy.config.metrics.v3.StatsdSink stat_sinks.dynamic_modules.v3.DynamicModuleStatsSink
    stat_sinks.graphite_statsd.v3.GraphiteStatsdSink stat_sinks.open_telemetry.v3.SinkConfig stat_sinks.wasm.v3.Wasm`,
  string_matcher: `
    string_matcher.lua.v3.Lua`,
  'thrift_proxy.filters': `
    filters.network.thrift_proxy.filters.header_to_metadata.v3.HeaderToMetadata
    filters.network.thrift_proxy.filters.payload_to_metadata.v3.PayloadToMetadata
    filters.network.thrift_proxy.filters.ratelimit.v3.RateLimit filters.network.thrift_proxy.router.v3.Router`,
  'tls.certificate_mappers': `
    transport_sockets.tls.cert_mappers.sni.v3.SNI transport_sockets.tls.cert_mappers.static_name.v3.StaticName`,
  'tls.certificate_selectors': `
    transport_sockets.tls.cert_selectors.on_demand_secret.v3.Config`,
  'tls.upstream_certificate_mappers': `
    transport_sockets.tls.cert_mappers.filter_state_override.v3.Config transport_sockets.tls.cert_mappers.static_name.v3.StaticName`,
  'tls.upstream_certificate_selectors': `
    transport_sockets.tls.cert_selectors.on_demand_secret.v3.Config`,
  tls_handshakers: `
    transport_sockets.tls.handshakers.dynamic_modules.v3.DynamicModuleTlsHandshaker`,
  tracers: `
    envoy.config.trace.v3.DatadogConfig envoy.config.trace.v3.OpenTelemetryConfig envoy.config.trace.v3.SkyWalkingConfig
    envoy.config.trace.v3.XRayConfig envoy.config.trace.v3.ZipkinConfig tracers.dynamic_modules.v3.DynamicModuleTracer
    tracers.fluentd.v3.FluentdConfig`,
  'tracers.opentelemetry.resource_detectors': `
    tracers.opentelemetry.resource_detectors.v3.DynatraceResourceDetectorConfig
    tracers.opentelemetry.resource_detectors.v3.EnvironmentResourceDetectorConfig
    tracers.opentelemetry.resource_detectors.v3.StaticConfigResourceDetectorConfig`,
  'tracers.opentelemetry.samplers': `
    tracers.opentelemetry.samplers.v3.AlwaysOnSamplerConfig tracers.opentelemetry.samplers.v3.CELSamplerConfig
    tracers.opentelemetry.samplers.v3.DynatraceSamplerConfig tracers.opentelemetry.samplers.v3.ParentBasedSamplerConfig
    tracers.opentelemetry.samplers.v3.TraceIdRatioBasedSamplerConfig`,
  'transport_sockets.downstream': `
    transport_sockets.alts.v3.Alts transport_sockets.dynamic_modules.v3.DynamicModuleTransportSocket
    transport_sockets.quic.v3.QuicDownstreamTransport transport_sockets.raw_buffer.v3.RawBuffer
    transport_sockets.starttls.v3.StartTlsConfig transport_sockets.tap.v3.Tap transport_sockets.tcp_stats.v3.Config
    transport_sockets.tls.v3.DownstreamTlsContext`,
  'transport_sockets.upstream': `
    transport_sockets.alts.v3.Alts transport_sockets.dynamic_modules.v3.DynamicModuleTransportSocket
    transport_sockets.http_11_proxy.v3.Http11ProxyUpstreamTransport transport_sockets.internal_upstream.v3.InternalUpstreamTransport
    transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport transport_sockets.quic.v3.QuicUpstreamTransport
    transport_sockets.raw_buffer.v3.RawBuffer transport_sockets.starttls.v3.UpstreamStartTlsConfig transport_sockets.tap.v3.Tap
    transport_sockets.tcp_stats.v3.Config transport_sockets.tls.v3.UpstreamTlsContext`,
  udp_packet_writer: `
    udp_packet_writer.v3.UdpDefaultWriterFactory udp_packet_writer.v3.UdpGsoBatchWriterFactory`,
  'upstream.local_address_selector': `
    envoy.config.upstream.local_address_selector.v3.DefaultLocalAddressSelector local_address_selectors.filter_state_override.v3.Config`,
  upstream_options: `
    upstreams.http.reverse_tunnel.v3.ReverseTunnelUpstreamCodecOptions upstreams.http.v3.HttpProtocolOptions
    upstreams.tcp.v3.TcpProtocolOptions`,
  upstreams: `
    upstreams.tcp.generic.v3.GenericConnectionPoolProto`,
};
