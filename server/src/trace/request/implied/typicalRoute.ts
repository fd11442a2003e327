/** A route that stands for its filter chain or virtual host: the first of the first virtual host that names a host. */
import type { ProxyScope } from '../../../index/proxyScope';
import type { ConfigNode } from '../../../schema/configNode';
import { httpManagerOf } from './chainConditions';

export interface TypicalRoute {
  readonly virtualHost: ConfigNode;
  /** undefined where its routes are a matcher's. */
  readonly route: ConfigNode | undefined;
}

/** undefined: the chain does not route HTTP, or the files do not hold its routes. */
export function typicalRoute(proxy: ProxyScope, chain: ConfigNode): TypicalRoute | undefined {
  const manager = httpManagerOf(chain);
  const name = manager?.path('rds', 'route_config_name')?.asString();
  const routes = manager?.get('route_config') ?? (name === undefined ? undefined : proxy.byName.route_configuration.get(name)?.node);
  const hosts = (routes?.list('virtual_hosts') ?? []).filter((host) => host.list('routes').length > 0 || host.has('matcher'));
  const virtualHost = hosts.find((host) => host.list('domains')[0]?.asString() !== '*') ?? hosts[0];
  return virtualHost && { virtualHost, route: virtualHost.list('routes')[0] };
}
