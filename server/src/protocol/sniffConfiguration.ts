/** Decides from the first few KB of a text whether it may be an Envoy or Istio configuration: one rule for the client (start the server?) and the server (read the file?). */

/** How much of a document is looked at, in UTF-16 units. */
export const SNIFFED_LENGTH = 24 * 1024;

/** Keys that stand in Envoy's and ztunnel's documents and hardly anywhere else; each also in camelCase. */
const keys = [
  'configs',
  'static_resources',
  'dynamic_resources',
  'dynamic_listeners',
  'dynamic_active_clusters',
  'static_route_configs',
  'dynamic_route_configs',
  'static_clusters',
  'static_listeners',
  'static_endpoint_configs',
  'dynamic_endpoint_configs',
  'version_info',
  'filter_chains',
  'filter_chain_matcher',
  'filter_chain_match',
  'default_filter_chain',
  'listener_filters',
  'api_listener',
  'virtual_hosts',
  'route_config',
  'route_config_name',
  'weighted_clusters',
  'direct_response',
  'load_assignment',
  'lb_endpoints',
  'lb_policy',
  'cluster_name',
  'cluster_type',
  'cluster_statuses',
  'host_statuses',
  'eds_cluster_config',
  'connect_timeout',
  'transport_socket',
  'typed_config',
  'typed_extension_protocol_options',
  'typed_per_filter_config',
  'socket_address',
  'server_listener_name',
  'envoy_internal_address',
  'tls_certificate',
  'validation_context',
  'validation_context_sds_secret_config',
  'generic_secret',
  'on_no_match',
  'matcher_tree',
  'layered_runtime',
  'resource_monitors',
  'proxy_status',
  'connection_manager',
  'stat_prefix',
  'ads_config',
  'admin',
  'workloads',
  'workload_policies',
  'workload_ips',
  'application_tunnel',
  'vips',
  'cert_chain',
  'xds_config',
  'generic_xds_configs',
  // Of pieces: a route, a health check, TLS settings, an access log …
  'http_filters',
  'access_log',
  'port_value',
  'prefix_rewrite',
  'regex_rewrite',
  'host_rewrite_literal',
  'path_separated_prefix',
  'safe_regex',
  'safe_regex_match',
  'string_match',
  'cluster_header',
  'retry_on',
  'retry_policy',
  'per_try_timeout',
  'hash_policy',
  'rate_limits',
  'request_headers_to_add',
  'request_headers_to_remove',
  'response_headers_to_add',
  'response_headers_to_remove',
  'append_action',
  'health_checks',
  'http_health_check',
  'unhealthy_threshold',
  'circuit_breakers',
  'max_pending_requests',
  'outlier_detection',
  'consecutive_5xx',
  'base_ejection_time',
  'lb_subset_config',
  'ring_hash_lb_config',
  'dns_lookup_family',
  'http2_protocol_options',
  'explicit_http_config',
  'upstream_http_protocol_options',
  'common_http_protocol_options',
  'common_tls_context',
  'tls_certificates',
  'alpn_protocols',
  'require_client_certificate',
  'match_typed_subject_alt_names',
  'sds_config',
  'trusted_ca',
  'text_format_source',
  'json_format',
  'token_bucket',
  'runtime_fraction',
  'grpc_service',
  'envoy_grpc',
  'google_grpc',
  'http_uri',
  'remote_jwks',
  'local_jwks',
  'filter_metadata',
  'matcher_list',
  'exact_match_map',
  'prefix_match_map',
  'on_match',
  'principal_name',
  'direct_remote_ip',
  'url_path',
  // Of what istiod is told of the mesh.
  'extension_providers',
  'discovery_address',
  'root_namespace',
  'trust_domain',
  'enable_auto_mtls',
  'outbound_traffic_policy',
];

