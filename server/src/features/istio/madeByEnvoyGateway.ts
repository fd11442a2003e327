/** What Envoy Gateway makes of the Gateway API's resources: its names tell. */
import type { ProxyScope } from '../../index/proxyScope';
import { namespaceOf, resourceNameOf } from '../../model/istio/istioSpec';
import { placeOf, type MadePlace, type MakingRule } from './madePlace';
import { inWords } from '../../text/inWords';

/** Envoy Gateway calls what it makes after its maker: `<namespace>/<gateway>/<listener>`, `httproute/<namespace>/<name>/rule/0` (envoy-gateway: internal/gatewayapi). */
export function ofNamePrefix(kind: string): MakingRule {
  return ({ proxies }, resource) => {
    const prefix = `${kind}${namespaceOf(resource)}/${resourceNameOf(resource)}/`;
    return proxies.flatMap((proxy) => [...resourcesNamed(proxy, prefix), ...routesNamed(proxy, prefix)]);
  };
}

function resourcesNamed({ byName }: ProxyScope, prefix: string): MadePlace[] {
  return (['listener', 'route_configuration', 'cluster'] as const).flatMap((kind) =>
    [...byName[kind].values()].filter(({ name }) => name.startsWith(prefix)).map(({ node, name }) => placeOf(node, inWords(kind), name)),
  );
}

function routesNamed({ byName }: ProxyScope, prefix: string): MadePlace[] {
  return [...byName.route_configuration.values()].flatMap(({ node, name }) =>
    node
      .list('virtual_hosts')
      .flatMap((host) => host.list('routes'))
      .filter((route) => route.string('name').startsWith(prefix))
      .map((route) => placeOf(route, 'route configuration', name)),
  );
}
