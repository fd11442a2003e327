/** dynamic_forward_proxy: the host is the one that the request names (Envoy: source/extensions/clusters/dynamic_forward_proxy/cluster.cc). */
import { canonicalIp, type Address } from '../../../model/address';
import type { ConfigNode } from '../../../schema/configNode';
import type { Hop } from '../../hop';
import { say, type Sentence } from '../../record/sentence';

export type DynamicHost =
  | { readonly kind: 'address'; readonly address: Address; readonly because: Sentence }
  | { readonly kind: 'none'; readonly because: Sentence }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

const HOST_KEY = 'envoy.upstream.dynamic_host';
const PORT_KEY = 'envoy.upstream.dynamic_port';

/** Filter state wins over `:authority` (or the SNI, for TCP); without a port 443 where the cluster speaks TLS, else 80. */
export function dynamicHost(hop: Hop, cluster: ConfigNode): DynamicHost {
  const state = stateOf(hop, HOST_KEY);
  const portState = stateOf(hop, PORT_KEY);
  if (state?.unknown || portState?.unknown) return { kind: 'unknown', missing: say`the value of filter state ${HOST_KEY}` };
  const asked = hop.http ? hop.http.request.authority : hop.connection.serverName;
  const text = state?.value ?? asked;
  if (text === '') return { kind: 'none', because: say`the request names no host` };
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? text;
  const port = Number(portState?.value ?? match?.[3] ?? (cluster.has('transport_socket') ? 443 : 80));
  if (!hop.http && !isResolved(hop, cluster, `${host}:${port}`))
    return { kind: 'none', because: say`nobody has looked up ${`${host}:${port}`} before, and a TCP connection does not wait for it` };
  const ip = canonicalIp(host);
  const because = state ? say`filter state ${HOST_KEY} names it` : hop.http ? say`the request's authority names it` : say`the SNI names it`;
  return { kind: 'address', address: ip === undefined ? { kind: 'dns', host, port } : { kind: 'ip', ip, port }, because };
}

/** A TCP connection takes what is in the DNS cache (Envoy: ClusterEntry::tcpConnPool, onlyAllowSynchronousHostSelection). */
function isResolved({ connection }: Hop, cluster: ConfigNode, name: string): boolean {
  if (connection.resolvedName === name) return true;
  const before = cluster.get('cluster_type')?.typed()?.node.get('dns_cache_config')?.list('preresolve_hostnames') ?? [];
  return before.some((each) => `${each.string('address')}:${each.number('port_value') ?? 0}` === name);
}

function stateOf(hop: Hop, key: string): { value: string; unknown?: boolean } | undefined {
  return hop.http?.filterState.get(key) ?? hop.connection.filterState.get(key);
}
