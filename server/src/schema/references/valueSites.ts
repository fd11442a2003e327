/** Fields that name no resource but a value passed along: runtime keys, headers, metadata, filter state. Each is set in one place and used in others. */
import { site, type ReferenceSite } from './referenceSite';

const route = 'envoy.config.route.v3';
const core = 'envoy.config.core.v3';
const http = 'envoy.extensions.filters.http';
const thrift = 'envoy.extensions.filters.network.thrift_proxy.filters';
const manager = 'envoy.extensions.filters.network.http_connection_manager.v3';
const clusterConfig = 'envoy.config.cluster.v3';

const runtimeSites: readonly ReferenceSite[] = [
  ...['RuntimeUInt32', 'RuntimeUInt64', 'RuntimePercent', 'RuntimeDouble', 'RuntimeFeatureFlag', 'RuntimeFractionalPercent'].map(
    (message) => site(`${core}.${message}.runtime_key`, 'runtime', { role: 'use' }),
  ),
  site('envoy.config.accesslog.v3.RuntimeFilter.runtime_key', 'runtime', { role: 'use' }),
  site(`${route}.WeightedCluster.runtime_key_prefix`, 'runtime', { role: 'use' }),
  site(`${route}.RouteAction.RequestMirrorPolicy.runtime_key`, 'runtime', { role: 'use' }),
  site(`${route}.RateLimit.disable_key`, 'runtime', { role: 'use' }),
  ...[
    'abort_percent_runtime',
    'abort_http_status_runtime',
    'abort_grpc_status_runtime',
    'delay_percent_runtime',
    'delay_duration_runtime',
    'max_active_faults_runtime',
    'response_rate_limit_percent_runtime',
  ].map((field) => site(`${http}.fault.v3.HTTPFault.${field}`, 'runtime', { role: 'use' })),
  site('envoy.config.bootstrap.v3.Runtime.base', 'runtime', { role: 'set', place: 'key' }),
  site('envoy.config.bootstrap.v3.RuntimeLayer.static_layer', 'runtime', { role: 'set', place: 'key' }),
  site('envoy.service.runtime.v3.Runtime.layer', 'runtime', { role: 'set', place: 'key' }),
];

/** What a geoip provider may find out, each into a header of its own. */
const GEOLOCATION = [
  ...['country', 'city', 'region', 'asn', 'asn_org', 'isp', 'is_anon', 'anon', 'anon_vpn', 'anon_hosting', 'anon_tor', 'anon_proxy'],
  'apple_private_relay',
];

