/** The route configurations of a proxy: delivered ones, then those inline in its listeners. A dump lists the inline ones again as static; the listener's count. */
import { connectionManagerOf, filterChainsOf } from '../model/summary/listenerSummary';
import type { ConfigNode } from '../schema/configNode';
import type { ProxyScope } from './proxyScope';

export function routeConfigurationsOf(proxy: ProxyScope): ConfigNode[] {
  const delivered = proxy.resources
    .filter(({ kind, state }) => kind === 'route_configuration' && state !== 'static')
    .map(({ node }) => node);
  const inline = proxy.listeners.flatMap(({ node }) =>
    filterChainsOf(node).flatMap(({ chain }) => connectionManagerOf(chain)?.node.get('route_config') ?? []),
  );
  return [...delivered, ...inline];
}
