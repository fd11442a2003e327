/** Whether a proxy is one of Istio's, so that its names mean what Istio means by them. */
import type { ProxyScope } from '../../index/proxyScope';
import type { ConfigNode } from '../../schema/configNode';
import { memoizeByObject } from '../../text/memoizeByObject';

/** By its node's id, else (lists of `istioctl` have none) by a cluster or a route configuration that only Istio makes. */
export const isOfIstio: (proxy: ProxyScope) => boolean = memoizeByObject(hasMarks);

function hasMarks({ proxyNode, byName }: ProxyScope): boolean {
  if (proxyNode.type !== 'envoy') return true;
  const marks = ['PassthroughCluster', 'BlackHoleCluster', 'InboundPassthroughCluster'];
  if (marks.some((name) => byName.cluster.has(name) || byName.route_configuration.has(name))) return true;
  if (byName.listener.has('virtualOutbound') || byName.listener.has('virtualInbound')) return true;
  return [...byName.route_configuration.values()].some(({ node, name }) => /^inbound(?:-vip)?\|/.test(name) || hasCatchAll(node));
}

function hasCatchAll(routeConfiguration: ConfigNode): boolean {
  return /^(?:allow_any|block_all)$/.test(routeConfiguration.list('virtual_hosts').at(-1)?.string('name') ?? '');
}
