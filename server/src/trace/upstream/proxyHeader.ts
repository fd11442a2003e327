/** The header of the PROXY protocol that a transport socket, or the end of a CONNECT, writes before the bytes. */
import type { ConfigNode } from '../../schema/configNode';
import type { ProxyHeaderLayer } from '../facts/connection';
import type { Hop } from '../hop';

/**
 * The addresses of the connection that this proxy serves, whatever X-Forwarded-For says; none of an internal connection
 * (Envoy: transport_sockets/proxy_protocol/proxy_protocol.cc, conn_manager_impl.cc initializeReadFilterCallbacks, tcp_proxy.cc;
 * upstreams/http/tcp/upstream_request.cc for a CONNECT). `config`: `core.v3.ProxyProtocolConfig`.
 */
export function proxyHeader({ connection: { source, destination } }: Hop, config: ConfigNode | undefined): ProxyHeaderLayer {
  const version = config?.isEnum('version', 'V2', 1) ? 'V2' : 'V1';
  return destination?.kind === 'ip'
    ? { kind: 'proxy_header', version, source, destination }
    : { kind: 'proxy_header', version, source: undefined, destination: undefined };
}
