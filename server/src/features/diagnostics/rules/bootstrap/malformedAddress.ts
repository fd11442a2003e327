/** Addresses that are used as they stand: of the admin, of statistics, of proxies and DNS servers. */
import type { ConfigNode } from '../../../../schema/configNode';
import { isBootstrapResolverUnused } from '../../bootstrapResolver';
import { checkAddress } from '../../checkAddress';
import { usesDns } from '../cluster/clusterKind';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { typesAbove } from '../../typesAbove';

const own = (owner: ConfigNode): (Problem | undefined)[] => [checkAddress(owner.get('address'))];

export const malformedAddress = refusalRule('malformed-address', {
  'envoy.config.bootstrap.v3.Admin': own,
  'envoy.config.metrics.v3.StatsdSink': own,
  'envoy.config.metrics.v3.DogStatsdSink': own,
  'envoy.extensions.stat_sinks.graphite_statsd.v3.GraphiteStatsdSink': own,
  'envoy.config.endpoint.v3.Endpoint.HealthCheckConfig': (config) => (isOfNamedEndpoint(config) || isFoundByDns(config) ? [] : own(config)),
  'envoy.extensions.transport_sockets.http_11_proxy.v3.Http11ProxyUpstreamTransport': (socket) => [
    checkAddress(socket.get('default_proxy_address')),
  ],
  'envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig': (resolver) =>
    isUnused(resolver) ? [] : resolver.list('resolvers').map(checkServer),
  'envoy.config.trace.v3.XRayConfig': (config) => {
    const daemon = config.get('daemon_endpoint');
    return [daemon && checkHost(daemon)];
  },
});

/** Endpoints that others name: what nobody names is not looked at. */
function isOfNamedEndpoint(config: ConfigNode): boolean {
  return config.parent?.parent?.isField('named_endpoints') ?? false;
}

/** Of hosts that DNS tells later, what health checks ask is made then. */
function isFoundByDns(config: ConfigNode): boolean {
  const cluster = config.enclosing('load_assignment')?.parent;
  return cluster !== undefined && usesDns(cluster);
}

/**
 * The resolver of a cluster that asks no DNS (it stands in `typed_dns_resolver_config.typed_config`), of a bootstrap where no cache asks it,
 * or of a DNS filter, which makes it with its first request.
 */
function isUnused(resolver: ConfigNode): boolean {
  const cluster = resolver.parent?.parent;
  if (cluster && !cluster.parent && !cluster.has('connect_timeout') && isBootstrapResolverUnused(cluster)) return true;
  if (cluster && typesAbove(cluster)[0]?.includes('.udp.dns_filter.')) return true;
  return cluster !== undefined && cluster.has('connect_timeout') && !usesDns(cluster);
}

function checkServer(address: ConfigNode): Problem | undefined {
  const wrong = checkAddress(address);
  if (wrong) return wrong;
  const socket = address.get('socket_address');
  if (socket && !socket.isIncomplete && socket.string('address') === '') return errorAt(socket, 'Malformed IP address: "".');
  return address.has('socket_address') || address.isIncomplete ? undefined : errorAt(address, 'A DNS server must be an IP address.');
}

/** A SocketAddress by itself. */
function checkHost(socket: ConfigNode): Problem | undefined {
  const text = socket.get('address');
  return text && /[^0-9a-fA-F.:]/.test(text.asString() ?? '') ? errorAt(text, 'Malformed IP address.') : undefined;
}
