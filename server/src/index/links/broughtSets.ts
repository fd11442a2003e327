/** Resources that are brought one by one, and meant together by one name: scopes and virtual hosts. */
import type { ConfigNode } from '../../schema/configNode';
import type { NamedPlace } from '../names/documentNames';
import type { ProxyScope } from '../proxyScope';
import { namedMessage } from './definitionsOf';

/** What SRDS has brought under the name; else those that stand beside it. */
export function scopedRoutesOf({ resources }: ProxyScope, place: NamedPlace): ConfigNode[] {
  const brought = resources.filter(({ set }) => set === place.name).map(({ node }) => node);
  const own = namedMessage(place).get('scoped_route_configurations_list');
  return brought.length > 0 ? brought : (own?.list('scoped_route_configurations') ?? []);
}

/** What VHDS has brought for a route configuration: virtual hosts that are resources, called `<route configuration>/<host>`. */
export function virtualHostsOf(proxy: ProxyScope, routes: string): ConfigNode[] {
  if (!proxy.kinds.has('virtual_host')) return [];
  return proxy.resources.filter(({ kind, name }) => kind === 'virtual_host' && name.startsWith(`${routes}/`)).map(({ node }) => node);
}
