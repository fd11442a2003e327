/** What the descriptors lack, kept by hand: Istio's own filters, Envoy's contrib messages that hold names, and what `Any` fields hold. */
import type { Field, MessageDescription, ScalarType } from './messageType';
import { jsonNameOf } from './readTable';

const metadata = 'envoy.config.core.v3.Metadata';
const secret = 'envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig';
const duration = 'google.protobuf.Duration';
const any = 'google.protobuf.Any';
const peer = 'io.istio.http.peer_metadata.Config';
const network = 'envoy.extensions.filters.network';
const rocketmq = `${network}.rocketmq_proxy.v3`;
const sip = `${network}.sip_proxy.v3alpha`;
const kafka = `${network}.kafka_mesh.v3alpha`;
const meta = `${network}.meta_protocol_proxy`;
const golangSpecifier = { library_id: 'string', library_path: 'string', default_cluster: 'string', config: any };

/** `repeated X`, `map<string, X>` or `X`; X is a scalar or a message. */
type Fields = Readonly<Record<string, string>>;

/** Istio's filters: github.com/istio/proxy, source/extensions (older ones src/envoy). */
const istio: Readonly<Record<string, Fields>> = {
  [peer]: {
    downstream_discovery: `repeated ${peer}.DiscoveryMethod`,
    upstream_discovery: `repeated ${peer}.DiscoveryMethod`,
    downstream_propagation: `repeated ${peer}.PropagationMethod`,
    upstream_propagation: `repeated ${peer}.PropagationMethod`,
    shared_with_upstream: 'bool',
    additional_labels: 'repeated string',
  },
  [`${peer}.DiscoveryMethod`]: { baggage: `${peer}.Baggage`, workload_discovery: `${peer}.WorkloadDiscovery`, istio_headers: `${peer}.IstioHeaders` },
  [`${peer}.PropagationMethod`]: { istio_headers: `${peer}.IstioHeaders`, baggage: `${peer}.Baggage` },
  [`${peer}.Baggage`]: {},
  [`${peer}.WorkloadDiscovery`]: {},
  [`${peer}.IstioHeaders`]: { skip_external_clusters: 'bool' },
  'envoy.extensions.network_filters.peer_metadata.Config': { baggage_key: 'string' },
  'envoy.extensions.network_filters.peer_metadata.UpstreamConfig': {},
  [`${network}.peer_metadata.v3.Config`]: { baggage_key: 'string' },
  [`${network}.peer_metadata.v3.UpstreamConfig`]: {},
  'io.istio.http.connect_authority.Config': { enabled: 'bool', port: 'uint32' },
  'io.istio.http.connect_baggage.Config': {},
  'io.istio.network.authn.Config': { shared: 'bool' },
  'istio.set_internal_dst_address.v1.Config': {},
  'istio.tls_passthrough.v1.CaptureTLS': {},
  'istio.tls_passthrough.v1.RestoreTLS': {},
  'istio.workload.BootstrapExtension': { config_source: 'envoy.config.core.v3.ConfigSource' },
  'istio.envoy.config.filter.http.authn.v2alpha1.FilterConfig': {
    policy: 'google.protobuf.Struct',
    jwt_output_payload_locations: 'map<string, string>',
    skip_validate_trust_domain: 'bool',
    disable_clear_route_cache: 'bool',
  },
};

/** Contrib: the messages on the way from a filter to a name that it holds. */
const contrib: Readonly<Record<string, Fields>> = {
  [`${network}.client_ssl_auth.v3.ClientSSLAuth`]: {
    auth_api_cluster: 'string',
    stat_prefix: 'string',
    refresh_delay: duration,
    ip_white_list: 'repeated envoy.config.core.v3.CidrRange',
  },
  [`${rocketmq}.RocketmqProxy`]: {
    stat_prefix: 'string',
    route_config: `${rocketmq}.RouteConfiguration`,
    transient_object_life_span: duration,
    develop_mode: 'bool',
  },
  [`${rocketmq}.RouteConfiguration`]: { name: 'string', routes: `repeated ${rocketmq}.Route` },
  [`${rocketmq}.Route`]: { match: `${rocketmq}.RouteMatch`, route: `${rocketmq}.RouteAction` },
  [`${rocketmq}.RouteMatch`]: { topic: 'envoy.type.matcher.v3.StringMatcher', headers: 'repeated envoy.config.route.v3.HeaderMatcher' },
  [`${rocketmq}.RouteAction`]: { cluster: 'string', metadata_match: metadata },
  [`${sip}.SipProxy`]: {
    stat_prefix: 'string',
    route_config: `${sip}.RouteConfiguration`,
    sip_filters: `repeated ${sip}.SipFilter`,
    settings: `${sip}.SipProxy.SipSettings`,
  },
  [`${sip}.SipProxy.SipSettings`]: {
    transaction_timeout: duration,
    local_services: `repeated ${sip}.LocalService`,
    tra_service_config: `${network}.sip_proxy.tra.v3alpha.TraServiceConfig`,
    operate_via: 'bool',
  },
  [`${sip}.LocalService`]: { domain: 'string', parameter: 'string' },
  [`${network}.sip_proxy.tra.v3alpha.TraServiceConfig`]: {
    grpc_service: 'envoy.config.core.v3.GrpcService',
    transport_api_version: 'string',
    timeout: duration,
  },
  [`${sip}.SipFilter`]: { name: 'string', typed_config: any },
  [`${sip}.RouteConfiguration`]: { name: 'string', routes: `repeated ${sip}.Route` },
  [`${sip}.Route`]: { match: `${sip}.RouteMatch`, route: `${sip}.RouteAction` },
  [`${sip}.RouteMatch`]: { domain: 'string', header: 'string', parameter: 'string' },
  [`${sip}.RouteAction`]: { cluster: 'string' },
  [`${kafka}.KafkaMesh`]: {
    advertised_host: 'string',
    advertised_port: 'int32',
    upstream_clusters: `repeated ${kafka}.KafkaClusterDefinition`,
    forwarding_rules: `repeated ${kafka}.ForwardingRule`,
  },
  [`${kafka}.KafkaClusterDefinition`]: {
    cluster_name: 'string',
    bootstrap_servers: 'string',
    partition_count: 'int32',
    producer_config: 'map<string, string>',
    consumer_config: 'map<string, string>',
  },
  [`${kafka}.ForwardingRule`]: { target_cluster: 'string', topic_prefix: 'string' },
  [`${meta}.config.route.v1alpha.RouteAction`]: { cluster: 'string' },
  'envoy.extensions.router.cluster_specifier.golang.v3alpha.Config': golangSpecifier,
  'envoy.extensions.http.cluster_specifier.golang.v3alpha.Config': golangSpecifier,
  'envoy.extensions.filters.http.squash.v3.Squash': { cluster: 'string', attachment_template: 'google.protobuf.Struct' },
  'envoy.extensions.filters.http.sxg.v3alpha.SXG': {
    certificate: secret,
    private_key: secret,
    duration,
    mi_record_size: 'uint64',
    cbor_url: 'string',
    validity_url: 'string',
    client_can_accept_sxg_header: 'string',
    should_encode_sxg_header: 'string',
    header_prefix_filters: 'repeated string',
  },
  'envoy.extensions.filters.http.golang.v3alpha.Config': {
    library_id: 'string',
    library_path: 'string',
    plugin_name: 'string',
    plugin_config: any,
    merge_policy: 'string',
    generic_secrets: `repeated ${secret}`,
  },
};

