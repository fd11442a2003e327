/** Under which address the next proxy sees us: the cluster's bound source, the client's own (original_src), or the proxy's IP. */
import { isLoopback, type Address } from '../../model/address';
import type { ConfigNode } from '../../schema/configNode';
import type { ConnectionFacts } from '../facts/connection';
import { clientAddress } from '../facts/peerAddress';
import type { Hop } from '../hop';
import { disabledByRoute } from '../httpFilters/perRouteConfig';
import { boundSourceOf } from './boundSource';

/** undefined where the files do not tell. */
export function sourceOf(hop: Hop, cluster: ConfigNode, destination: Address): ConnectionFacts['source'] {
  const bound = boundSourceOf(hop.proxy, cluster, destination.kind === 'ip' ? destination.ip : undefined);
  if (bound === 'unknown') return undefined;
  if (bound !== undefined) return { ip: bound, port: undefined };
  if (keepsSourceOfRequest(hop)) {
    const client = clientAddress(hop);
    if (client === 'unknown') return undefined;
    if (client !== 'none') return { ip: client.ip, port: undefined };
  }
  if (keepsSource(hop)) return hop.connection.source && { ip: hop.connection.source.ip, port: undefined };
  if (destination.kind !== 'ip') return undefined;
  const isIpv6 = destination.ip.includes(':');
  // The kernel reaches the loopback from the loopback.
  if (isLoopback(destination.ip)) return { ip: isIpv6 ? '::1' : '127.0.0.1', port: undefined };
  const own = hop.proxy.proxyNode.ips.find((ip) => ip.includes(':') === isIpv6);
  return own === undefined ? undefined : { ip: own, port: undefined };
}

/** The request's own client, as X-Forwarded-For tells it (Envoy: source/extensions/filters/http/original_src/original_src.cc). */
function keepsSourceOfRequest({ http }: Hop): boolean {
  const filters = http ? (http.httpFilters ?? http.manager.list('http_filters')) : [];
  return filters.some((filter) => {
    if (filter.typed()?.type !== HTTP_ORIGINAL_SRC) return false;
    const isOff = http && (disabledByRoute(http, filter.string('name'))?.isDisabled ?? filter.bool('disabled') === true);
    return isOff !== true;
  });
}

const HTTP_ORIGINAL_SRC = 'envoy.extensions.filters.http.original_src.v3.OriginalSrc';

/** Envoy: source/extensions/filters/listener/original_src. */
function keepsSource({ listener }: Hop): boolean {
  return (listener?.list('listener_filters') ?? []).some((filter) => filter.typed()?.type.endsWith('.OriginalSrc') === true);
}