/** Fields of Envoy's own, by one of which a pasted piece is known: of routes, clusters, the connection manager, TLS, a bootstrap. */
const pieces = `
  bootstrap_extensions cluster_manager overload_manager stats_config stats_sinks stats_matcher static_layer rtds_layer
  disk_layer admin_layer default_config_source certificate_provider_instances local_cluster_name typed_dns_resolver_config
  upstream_bind_config https_redirect path_redirect host_redirect scheme_redirect port_redirect host_rewrite_header
  auto_host_rewrite host_rewrite host_rewrite_path_regex non_forwarding_action filter_action cluster_specifier_plugin
  cluster_specifier_plugins inline_cluster_specifier_plugin cluster_not_found_response_code metadata_match
  request_mirror_policies upgrade_configs upgrade_type connect_config connect_matcher path_match_policy
  internal_redirect_policy hedge_policy max_stream_duration max_grpc_timeout num_retries retry_back_off
  retriable_status_codes retry_host_predicate include_request_attempt_count virtual_clusters validate_clusters
  allow_origin_string_match per_filter_config header_value_match descriptor_key and_rules or_rules not_rule
  and_ids or_ids requested_server_name route_configuration_name scoped_routes srds_resources_locator codec_type
  use_remote_address xff_num_trusted_hops server_header_transformation forward_client_cert_details
  set_current_client_cert_details normalize_path merge_slashes path_with_escaped_slashes_action local_reply_config
  strip_any_host_port strip_matching_host_port stream_idle_timeout internal_address_config
  original_ip_detection_extensions tunneling_config scoped_rds requirement_map requires_any requires_all claim_to_headers
  forward_payload_header transport_socket_matches eds_config load_balancing_policy maglev_lb_config
  least_request_lb_config round_robin_lb_config original_dst_lb_config common_lb_config subset_selectors
  locality_weighted_lb_config zone_aware_lb_config healthy_panic_threshold preconnect_policy upstream_connection_options
  dns_refresh_rate respect_dns_ttl tcp_health_check grpc_health_check custom_health_check healthy_threshold
  no_traffic_interval per_connection_buffer_limit_bytes path_config_source api_config_source resource_api_version
  transport_api_version initial_fetch_timeout config_discovery channel_credentials call_credentials
  accept_http_10 max_concurrent_streams initial_stream_window_size use_downstream_protocol_config http_protocol_options
  http3_protocol_options headers_with_underscores_action address_prefix prefix_ranges source_prefix_ranges
  application_protocols transport_protocol use_original_dst bind_to_port internal_listener udp_listener_config
  connection_balance_config access_log_options inline_string inline_bytes tls_params tls_minimum_protocol_version
  tls_certificate_sds_secret_configs combined_validation_context default_validation_context match_subject_alt_names
  verify_certificate_hash verify_certificate_spki session_ticket_keys require_sni
`;

/** Words that others have too: all of them together give a piece away. */
const together: readonly (readonly RegExp[])[] = [
  [keyPattern('match'), keyPattern('route|redirect|direct_?[rR]esponse'), keyPattern('prefix|path|headers')],
  [keyPattern('domains'), keyPattern('routes')],
  [keyPattern('permissions'), keyPattern('principals')],
  [keyPattern('clusters'), keyPattern('name'), keyPattern('weight')],
  [keyPattern('route'), keyPattern('cluster')],
  [keyPattern('node'), keyPattern('id'), keyPattern('cluster')],
];

const contents = [
  /type\.googleapis\.com\//,
  /["']?@type["']?\s*:/,
  /\benvoy\.(?:config|api|extensions|filters|type|service)\b/,
  /\b(?:networking|security|telemetry|extensions)\.istio\.io\//,
  /\bgateway\.networking\.k8s\.io\//,
  // A list of ztunnel's policies.
  /["']?scope["']?\s*:\s*["']?(?:Global|Namespace|WorkloadSelector)\b/,
  // The names that Istio gives to its clusters.
  /\b(?:inbound|outbound)(?:-vip|-pod)?_?\.?\|\d+\|/,
  // The tables that istioctl prints: the server says which command gives the real thing.
  /^(?:SERVICE FQDN|ENDPOINT\s+STATUS|RESOURCE NAME\s+TYPE|NAME\s+(?:VHOST NAME|DOMAINS)|ADDRESS(?:ES)?\s+PORT|LISTENER\s+CHAIN)\b/m,
  /["']?type["']?\s*:\s*["']?(?:STRICT_DNS|LOGICAL_DNS|ORIGINAL_DST|EDS)\b/,
  keyPattern([...new Set([...keys, ...pieces.trim().split(/\s+/)].flatMap((key) => [key, camelCase(key)]))].join('|')),
];

/** True when the beginning of `text` looks like something of Envoy's, Istio's or ztunnel's. Says yes rather too often: the server looks again. */
export function sniffConfiguration(text: string): boolean {
  const beginning = text.slice(0, SNIFFED_LENGTH);
  return contents.some((content) => content.test(beginning)) || together.some((words) => words.every((word) => word.test(beginning)));
}

/** A key, quoted or not. */
function keyPattern(names: string): RegExp {
  return new RegExp(`(?:^|[\\s"'{,-])(?:${names})["']?\\s*:`);
}

function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
