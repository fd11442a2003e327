/** Fields that name no resource but a value passed along: runtime keys, headers, metadata. Each is set in one place and used in others. */
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
  site('envoy.config.bootstrap.v3.RuntimeLayer.static_layer', 'runtime', { role: 'set', place: 'key' }),
  site('envoy.service.runtime.v3.Runtime.layer', 'runtime', { role: 'set', place: 'key' }),
];

const headerSites: readonly ReferenceSite[] = [
  ...[
    `${route}.HeaderMatcher.name`,
    'envoy.type.matcher.v3.HttpRequestHeaderMatchInput.header_name',
    'envoy.type.matcher.v3.HttpResponseHeaderMatchInput.header_name',
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
  ].map((field) => site(field, 'header', { role: 'use' })),
  site(`${core}.HeaderValueOption.header`, 'header', { role: 'set', path: ['key'] }),
  ...[
    `${http}.jwt_authn.v3.JwtProvider.forward_payload_header`,
    `${http}.jwt_authn.v3.JwtClaimToHeader.header_name`,
    `${http}.basic_auth.v3.BasicAuth.forward_username_header`,
    `${http}.api_key_auth.v3.Forwarding.header`,
    `${http}.ip_tagging.v3.IPTagging.IpTagHeader.header`,
    `${http}.geoip.v3.Geoip.CustomHeaderConfig.header_name`,
    'envoy.extensions.http.injected_credentials.generic.v3.Generic.header',
  ].map((field) => site(field, 'header', { role: 'set' })),
];

const namespaced = (message: string, fallback: string): ReferenceSite =>
  site(`${message}.key`, 'metadata', { role: 'set', qualifierField: 'metadata_namespace', qualifier: fallback });
const ofJwt = { role: 'set', qualifier: 'envoy.filters.http.jwt_authn' } as const;

const metadataSites: readonly ReferenceSite[] = [
  site('envoy.type.matcher.v3.MetadataMatcher.path', 'metadata', { role: 'use', path: ['key'], qualifierField: 'filter' }),
  site('envoy.type.metadata.v3.MetadataKey.path', 'metadata', { role: 'use', path: ['key'], qualifierField: 'key' }),
  namespaced(`${http}.header_to_metadata.v3.Config.KeyValuePair`, 'envoy.filters.http.header_to_metadata'),
  namespaced(`${http}.json_to_metadata.v3.JsonToMetadata.KeyValuePair`, 'envoy.filters.http.json_to_metadata'),
  namespaced(`${http}.thrift_to_metadata.v3.KeyValuePair`, 'envoy.filters.http.thrift_to_metadata'),
  namespaced(`${thrift}.header_to_metadata.v3.HeaderToMetadata.KeyValuePair`, 'envoy.filters.thrift.header_to_metadata'),
  namespaced(`${thrift}.payload_to_metadata.v3.PayloadToMetadata.KeyValuePair`, 'envoy.filters.thrift.payload_to_metadata'),
  namespaced('envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol.KeyValuePair', 'envoy.filters.listener.proxy_protocol'),
  site(`${http}.jwt_authn.v3.JwtProvider.payload_in_metadata`, 'metadata', ofJwt),
  site(`${http}.jwt_authn.v3.JwtProvider.header_in_metadata`, 'metadata', ofJwt),
  site(`${http}.jwt_authn.v3.JwtProvider.failed_status_in_metadata`, 'metadata', ofJwt),
  site(`${http}.set_metadata.v3.Metadata.metadata_namespace`, 'metadata_namespace', { role: 'set' }),
  site(`${http}.set_metadata.v3.Config.metadata_namespace`, 'metadata_namespace', { role: 'set' }),
  site('envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport.MetadataValueSource.name', 'metadata_namespace', {
    role: 'use',
  }),
];

const LB = 'envoy.lb';
const fromMetadata = { role: 'use', place: 'key', path: ['filter_metadata', LB], qualifier: LB } as const;

const endpointMetadataSites: readonly ReferenceSite[] = [
  ...[
    `${route}.RouteAction.metadata_match`,
    `${route}.WeightedCluster.ClusterWeight.metadata_match`,
    'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.metadata_match',
    'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.WeightedCluster.ClusterWeight.metadata_match',
  ].map((field) => site(field, 'endpoint_metadata', fromMetadata)),
  site(`${clusterConfig}.Cluster.LbSubsetConfig.LbSubsetSelector.keys`, 'endpoint_metadata', { role: 'use', qualifier: LB }),
  site('envoy.extensions.load_balancing_policies.subset.v3.Subset.LbSubsetSelector.keys', 'endpoint_metadata', {
    role: 'use',
    qualifier: LB,
  }),
  site(`${clusterConfig}.Cluster.TransportSocketMatch.match`, 'endpoint_metadata', {
    role: 'use',
    place: 'key',
    qualifier: 'envoy.transport_socket_match',
  }),
  site('envoy.config.endpoint.v3.LbEndpoint.metadata', 'endpoint_metadata', { ...fromMetadata, role: 'set' }),
];

export const valueSites: readonly ReferenceSite[] = [...runtimeSites, ...headerSites, ...metadataSites, ...endpointMetadataSites];
