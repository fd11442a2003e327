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
  new RegExp(`(?:^|[\\s"'{,-])(?:${[...new Set(keys.flatMap((key) => [key, camelCase(key)]))].join('|')})["']?\\s*:`),
];

/** True when the beginning of `text` looks like something of Envoy's, Istio's or ztunnel's. Says yes rather too often: the server looks again. */
export function sniffConfiguration(text: string): boolean {
  const beginning = text.slice(0, SNIFFED_LENGTH);
  return contents.some((content) => content.test(beginning));
}

function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
