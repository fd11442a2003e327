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

/** Words that others have too: all of them together give a piece away. */
const together: readonly (readonly RegExp[])[] = [
  [keyPattern('match'), keyPattern('route|redirect|direct_?[rR]esponse'), keyPattern('prefix|path|headers')],
  [keyPattern('domains'), keyPattern('routes')],
  [keyPattern('permissions'), keyPattern('principals')],
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
  keyPattern([...new Set(keys.flatMap((key) => [key, camelCase(key)]))].join('|')),
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
