/** What a CONNECT route is asked for, where its cluster leads into the proxy itself: the first destination that the internal listener tells apart. */
import { joinHostPort } from '../../../model/address';
import type { ProxyScope } from '../../../index/proxyScope';
import type { ConfigNode } from '../../../schema/configNode';
import { clusterHostsOf } from '../../cluster/discovery/clusterHosts';
import { addChainContent, typicalChain } from './chainConditions';
import { addMatcherConditions, branchAround, chainOfBranch } from './matcherConditions';
import type { RequestDraft } from './requestDraft';
import { addRoute, addVirtualHost } from './routeRequest';
import { typicalRoute } from './typicalRoute';

/** Istio's waypoints: `connect_terminate` → cluster `main_internal` → listener `main_internal`. Tunnels that lead elsewhere keep what they have. */
export function addTunnelContent(draft: RequestDraft, proxy: ProxyScope, route: ConfigNode): void {
  const listener = internalListenerOf(proxy, route.path('route', 'cluster')?.asString());
  if (!listener || draft.http?.method !== 'CONNECT') return;
  const content: RequestDraft = {};
  const matcher = listener.get('filter_chain_matcher');
  const branch = matcher && branchAround(matcher, matcher);
  if (matcher && branch) addMatcherConditions(content, branch, matcher);
  const chain = branch ? chainOfBranch(listener, branch) : typicalChain(listener, content.port);
  if (chain) addContent(content, proxy, chain);
  if (content.ip !== undefined && content.port !== undefined) draft.http.authority = joinHostPort(content.ip, content.port);
  if (content.http && content.http.authority === '') content.http.authority = draft.http.authority;
  draft.inner = content;
}

function addContent(content: RequestDraft, proxy: ProxyScope, chain: ConfigNode): void {
  addChainContent(content, chain);
  const typical = typicalRoute(proxy, chain);
  if (typical) addVirtualHost(content, typical.virtualHost);
  if (typical?.route) addRoute(content, typical.route);
}

function internalListenerOf(proxy: ProxyScope, clusterName: string | undefined): ConfigNode | undefined {
  const cluster = clusterName === undefined ? undefined : proxy.byName.cluster.get(clusterName)?.node;
  const hosts = cluster && clusterHostsOf(proxy, cluster);
  const address = hosts?.kind === 'hosts' ? hosts.priorities.flat()[0]?.address : undefined;
  return address?.kind === 'internal' ? proxy.byName.listener.get(address.listener)?.node : undefined;
}
