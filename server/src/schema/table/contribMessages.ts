/** Messages of Envoy's contrib extensions, which no descriptor describes; the notation of a field is in overlay.ts. */
import type { Fields } from './messageDescription';

const metadata = 'envoy.config.core.v3.Metadata';
const secret = 'envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig';
const duration = 'google.protobuf.Duration';
const any = 'google.protobuf.Any';
const network = 'envoy.extensions.filters.network';
const rocketmq = `${network}.rocketmq_proxy.v3`;
const sip = `${network}.sip_proxy.v3alpha`;
const kafka = `${network}.kafka_mesh.v3alpha`;
const golangSpecifier = { library_id: 'string', library_path: 'string', default_cluster: 'string', config: any };

/** Contrib: the messages on the way from a filter to a name that it holds. */
export const contribMessages: Readonly<Record<string, Fields>> = {
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
  [`${network}.meta_protocol_proxy.config.route.v1alpha.RouteAction`]: { cluster: 'string' },
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

/** Contrib messages that name nothing: known, so that their `@type` is no mistake. Their fields are not described. */
export const opaqueMessages: readonly string[] = [
  'envoy.extensions.compression.qatzip.compressor.v3alpha.Qatzip',
  'envoy.extensions.compression.qatzstd.compressor.v3alpha.Qatzstd',
  'envoy.extensions.config.v3alpha.KeyValueStoreXdsDelegateConfig',
  'envoy.extensions.filters.http.checksum.v3alpha.ChecksumConfig',
  'envoy.extensions.filters.http.dynamo.v3.Dynamo',
  'envoy.extensions.filters.http.golang.v3alpha.ConfigsPerRoute',
  'envoy.extensions.filters.http.language.v3alpha.Language',
  'envoy.extensions.filters.listener.postgres_inspector.v3alpha.PostgresInspector',
  `${network}.golang.v3alpha.Config`,
  `${network}.kafka_broker.v3.KafkaBroker`,
  `${network}.ldap_proxy.v3alpha.LdapProxy`,
  `${network}.mysql_proxy.v3.MySQLProxy`,
  `${network}.postgres_proxy.v3alpha.PostgresProxy`,
  `${network}.sip_proxy.router.v3alpha.Router`,
  `${network}.smtp_proxy.v3alpha.SmtpProxy`,
  'envoy.extensions.matching.input_matchers.hyperscan.v3alpha.Hyperscan',
  'envoy.extensions.network.connection_balance.dlb.v3alpha.Dlb',
  'envoy.extensions.private_key_providers.cryptomb.v3alpha.CryptoMbPrivateKeyMethodConfig',
  'envoy.extensions.private_key_providers.kae.v3alpha.KaePrivateKeyMethodConfig',
  'envoy.extensions.private_key_providers.qat.v3alpha.QatPrivateKeyMethodConfig',
  'envoy.extensions.regex_engines.hyperscan.v3alpha.Hyperscan',
  'envoy.extensions.tap_sinks.udp_sink.v3alpha.UdpSink',
  'envoy.extensions.upstreams.http.tcp.golang.v3alpha.Config',
  'envoy.extensions.vcl.v3alpha.VclSocketInterface',
];