const headerSites: readonly ReferenceSite[] = [
  ...[
    `${route}.HeaderMatcher.name`,
    'envoy.type.matcher.v3.HttpRequestHeaderMatchInput.header_name',
    'envoy.type.matcher.v3.HttpRequestTrailerMatchInput.header_name',
    'envoy.type.matcher.v3.HttpResponseHeaderMatchInput.header_name',
    'envoy.type.matcher.v3.HttpResponseTrailerMatchInput.header_name',
    `${route}.RouteAction.HashPolicy.Header.header_name`,
    `${route}.RateLimit.Action.RequestHeaders.header_name`,
    `${route}.WeightedCluster.header_name`,
    `${route}.RouteAction.cluster_header`,
    `${route}.WeightedCluster.ClusterWeight.cluster_header`,
    `${route}.RouteAction.RequestMirrorPolicy.cluster_header`,
    `${route}.RouteAction.host_rewrite_header`,
    `${route}.RouteConfiguration.vhost_header`,
    `${manager}.ScopedRoutes.ScopeKeyBuilder.FragmentBuilder.HeaderValueExtractor.name`,
    `${clusterConfig}.Cluster.OriginalDstLbConfig.http_header_name`,
    'envoy.extensions.clusters.original_dst.v3.OriginalDstCluster.http_header_name',
    'envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost.OverrideHostSource.header',
    'envoy.extensions.router.cluster_specifiers.priority_group.v3.PriorityGroupClusterSpecifier.header_name',
    'envoy.extensions.http.original_ip_detection.custom_header.v3.CustomHeaderConfig.header_name',
    'envoy.extensions.rate_limit_descriptors.jwt_claim.v3.Descriptor.header_name',
    `${core}.UpstreamHttpProtocolOptions.override_auto_sni_header`,
    `${http}.header_to_metadata.v3.Config.Rule.header`,
    `${thrift}.header_to_metadata.v3.HeaderToMetadata.Rule.header`,
    `${http}.jwt_authn.v3.JwtHeader.name`,
    `${http}.api_key_auth.v3.KeySource.header`,
    `${http}.basic_auth.v3.BasicAuth.authentication_header`,
    `${http}.dynamic_forward_proxy.v3.PerRouteConfig.host_rewrite_header`,
    `${http}.kill_request.v3.KillRequest.kill_request_header`,
    `${http}.mcp_router.v3.HeaderSource.name`,
    `${http}.ext_authz.v3.ExtAuthz.clear_route_cache_headers`,
    `${http}.router.v3.Router.strict_check_headers`,
    `${http}.grpc_json_reverse_transcoder.v3.GrpcJsonReverseTranscoder.api_version_header`,
    'envoy.extensions.filters.common.jwks.v3.JwtHandshakeValidator.token_header',
    'envoy.type.tracing.v3.CustomTag.Header.name',
    'envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig.additional_request_headers_to_log',
    'envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig.additional_response_headers_to_log',
    'envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig.additional_response_trailers_to_log',
    'envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState.name',
    'envoy.extensions.http.stateful_session.envelope.v3.EnvelopeSessionState.Header.name',
    `${route}.RetryPolicy.ResetHeader.name`,
    `${route}.InternalRedirectPolicy.response_headers_to_copy`,
    `${route}.RouteConfiguration.internal_only_headers`,
    ...['RouteConfiguration', 'VirtualHost', 'Route', 'WeightedCluster.ClusterWeight'].flatMap((message) => [
      `${route}.${message}.request_headers_to_remove`,
      `${route}.${message}.response_headers_to_remove`,
    ]),
    `${core}.HealthCheck.HttpHealthCheck.request_headers_to_remove`,
    'envoy.config.common.mutation_rules.v3.HeaderMutation.remove',
  ].map((field) => site(field, 'header', { role: 'use' })),
  site(`${core}.HeaderValueOption.header`, 'header', { role: 'set', path: ['key'] }),
  ...[
    `${http}.jwt_authn.v3.JwtProvider.forward_payload_header`,
    `${http}.jwt_authn.v3.JwtClaimToHeader.header_name`,
    `${http}.basic_auth.v3.BasicAuth.forward_username_header`,
    `${http}.api_key_auth.v3.Forwarding.header`,
    `${http}.jwt_authn.v3.ExtractOnlyWithoutValidation.verification_status_header`,
    `${http}.ip_tagging.v3.IPTagging.IpTagHeader.header`,
    `${http}.geoip.v3.Geoip.CustomHeaderConfig.header_name`,
    'envoy.extensions.http.injected_credentials.generic.v3.Generic.header',
    `${http}.gcp_authn.v3.TokenHeader.name`,
    `${http}.oauth2.v3.OAuth2TokenForwarding.header`,
    `${http}.grpc_http1_reverse_bridge.v3.FilterConfig.response_size_header`,
    'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.TunnelingConfig.request_id_header',
    ...GEOLOCATION.map((field) => `envoy.extensions.geoip_providers.common.v3.CommonGeoipProviderConfig.GeolocationHeadersToAdd.${field}`),
  ].map((field) => site(field, 'header', { role: 'set' })),
];

const namespaced = (message: string, fallback: string): ReferenceSite =>
  site(`${message}.key`, 'metadata', { role: 'set', qualifierField: 'metadata_namespace', qualifier: fallback });
const ofJwt = { role: 'set', qualifier: 'envoy.filters.http.jwt_authn' } as const;

