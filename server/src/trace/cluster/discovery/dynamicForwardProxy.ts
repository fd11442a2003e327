/** dynamic_forward_proxy: the host is the one that the request names (Envoy: source/extensions/clusters/dynamic_forward_proxy/cluster.cc). */
import { objectAt, objectOfStream } from '../../facts/filterStateObject';
import { canonicalIp, type Address } from '../../../model/address';
import type { ConfigNode } from '../../../schema/configNode';
import type { Hop } from '../../hop';
import type { HttpStream } from '../../httpStream';
import { say, type Sentence } from '../../record/sentence';
import { readTransportSocket } from '../../upstream/readTransportSocket';

export type DynamicHost =
  | {
      readonly kind: 'address';
      readonly address: Address;
      /** With its port, as DNS caches have it. */
      readonly hostname: string;
      readonly because: Sentence;
    }
  | { readonly kind: 'none'; readonly because: Sentence }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

const HOST_KEY = 'envoy.upstream.dynamic_host';
const PORT_KEY = 'envoy.upstream.dynamic_port';

/**
 * Filter state wins over `:authority` (or the SNI, for TCP); a port that stands in the name itself over that of filter state; without one 443 where
 * the cluster speaks TLS, else 80. With `sub_clusters_config` only a host for which the filter has made a cluster is there.
 */
export function dynamicHost(hop: Hop, cluster: ConfigNode): DynamicHost {
  const state = objectOfStream(hop, HOST_KEY);
  const portState = objectOfStream(hop, PORT_KEY);
  if (state?.unknown || portState?.unknown) return { kind: 'unknown', missing: say`the value of filter state ${HOST_KEY}` };
  const asked = hop.http ? hop.http.request.authority : hop.connection.serverName;
  const text = state?.value ?? asked;
  if (text === '') return { kind: 'none', because: say`the request names no host` };
  const named = readName(text, cluster);
  const { host } = named;
  const port = Number(named.port ?? portState?.value ?? named.defaultPort);
  if (hasSubClusters(cluster) && hop.http?.subCluster !== `${host}:${port}`)
    return { kind: 'none', because: say`no filter has made a cluster for ${`${host}:${port}`} (sub_clusters_config)` };
  if (!hop.http && !isResolved(hop, cluster, `${host}:${port}`))
    return { kind: 'none', because: say`nobody has looked up ${`${host}:${port}`} before, and a TCP connection does not wait for it` };
  const ip = canonicalIp(host);
  const because = state ? say`filter state ${HOST_KEY} names it` : hop.http ? say`the request's authority names it` : say`the SNI names it`;
  const address: Address = ip === undefined ? { kind: 'dns', host, port } : { kind: 'ip', ip, port };
  return { kind: 'address', address, hostname: named.port === undefined ? `${text}:${port}` : text, because };
}

/** The host that the HTTP filter makes ready: filter state counts only where the filter may read it (applyFilterStateOverrides). */
export function preparedHost({ request, filterState }: HttpStream, cluster: ConfigNode, readsFilterState: boolean): string {
  const { host, port, defaultPort } = readName(request.authority, cluster);
  const state = (key: string): string | undefined => (readsFilterState ? objectAt(filterState, key)?.value : undefined);
  return `${state(HOST_KEY) ?? host}:${state(PORT_KEY) ?? port ?? defaultPort}`;
}

/** A cluster for every host in place of a DNS cache. */
export function hasSubClusters(cluster: ConfigNode): boolean {
  return cluster.get('cluster_type')?.typed()?.node.has('sub_clusters_config') === true;
}

function readName(text: string, cluster: ConfigNode): { host: string; port: string | undefined; defaultPort: string } {
  const found = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text);
  const match = Number(found?.[3] ?? 0) <= 65535 ? found : undefined;
  const isSecure = readTransportSocket(cluster.get('transport_socket')).tls !== undefined;
  return { host: match?.[1] ?? match?.[2] ?? text, port: match?.[3], defaultPort: isSecure ? '443' : '80' };
}

/** A TCP connection takes what is in the DNS cache (Envoy: ClusterEntry::tcpConnPool, onlyAllowSynchronousHostSelection). */
function isResolved({ connection }: Hop, cluster: ConfigNode, name: string): boolean {
  if (connection.resolvedName === name) return true;
  const before = cluster.get('cluster_type')?.typed()?.node.get('dns_cache_config')?.list('preresolve_hostnames') ?? [];
  return before.some((each) => `${each.string('address')}:${each.number('port_value') ?? 0}` === name);
}