const FIELD = /^(?:(repeated) |map<string, )?([\w.]+)>?$/;

/** Messages that no descriptor describes, by full name. */
export const overlayMessages: ReadonlyMap<string, MessageDescription> = new Map(
  Object.entries({ ...istio, ...contrib }).map(([name, fields]): [string, MessageDescription] => [name, describe(fields)]),
);

const listener = 'envoy.config.listener.v3.Listener';
const cluster = 'envoy.config.cluster.v3.Cluster';
const routes = 'envoy.config.route.v3.RouteConfiguration';
const endpoints = 'envoy.config.endpoint.v3.ClusterLoadAssignment';
const admin = 'envoy.admin.v3';

/** `message.field` of an `Any` that always holds one message, for documents that leave its `@type` out. */
export const overlayAnyTypes: ReadonlyMap<string, string> = new Map([
  [`${admin}.ListenersConfigDump.StaticListener.listener`, listener],
  [`${admin}.ListenersConfigDump.DynamicListenerState.listener`, listener],
  [`${admin}.ClustersConfigDump.StaticCluster.cluster`, cluster],
  [`${admin}.ClustersConfigDump.DynamicCluster.cluster`, cluster],
  [`${admin}.RoutesConfigDump.StaticRouteConfig.route_config`, routes],
  [`${admin}.RoutesConfigDump.DynamicRouteConfig.route_config`, routes],
  [`${admin}.ScopedRoutesConfigDump.InlineScopedRouteConfigs.scoped_route_configs`, 'envoy.config.route.v3.ScopedRouteConfiguration'],
  [`${admin}.ScopedRoutesConfigDump.DynamicScopedRouteConfigs.scoped_route_configs`, 'envoy.config.route.v3.ScopedRouteConfiguration'],
  [`${admin}.EndpointsConfigDump.StaticEndpointConfig.endpoint_config`, endpoints],
  [`${admin}.EndpointsConfigDump.DynamicEndpointConfig.endpoint_config`, endpoints],
  [`${admin}.SecretsConfigDump.StaticSecret.secret`, 'envoy.extensions.transport_sockets.tls.v3.Secret'],
  [`${admin}.SecretsConfigDump.DynamicSecret.secret`, 'envoy.extensions.transport_sockets.tls.v3.Secret'],
  [`${admin}.EcdsConfigDump.EcdsFilterConfig.ecds_filter`, 'envoy.config.core.v3.TypedExtensionConfig'],
]);

/** Old names whose successor the descriptors do not tell. */
export const overlayAliases: ReadonlyMap<string, string> = new Map([
  ['envoy.config.filter.network.client_ssl_auth.v2.ClientSSLAuth', `${network}.client_ssl_auth.v3.ClientSSLAuth`],
  ['envoy.config.filter.network.rocketmq_proxy.v3.RocketmqProxy', `${rocketmq}.RocketmqProxy`],
  ['envoy.config.filter.http.squash.v2.Squash', 'envoy.extensions.filters.http.squash.v3.Squash'],
  ['envoy.extensions.filters.http.golang.v3.Config', 'envoy.extensions.filters.http.golang.v3alpha.Config'],
]);

function describe(fields: Fields): MessageDescription {
  return { fields: Object.entries(fields).map(([name, type]) => describeField(name, type)), oneofs: [], complete: false };
}

function describeField(name: string, text: string): Field {
  const [, repeated, type = ''] = FIELD.exec(text) ?? [];
  const isMessage = type.includes('.');
  return {
    name,
    jsonName: jsonNameOf(name),
    type: isMessage ? 'message' : (type as ScalarType),
    repeated: repeated !== undefined,
    deprecated: false,
    disallowedByDefault: false,
    removed: false,
    sensitive: false,
    ...(isMessage && { message: type }),
    ...(text.startsWith('map<') && { mapKey: 'string' as const }),
  };
}
