/** envoy.filters.http.dynamic_forward_proxy (Envoy: source/extensions/filters/http/dynamic_forward_proxy/proxy_filter.cc). */
import { canonicalIp, joinHostPort, parseIpPort } from '../../../model/address';
import { hasSubClusters, preparedHost } from '../../cluster/discovery/dynamicForwardProxy';
import { knownHeader } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import type { HopResult } from '../../hop';
import { UPSTREAM_ADDRESS_KEY } from '../../rbac/testUpstreamAddress';
import { say, words } from '../../record/sentence';
import { leaveOpen, pass, tell, type FilterCall } from '../filterCall';
import { routeConfigOf } from '../perRouteConfig';

/** Only where the route leads to a cluster of that kind: resolves the host, which a route may rewrite first. */
export function runDynamicForwardProxy(call: FilterCall): HopResult | undefined {
  const { hop, http, config } = call;
  const cluster = hop.proxy.byName.cluster.get(http.clusterName ?? '')?.node;
  // The filter looks at the name of the cluster type, not at its configuration.
  if (cluster?.get('cluster_type')?.string('name') !== 'envoy.clusters.dynamic_forward_proxy')
    return pass(call, { because: words('the cluster of the route is no dynamic forward proxy'), at: cluster });
  const perRoute = routeConfigOf(http, call.name);
  const literal = perRoute?.node.string('host_rewrite_literal') ?? '';
  const header = perRoute?.node.string('host_rewrite_header') ?? '';
  const values = header === '' ? [] : knownHeader(http.request, header);
  if (values instanceof NotKnown) return leaveOpen(call, say`the host that header ${header} names: ${values.missing}`);
  http.request.authority = literal || (values[0] ?? http.request.authority);
  if (hasSubClusters(cluster)) http.subCluster = preparedHost(http, cluster, config.bool('allow_dynamic_host_from_filter_state') === true);
  else if (config.bool('save_upstream_address') === true) saveAddress(call);
  return tell(call, say`filter ${call.name} resolves ${http.request.authority}`, {
    because: words('the cluster of the route is a dynamic forward proxy'),
    at: cluster,
  });
}

/** An IP is its own address; a name's is known when it is resolved. */
function saveAddress({ http }: FilterCall): void {
  const { authority } = http.request;
  const whole = parseIpPort(authority);
  const ip = whole ? undefined : canonicalIp(authority.replace(/^\[|\]$/g, ''));
  const port = http.forwardedProto === 'https' ? 443 : 80;
  const value = whole ? authority : ip === undefined ? '' : joinHostPort(ip, port);
  http.filterState.set(UPSTREAM_ADDRESS_KEY, { value, shared: 'none', ...(value === '' && { unknown: true }) });
}