const metadataSites: readonly ReferenceSite[] = [
  site('envoy.type.matcher.v3.MetadataMatcher.path', 'metadata', { role: 'use', path: ['key'], qualifierField: 'filter' }),
  site('envoy.type.metadata.v3.MetadataKey.path', 'metadata', { role: 'use', path: ['key'], qualifierField: 'key' }),
  site('envoy.extensions.matching.common_inputs.network.v3.DynamicMetadataInput.path', 'metadata', {
    role: 'use',
    path: ['key'],
    qualifierField: 'filter',
  }),
  namespaced(`${http}.header_to_metadata.v3.Config.KeyValuePair`, 'envoy.filters.http.header_to_metadata'),
  namespaced(`${http}.json_to_metadata.v3.JsonToMetadata.KeyValuePair`, 'envoy.filters.http.json_to_metadata'),
  namespaced(`${http}.thrift_to_metadata.v3.KeyValuePair`, 'envoy.filters.http.thrift_to_metadata'),
  namespaced(`${thrift}.header_to_metadata.v3.HeaderToMetadata.KeyValuePair`, 'envoy.filters.thrift.header_to_metadata'),
  namespaced(`${thrift}.payload_to_metadata.v3.PayloadToMetadata.KeyValuePair`, 'envoy.filters.thrift.payload_to_metadata'),
  site(`${http}.aws_eventstream_parser.v3.AwsEventstreamParser.HeaderKeyValuePair.key`, 'metadata', {
    role: 'set',
    qualifierField: 'metadata_namespace',
  }),
  namespaced('envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol.KeyValuePair', 'envoy.filters.listener.proxy_protocol'),
  site(`${http}.jwt_authn.v3.JwtProvider.payload_in_metadata`, 'metadata', ofJwt),
  site(`${http}.jwt_authn.v3.JwtProvider.header_in_metadata`, 'metadata', ofJwt),
  site(`${http}.jwt_authn.v3.JwtProvider.failed_status_in_metadata`, 'metadata', ofJwt),
  site(`${http}.set_metadata.v3.Metadata.metadata_namespace`, 'metadata_namespace', { role: 'set' }),
  ...[
    `${http}.set_metadata.v3.Config.metadata_namespace`,
    `${http}.ai_protocol_manager.v3.TokenUsageExtraction.metadata_namespace`,
    'envoy.extensions.http.ai_filters.request_info.v3.RequestInfo.metadata_namespace',
    'envoy.extensions.filters.common.jwks.v3.JwtHandshakeValidator.claims_metadata_namespace',
    'envoy.extensions.filters.network.reverse_tunnel.v3.Validation.dynamic_metadata_namespace',
  ].map((field) => site(field, 'metadata_namespace', { role: 'set' })),
  site(
    'envoy.extensions.router.cluster_specifiers.priority_group.v3.PriorityGroupClusterSpecifier.override_metadata_namespace',
    'metadata_namespace',
    {
      role: 'use',
    },
  ),
  ...['route_metadata_context_namespaces', 'route_typed_metadata_context_namespaces'].map((field) =>
    site(`${http}.ext_authz.v3.ExtAuthz.${field}`, 'metadata_namespace', { role: 'use' }),
  ),
  ...[`${http}.ext_authz.v3.ExtAuthz`, 'envoy.extensions.filters.network.ext_authz.v3.ExtAuthz'].flatMap((message) =>
    ['metadata_context_namespaces', 'typed_metadata_context_namespaces'].map((field) =>
      site(`${message}.${field}`, 'metadata_namespace', { role: 'use' }),
    ),
  ),
  ...[
    `${http}.ext_proc.v3.MetadataOptions.MetadataNamespaces`,
    'envoy.extensions.filters.network.ext_proc.v3.MetadataOptions.MetadataNamespaces',
  ].flatMap((message) => ['untyped', 'typed'].map((field) => site(`${message}.${field}`, 'metadata_namespace', { role: 'use' }))),
  site('envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport.MetadataValueSource.name', 'metadata_namespace', {
    role: 'use',
  }),
];

const filterStateSites: readonly ReferenceSite[] = [
  site('envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue.object_key', 'filter_state', { role: 'set' }),
  ...[
    'envoy.type.matcher.v3.FilterStateMatcher.key',
    `${route}.RouteAction.HashPolicy.FilterState.key`,
    'envoy.type.v3.HashPolicy.FilterState.key',
    'envoy.extensions.matching.common_inputs.network.v3.FilterStateInput.key',
    'envoy.extensions.matching.common_inputs.transport_socket.v3.FilterStateInput.key',
    `${http}.jwt_authn.v3.FilterStateRule.name`,
    'envoy.extensions.internal_redirect.filter_state.v3.FilterStateConfig.redirect_enabled_key',
    'envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig.filter_state_objects_to_log',
    'envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig.filter_state_objects_to_log',
  ].map((field) => site(field, 'filter_state', { role: 'use' })),
];

