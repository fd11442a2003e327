/** Routes of Dubbo and Thrift, limits of connections, and tables of DNS names, that Envoy refuses (source/extensions/filters/network, …/udp/dns_filter). */
import { canonicalIp } from '../../../../model/address';
import type { ConfigNode } from '../../../../schema/configNode';
import type { CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { needsOneOf } from '../../settingChecks';

const NETWORK = 'envoy.extensions.filters.network';

export const protocolSettings: Readonly<Record<string, CheckMessage>> = {
  [`${NETWORK}.dubbo_proxy.v3.Route`]: (route) => [matchesNothing(route.get('match'))],
  [`${NETWORK}.thrift_proxy.v3.WeightedCluster.ClusterWeight`]: (cluster) => [lacksWeight(cluster)],
  // connection_limit.cc: the wrapper has no default.
  [`${NETWORK}.connection_limit.v3.ConnectionLimit`]: (limit) => [
    needsOneOf(limit, ['max_connections'], 'The "max_connections" are missing.'),
  ],
  'envoy.data.dns.v3.DnsTable.AddressList': (list) => list.list('address').map(checkAddress),
};

/** dubbo_proxy/router/route_matcher.cc: headers alone do not do. */
function matchesNothing(match: ConfigNode | undefined): Problem | undefined {
  return match && !match.isIncomplete && !match.path('method', 'name')
    ? errorAt(match, 'The configuration must define a matcher: the "name" of a "method".')
    : undefined;
}

/** The weight of a cluster has no default here (thrift_proxy/router/router_impl.cc). */
function lacksWeight(cluster: ConfigNode): Problem | undefined {
  return cluster.isIncomplete || cluster.has('weight') ? undefined : errorAt(cluster, 'The "weight" of the cluster is missing.');
}

function checkAddress(address: ConfigNode): Problem | undefined {
  const text = address.asString() ?? '';
  return text !== '' && canonicalIp(text) === undefined ? errorAt(address, `Malformed IP address: "${text.slice(0, 80)}".`) : undefined;
}
