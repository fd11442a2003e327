/** Which fields of the API take which categories of extensions (`[#extension-category: …]` of the protos); names without `envoy.` begin with `envoy.extensions.`. */

export const CATEGORIES_OF_FIELDS: Readonly<Record<string, string>> = {
  access_loggers: `
    envoy.config.accesslog.v3.AccessLog.typed_config`,
  'access_loggers.extension_filters': `
    envoy.config.accesslog.v3.ExtensionFilter.typed_config`,
  bootstrap: `
    envoy.config.bootstrap.v3.Bootstrap.bootstrap_extensions`,
  clusters: `
    envoy.config.cluster.v3.Cluster.CustomClusterType.typed_config`,
  'common.key_value': `
    envoy.config.common.key_value.v3.KeyValueStoreConfig.config`,
  'compression.compressor': `
    filters.http.compressor.v3.Compressor.compressor_library filters.http.compressor.v3.CompressorOverrides.compressor_library`,
  'compression.decompressor': `
    filters.http.decompressor.v3.Decompressor.decompressor_library`,
  'config.validators': `
    envoy.config.core.v3.ApiConfigSource.config_validators`,
  'filters.http': `
    filters.http.composite.v3.ExecuteFilterAction.typed_config filters.http.composite.v3.FilterChainConfiguration.typed_config
    filters.http.filter_chain.v3.FilterChain.filters filters.network.http_connection_manager.v3.HttpFilter.typed_config`,
  'filters.http.upstream': `
    filters.http.router.v3.Router.upstream_http_filters upstreams.http.v3.HttpProtocolOptions.http_filters`,
  'filters.listener filters.udp_listener': `
    envoy.config.listener.v3.ListenerFilter.typed_config`,
  'filters.http filters.http.upstream': `
    common.matching.v3.ExtensionWithMatcher.extension_config`,
  'filters.network': `
    envoy.config.listener.v3.Filter.typed_config health_checkers.thrift.v3.Thrift.transport`,
  'filters.udp.session': `
    filters.udp.udp_proxy.v3.UdpProxyConfig.session_filters filters.udp.udp_proxy.v3.UdpProxyConfig.SessionFilter.typed_config`,
  content_parsers: `
    filters.http.aws_eventstream_parser.v3.AwsEventstreamParser.ProcessingRules.content_parser
    filters.http.sse_to_metadata.v3.SseToMetadata.ProcessingRules.content_parser`,
  'router.route_specifiers': `
    envoy.config.route.v3.Route.route_specifiers envoy.config.route.v3.RouteConfiguration.route_specifiers
    envoy.config.route.v3.VirtualHost.route_specifiers`,
  // The standard Envoy has none of these.
  retry_options_predicates: `
    envoy.config.route.v3.RetryPolicy.retry_options_predicates`,
  'config.xds_config_tracker': `
    envoy.config.bootstrap.v3.Bootstrap.xds_config_tracker_extension`,
  'tracers.opentelemetry.exporters': `
    envoy.config.trace.v3.OpenTelemetryConfig.exporter`,
  'http.custom_response.redirect_policy': `
    http.custom_response.redirect_policy.v3.RedirectPolicy.modify_request_headers_action`,
  formatter: `
    envoy.config.core.v3.HttpService.formatters envoy.config.core.v3.SubstitutionFormatString.formatters
    filters.http.header_mutation.v3.Mutations.formatters filters.network.tcp_proxy.v3.TcpProxy.TunnelingConfig.formatters
    filters.udp.udp_proxy.v3.UdpProxyConfig.UdpTunnelingConfig.formatters access_loggers.fluentd.v3.FluentdAccessLogConfig.formatters
    access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig.formatters`,
  'generic_proxy.codecs': `
    filters.network.generic_proxy.v3.GenericProxy.codec_config`,
  'generic_proxy.filters': `
    filters.network.generic_proxy.v3.GenericProxy.filters`,
  geoip_providers: `
    filters.http.geoip.v3.Geoip.provider filters.network.geoip.v3.Geoip.provider`,
  guarddog_actions: `
    envoy.config.bootstrap.v3.Bootstrap.watchdogs`,
  'health_check.event_sinks': `
    envoy.config.core.v3.HealthCheck.event_logger`,
  health_checkers: `
    envoy.config.core.v3.HealthCheck.CustomHealthCheck.typed_config`,
  'http.ai_filters': `
    filters.http.ai_protocol_manager.v3.AiProtocolManager.filters`,
  'http.cache': `
    filters.http.cache.v3.CacheConfig.typed_config`,
  'http.cache_v2': `
    filters.http.cache_v2.v3.CacheV2Config.typed_config`,
  'http.custom_response': `
    filters.http.custom_response.v3.CustomResponse.custom_response_matcher`,
  'http.early_header_mutation': `
    filters.network.http_connection_manager.v3.HttpConnectionManager.early_header_mutation_extensions`,
  'http.ext_proc.processing_request_modifiers': `
    filters.http.ext_proc.v3.ExternalProcessor.processing_request_modifier
    filters.http.ext_proc.v3.ExtProcOverrides.processing_request_modifier`,
  'http.ext_proc.response_processors': `
    filters.http.ext_proc.v3.ExternalProcessor.on_processing_response`,
  'http.header_validators': `
    filters.network.http_connection_manager.v3.HttpConnectionManager.typed_header_validation_config
    upstreams.http.v3.HttpProtocolOptions.header_validation_config`,
  'http.injected_credentials': `
    filters.http.credential_injector.v3.CredentialInjector.credential`,
  'http.original_ip_detection': `
    filters.network.http_connection_manager.v3.HttpConnectionManager.original_ip_detection_extensions`,
  'http.stateful_header_formatters': `
    envoy.config.core.v3.Http1ProtocolOptions.HeaderKeyFormat.stateful_formatter`,
  'http.stateful_session': `
    filters.http.stateful_session.v3.StatefulSession.session_state`,
  internal_redirect_predicates: `
    envoy.config.route.v3.InternalRedirectPolicy.predicates`,
  load_balancing_policies: `
    envoy.config.cluster.v3.LoadBalancingPolicy.Policy.typed_extension_config`,
  'matching.common_inputs': `
    envoy.config.common.matcher.v3.Matcher.MatcherList.Predicate.SinglePredicate.input`,
  'matching.input_matchers': `
    envoy.config.common.matcher.v3.Matcher.MatcherList.Predicate.SinglePredicate.custom_match`,
  'filters.upstream_network': `
    envoy.config.cluster.v3.Filter.typed_config`,
  'network.connection_balance': `
    envoy.config.listener.v3.Listener.ConnectionBalanceConfig.extend_balance`,
  tls_handshakers: `
    transport_sockets.tls.v3.CommonTlsContext.custom_handshaker`,
  'xds.delegates': `
    envoy.config.bootstrap.v3.Bootstrap.xds_delegate_extension`,
  'network.dns_resolver': `
    envoy.config.bootstrap.v3.Bootstrap.typed_dns_resolver_config envoy.config.cluster.v3.Cluster.typed_dns_resolver_config
    clusters.dns.v3.DnsCluster.typed_dns_resolver_config common.dynamic_forward_proxy.v3.DnsCacheConfig.typed_dns_resolver_config
    filters.udp.dns_filter.v3.DnsFilterConfig.ClientContextConfig.typed_dns_resolver_config`,
  'path.match': `
    envoy.config.rbac.v3.Permission.uri_template envoy.config.route.v3.RouteMatch.path_match_policy`,
  'path.rewrite': `
    envoy.config.route.v3.RouteAction.path_rewrite_policy`,
  'quic.connection_debug_visitor': `
    envoy.config.listener.v3.QuicProtocolOptions.connection_debug_visitor_config`,
  'quic.connection_id_generator': `
    envoy.config.listener.v3.QuicProtocolOptions.connection_id_generator_config`,
  'quic.proof_source': `
    envoy.config.listener.v3.QuicProtocolOptions.proof_source_config`,
  'quic.server.crypto_stream': `
    envoy.config.listener.v3.QuicProtocolOptions.crypto_stream_config`,
  'quic.server_preferred_address': `
    envoy.config.listener.v3.QuicProtocolOptions.server_preferred_address_config`,
  'rate_limit_descriptors matching.http.input': `
    envoy.config.route.v3.RateLimit.Action.extension`,
  'rbac.audit_loggers': `
    envoy.config.rbac.v3.RBAC.AuditLoggingOptions.AuditLoggerConfig.audit_logger`,
  'rbac.matchers': `
    envoy.config.rbac.v3.Permission.matcher`,
  'rbac.principals': `
    envoy.config.rbac.v3.Principal.custom`,
  regex_engines: `
    envoy.config.bootstrap.v3.Bootstrap.default_regex_engine`,
  request_id: `
    filters.network.http_connection_manager.v3.HttpConnectionManager.request_id_extension
    filters.network.http_connection_manager.v3.RequestIDExtension.typed_config
    filters.network.tcp_proxy.v3.TcpProxy.TunnelingConfig.request_id_extension`,
  resource_monitors: `
    envoy.config.overload.v3.ResourceMonitor.typed_config`,
  retry_host_predicates: `
    envoy.config.route.v3.RetryPolicy.RetryHostPredicate.typed_config`,
  retry_priorities: `
    envoy.config.route.v3.RetryPolicy.RetryPriority.typed_config`,
  'route.early_data_policy': `
    envoy.config.route.v3.RouteAction.early_data_policy`,
  'router.cluster_specifier_plugin': `
    envoy.config.route.v3.ClusterSpecifierPlugin.extension`,
  stats_sinks: `
    envoy.config.metrics.v3.StatsSink.typed_config`,
  string_matcher: `
    envoy.type.matcher.v3.StringMatcher.custom`,
  'thrift_proxy.filters': `
    filters.network.thrift_proxy.v3.ThriftFilter.typed_config`,
  tracers: `
    envoy.config.trace.v3.Tracing.Http.typed_config`,
  'tracers.opentelemetry.resource_detectors': `
    envoy.config.trace.v3.OpenTelemetryConfig.resource_detectors
    access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig.resource_detectors stat_sinks.open_telemetry.v3.SinkConfig.resource_detectors`,
  'tracers.opentelemetry.samplers': `
    envoy.config.trace.v3.OpenTelemetryConfig.sampler tracers.opentelemetry.samplers.v3.ParentBasedSamplerConfig.wrapped_sampler
    tracers.opentelemetry.samplers.v3.TraceIdRatioBasedSamplerConfig.sampling_percentage`,
  'tls.certificate_selectors tls.upstream_certificate_selectors': `
    transport_sockets.tls.v3.CommonTlsContext.custom_tls_certificate_selector`,
  'transport_sockets.upstream transport_sockets.downstream': `
    transport_sockets.tap.v3.Tap.transport_socket transport_sockets.tcp_stats.v3.Config.transport_socket`,
  'transport_sockets.downstream': `
    envoy.config.listener.v3.FilterChain.transport_socket`,
  'transport_sockets.upstream': `
    envoy.config.cluster.v3.Cluster.TransportSocketMatch.transport_socket
    envoy.config.cluster.v3.Cluster.transport_socket transport_sockets.internal_upstream.v3.InternalUpstreamTransport.transport_socket
    transport_sockets.http_11_proxy.v3.Http11ProxyUpstreamTransport.transport_socket
    transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport.transport_socket`,
  udp_packet_writer: `
    envoy.config.listener.v3.UdpListenerConfig.udp_packet_packet_writer_config`,
  'upstream.local_address_selector': `
    envoy.config.core.v3.BindConfig.local_address_selector`,
  upstreams: `
    envoy.config.cluster.v3.Cluster.upstream_config`,
};