const LB = 'envoy.lb';
const fromMetadata = { role: 'use', place: 'key', path: ['filter_metadata', LB], qualifier: LB } as const;

const SOCKETS = 'envoy.transport_socket_match';
const subset = 'envoy.extensions.load_balancing_policies.subset.v3.Subset';

const endpointMetadataSites: readonly ReferenceSite[] = [
  ...[
    `${route}.RouteAction.metadata_match`,
    `${route}.WeightedCluster.ClusterWeight.metadata_match`,
    'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.metadata_match',
    'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.WeightedCluster.ClusterWeight.metadata_match',
    'envoy.extensions.filters.network.thrift_proxy.v3.RouteAction.metadata_match',
    'envoy.extensions.filters.network.thrift_proxy.v3.WeightedCluster.ClusterWeight.metadata_match',
    'envoy.extensions.filters.network.dubbo_proxy.v3.RouteAction.metadata_match',
    'envoy.extensions.retry.host.omit_host_metadata.v3.OmitHostMetadataConfig.metadata_match',
  ].map((field) => site(field, 'endpoint_metadata', fromMetadata)),
  ...[`${clusterConfig}.Cluster.LbSubsetConfig`, subset].flatMap((message) => [
    site(`${message}.LbSubsetSelector.keys`, 'endpoint_metadata', { role: 'use', qualifier: LB }),
    site(`${message}.LbSubsetSelector.fallback_keys_subset`, 'endpoint_metadata', { role: 'use', qualifier: LB }),
    site(`${message}.default_subset`, 'endpoint_metadata', { role: 'use', place: 'key', qualifier: LB }),
  ]),
  site(`${clusterConfig}.Cluster.TransportSocketMatch.match`, 'endpoint_metadata', { role: 'use', place: 'key', qualifier: SOCKETS }),
  ...['EndpointMetadataInput', 'LocalityMetadataInput'].map((message) =>
    site(`envoy.extensions.matching.common_inputs.transport_socket.v3.${message}.path`, 'endpoint_metadata', {
      role: 'use',
      path: ['key'],
      qualifierField: 'filter',
    }),
  ),
  ...['LbEndpoint', 'LocalityLbEndpoints'].flatMap((message) =>
    [LB, SOCKETS].map((qualifier) =>
      site(`envoy.config.endpoint.v3.${message}.metadata`, 'endpoint_metadata', {
        ...{ role: 'set', place: 'key', path: ['filter_metadata', qualifier], qualifier },
      }),
    ),
  ),
  site(`${core}.HealthCheck.transport_socket_match_criteria`, 'endpoint_metadata', { role: 'set', place: 'key', qualifier: SOCKETS }),
];

/** Actions of routes make entries, limits that a filter keeps by itself are chosen by them (envoy/extensions/common/ratelimit/v3). */
const descriptorSites: readonly ReferenceSite[] = [
  ...[
    'RequestHeaders',
    'GenericKey',
    'HeaderValueMatch',
    'DynamicMetaData',
    'MetaData',
    'QueryParameters',
    'QueryParameterValueMatch',
    'RemoteAddressMatch',
  ].map((action) => site(`${route}.RateLimit.Action.${action}.descriptor_key`, 'rate_limit_descriptor', { role: 'set' })),
  ...['expr', 'jwt_claim'].map((name) =>
    site(`envoy.extensions.rate_limit_descriptors.${name}.v3.Descriptor.descriptor_key`, 'rate_limit_descriptor', { role: 'set' }),
  ),
  site('envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.Entry.key', 'rate_limit_descriptor', { role: 'use' }),
];

export const valueSites: readonly ReferenceSite[] = [
  ...runtimeSites,
  ...headerSites,
  ...metadataSites,
  ...filterStateSites,
  ...endpointMetadataSites,
  ...descriptorSites,
];
