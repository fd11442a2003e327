/** The extensions of the standard Envoy 1.40 by category, as it tells itself (`node.extensions` of its dump); names without `envoy.` or `xds.` begin with `envoy.extensions.`. */
import { CONNECTION_EXTENSIONS } from './connectionExtensions';
import { HTTP_EXTENSIONS } from './httpExtensions';

export const REGISTERED_EXTENSIONS: Readonly<Record<string, string>> = {
  ...HTTP_EXTENSIONS,
  ...CONNECTION_EXTENSIONS,
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
  'common.key_value': `
    key_value.file_based.v3.FileBasedKeyValueStoreConfig`,
  'compression.compressor': `
    compression.brotli.compressor.v3.Brotli compression.gzip.compressor.v3.Gzip compression.zstd.compressor.v3.Zstd`,
  'compression.decompressor': `
    compression.brotli.decompressor.v3.Brotli compression.gzip.decompressor.v3.Gzip compression.zstd.decompressor.v3.Zstd`,
  'config.validators': `
    config.validators.dynamic_modules.v3.DynamicModuleConfigValidator config.validators.minimum_clusters.v3.MinimumClustersValidator`,
  content_parsers: `
    content_parsers.json.v3.JsonContentParser`,
  formatter: `
    formatter.cel.v3.Cel formatter.dynamic_modules.v3.DynamicModuleFormatter formatter.file_content.v3.FileContent
    formatter.generic_secret.v3.GenericSecret formatter.metadata.v3.Metadata formatter.req_without_query.v3.ReqWithoutQuery`,
  geoip_providers: `
    geoip_providers.maxmind.v3.MaxMindConfig`,
  guarddog_actions: `
    watchdog.backtrace_action.v3.BacktraceActionConfig watchdog.profile_action.v3.ProfileActionConfig
    envoy.watchdog.v3.AbortActionConfig`,
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
  queue_policy: `
    queue_policy.fifo.v3.FifoQueuePolicyConfig`,
  regex_engines: `
    regex_engines.v3.GoogleRE2`,
  resource_monitors: `
    resource_monitors.cgroup_memory.v3.CgroupMemoryConfig resource_monitors.cpu_utilization.v3.CpuUtilizationConfig
    resource_monitors.fixed_heap.v3.FixedHeapConfig resource_monitors.injected_resource.v3.InjectedResourceConfig`,
  'resource_monitors.proactive': `
    resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig`,
  stats_sinks: `
    envoy.config.metrics.v3.DogStatsdSink envoy.config.metrics.v3.HystrixSink envoy.config.metrics.v3.MetricsServiceConfig
    envoy.config.metrics.v3.StatsdSink stat_sinks.dynamic_modules.v3.DynamicModuleStatsSink
    stat_sinks.graphite_statsd.v3.GraphiteStatsdSink stat_sinks.open_telemetry.v3.SinkConfig stat_sinks.wasm.v3.Wasm`,
  string_matcher: `
    string_matcher.lua.v3.Lua`,
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
};
