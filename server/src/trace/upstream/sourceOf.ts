/** Under which address the next proxy sees us: the cluster's bound source, the client's own (original_src), or the proxy's IP. */
import { isLoopback, type Address } from '../../model/address';
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
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
  if (hop.listener && keepsSource(hop.listener)) return hop.connection.source && { ip: hop.connection.source.ip, port: undefined };
  if (destination.kind !== 'ip') return undefined;
  const isIpv6 = destination.ip.includes(':');
  // The kernel reaches the loopback from the loopback.
  if (isLoopback(destination.ip)) return { ip: isIpv6 ? '::1' : '127.0.0.1', port: undefined };
  const own = hop.proxy.proxyNode.ips.find((ip) => ip.includes(':') === isIpv6);
  return own === undefined ? undefined : { ip: own, port: undefined };
}

/** The request's own client, as X-Forwarded-For tells it (Envoy: source/extensions/filters/http/original_src/original_src.cc). */
function keepsSourceOfRequest({ http }: Hop): boolean {
  if (!http) return false;
  const filters = http.httpFilters?.filter(isOriginalSource) ?? originalSourcesOf(http.manager);
  return filters.some((filter) => !(disabledByRoute(http, filter.string('name'))?.isDisabled ?? filter.bool('disabled') === true));
}

const originalSourcesOf: (manager: ConfigNode) => readonly ConfigNode[] = memoizeByNode((manager) =>
  manager.list('http_filters').filter(isOriginalSource),
);

function isOriginalSource(filter: ConfigNode): boolean {
  return filter.typed()?.type === 'envoy.extensions.filters.http.original_src.v3.OriginalSrc';
}

/** Envoy: source/extensions/filters/listener/original_src. */
const keepsSource: (listener: ConfigNode) => boolean = memoizeByNode((listener) =>
  listener.list('listener_filters').some((filter) => filter.typed()?.type.endsWith('.OriginalSrc') === true),
);
