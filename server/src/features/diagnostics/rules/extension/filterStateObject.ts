/** Objects of filter state that Envoy can make (StreamInfo::FilterState::ObjectFactory). */
import type { ConfigNode } from '../../../../schema/configNode';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

/** Keys whose objects Envoy knows how to make (the category `filter_state.object`). */
const OBJECTS: ReadonlySet<string> = new Set(
  `ai.llm_protocol.request ai.model.request bool filters.listener.original_dst.local_ip filters.listener.original_dst.remote_ip hashable_string
   network.application_protocols network.ip network.network_namespace network.transport_socket.http_11_proxy.info
   network.transport_socket.original_dst_address network.upstream_server_name network.upstream_subject_alt_names ratelimit.hits_addend
   router.debug_config string tcp_proxy.cluster tcp_proxy.disable_tunneling tcp_proxy.per_connection_idle_timeout_ms upstream.dynamic_host
   upstream.dynamic_port`
    .split(/\s+/)
    .map((name) => `envoy.${name}`),
);

/** A key for which no object can be made, without a factory that could. */
export function checkObject(value: ConfigNode): Problem | undefined {
  const at = value.get('factory_key') ?? value.get('object_key');
  const name = at?.asString() ?? '';
  // Istio's proxy has objects of its own.
  return at && name !== '' && !OBJECTS.has(name) && !name.startsWith('io.istio.')
    ? errorAt(at, `No object of filter state can be made for "${name.slice(0, 80)}": set a "factory_key" such as envoy.string.`)
    : undefined;
}
