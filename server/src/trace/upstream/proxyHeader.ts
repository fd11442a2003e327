/** The header of the PROXY protocol that a transport socket, or the end of a CONNECT, writes before the bytes. */
import { readTyped, type ConfigNode } from '../../schema/configNode';
import type { Host } from '../cluster/discovery/host';
import type { ProxyHeaderLayer } from '../facts/connection';
import { NO_TLVS, passedThrough, type ProxyTlv, type ProxyTlvs } from '../facts/proxyTlv';
import { readTlvs } from '../format/readTlvs';
import type { Hop } from '../hop';
import { matchContextOf } from '../matcher/matchContext';

/**
 * The addresses of the connection that this proxy serves, whatever X-Forwarded-For says; none of an internal connection
 * (Envoy: transport_sockets/proxy_protocol/proxy_protocol.cc, conn_manager_impl.cc initializeReadFilterCallbacks, tcp_proxy.cc;
 * upstreams/http/tcp/upstream_request.cc for a CONNECT). `config`: `core.v3.ProxyProtocolConfig`.
 */
export function proxyHeader({ connection: { source, destination } }: Hop, config: ConfigNode | undefined): ProxyHeaderLayer {
  const version = config?.isEnum('version', 'V2', 1) ? 'V2' : 'V1';
  const addresses = destination?.kind === 'ip' ? { source, destination } : { source: undefined, destination: undefined };
  return { kind: 'proxy_header', version, ...addresses, tlvs: NO_TLVS };
}

/** The same of a transport socket, which can tell more than addresses. */
export function proxyHeaderOfSocket(hop: Hop, socket: ConfigNode, host: Host | undefined): ProxyHeaderLayer {
  const config = socket.get('config');
  const header = proxyHeader(hop, config);
  return header.version === 'V1' || !header.destination ? header : { ...header, tlvs: tlvsToSend(hop, config, host) };
}

const HOST_TLVS = 'envoy.transport_sockets.proxy_protocol';

/** Those of the host, then of the socket, then what the client's header brought: the first that has a number says it. */
function tlvsToSend(hop: Hop, config: ConfigNode | undefined, host: Host | undefined): ProxyTlvs {
  const context = matchContextOf(hop);
  const ofHost = host?.metadata?.get('typed_filter_metadata')?.entry(HOST_TLVS);
  const own = readTlvs(ofHost ? readTyped(ofHost).node.list('added_tlvs') : [], context);
  const added = [...own, ...withoutTypesOf(own, readTlvs(config?.list('added_tlvs') ?? [], context))];
  const { list, others } = passedThrough(config, hop.connection.proxyTlvs ?? NO_TLVS);
  return { list: [...added, ...withoutTypesOf(added, list)], ...(others && { others }) };
}

function withoutTypesOf(first: readonly ProxyTlv[], second: readonly ProxyTlv[]): ProxyTlv[] {
  return second.filter(({ type }) => !first.some((each) => each.type === type));
}
