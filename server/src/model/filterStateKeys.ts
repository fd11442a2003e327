/** Objects of filter state that Envoy itself can make (StreamInfo::FilterState::ObjectFactory, category `filter_state.object`), by their keys. */
import { wordTable } from '../text/wordTable';

/** What each changes, '' where the key says it; those of 1.40 (docs: configuration/advanced/well_known_filter_state). */
export const FILTER_STATE_KEYS: Readonly<Record<string, string>> = wordTable({
  'envoy.ai.llm_protocol.request': '',
  'envoy.ai.model.request': '',
  'envoy.bool': 'Factory for keys of your own: `true` or `false`.',
  'envoy.filters.listener.original_dst.local_ip': 'The original destination that an internal listener takes: `IP:PORT`.',
  'envoy.filters.listener.original_dst.remote_ip': 'The source address that an internal listener takes: `IP:PORT`.',
  'envoy.hashable_string': 'Factory for keys of your own: a text by which a hash policy can choose a host.',
  'envoy.network.application_protocols': 'The ALPN protocols towards the upstream host, before those of the cluster: `h2,http/1.1`.',
  'envoy.network.ip': 'Factory for keys of your own: an IP address.',
  'envoy.network.network_namespace': 'The network namespace in which the upstream connection is made.',
  'envoy.network.transport_socket.http_11_proxy.info': 'The HTTP proxy through which the upstream connection is made.',
  'envoy.network.transport_socket.original_dst_address': 'The host that an ORIGINAL_DST cluster chooses: `IP:PORT`.',
  'envoy.network.upstream_server_name': 'The server name (SNI) towards the upstream host, before that of the cluster.',
  'envoy.network.upstream_subject_alt_names':
    "Names of which the upstream host's certificate must have one, besides what the cluster demands; by commas.",
  'envoy.ratelimit.hits_addend': 'How much one request counts in rate limits.',
  'envoy.router.debug_config': '',
  'envoy.string': 'Factory for keys of your own: a text.',
  'envoy.tcp_proxy.cluster': 'The cluster that the tcp_proxy behind takes in place of its own.',
  'envoy.tcp_proxy.disable_tunneling': '`true`: the tcp_proxy behind makes no tunnel, whatever its `tunneling_config` says.',
  'envoy.tcp_proxy.per_connection_idle_timeout_ms': "The idle timeout of this connection in milliseconds, in place of the tcp_proxy's own.",
  'envoy.upstream.dynamic_host': 'The host that a dynamic forward proxy asks DNS for.',
  'envoy.upstream.dynamic_port': 'The port at that host.',
});
