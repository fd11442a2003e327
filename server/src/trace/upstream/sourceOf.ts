/** Under which address the next proxy sees us: the cluster's bound source, the client's own (original_src), or the proxy's IP. */
import type { Address } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import { boundSourceOf } from '../cluster/originalDestination';
import type { ConnectionFacts } from '../facts/connection';
import type { Hop } from '../hop';

/** undefined where the files do not tell. */
export function sourceOf(hop: Hop, cluster: ConfigNode, destination: Address): ConnectionFacts['source'] {
  const bound = boundSourceOf(cluster);
  if (bound !== undefined && bound !== '0.0.0.0' && bound !== '::') return { ip: bound, port: undefined };
  if (keepsSource(hop)) return hop.connection.source && { ip: hop.connection.source.ip, port: undefined };
  if (destination.kind !== 'ip') return undefined;
  const { ips } = hop.proxy.proxyNode;
  const own = ips.find((ip) => ip.includes(':') === destination.ip.includes(':')) ?? ips[0];
  return own === undefined ? undefined : { ip: own, port: undefined };
}

/** Envoy: source/extensions/filters/listener/original_src. */
function keepsSource({ listener }: Hop): boolean {
  return (listener?.list('listener_filters') ?? []).some((filter) => filter.typed()?.type.endsWith('.OriginalSrc') === true);
}
