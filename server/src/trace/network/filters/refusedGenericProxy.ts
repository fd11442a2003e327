/** Generic proxies that Envoy does not load (source/extensions/filters/network/generic_proxy/{config,route_impl}.cc; observed with Envoy 1.40). */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { isForeignExtension, isRegistered } from '../../../schema/extensions/extensionCategories';
import { refusalOfMatcher } from '../../matcher/refusedParts';
import { say, words } from '../../record/sentence';

export const GENERIC_ROUTER = 'envoy.extensions.filters.network.generic_proxy.router.v3.Router';
const MESSAGES = 'envoy.extensions.filters.network.generic_proxy.v3';

export type Refusal = ReturnType<typeof refusalOfMatcher>;

/** Undefined where nothing is known against it. */
export const refusalOfGenericProxy: (config: ConfigNode) => Refusal = memoizeByNode((config) => {
  const routes = config.get('route_config');
  const codec = config.path('codec_config', 'typed_config');
  const codecType = config.get('codec_config')?.typed()?.type ?? '';
  if (codec && isRegistered(codecType) && isForeignExtension(codecType, ['generic_proxy.codecs']))
    return { because: say`${codecType} is no codec of generic proxies`, at: codec };
  return refusalOfFilters(config) ?? (routes && (refusalOfHosts(routes) ?? refusalOfRoutes(routes)));
});

/** The router must be there, and the last one. */
function refusalOfFilters(config: ConfigNode): Refusal {
  const list = config.get('filters');
  if (config.isIncomplete || list?.isIncomplete) return undefined;
  const filters = list?.items() ?? [];
  const foreign = filters.find((each) => {
    const type = each.typed()?.type ?? '';
    return isRegistered(type) && isForeignExtension(type, ['generic_proxy.filters']);
  });
  if (foreign) return { because: say`${foreign.typed()?.type ?? ''} is no filter of generic proxies`, at: foreign };
  const at = filters.findIndex((each) => each.typed()?.type === GENERIC_ROUTER);
  if (at < 0 && filters.length > 0) return undefined;
  if (at === filters.length - 1 && at >= 0) return undefined;
  return { because: words('its last filter must be the router, and only the last'), at: filters[at] ?? config };
}

/** Each host once; beside a host for all (`*`) no `routes` for the rest. */
function refusalOfHosts(routes: ConfigNode): Refusal {
  const seen = new Set<string>();
  for (const host of routes.list('virtual_hosts').flatMap((each) => each.list('hosts'))) {
    const name = host.asString() ?? '';
    if (seen.has(name)) return { because: say`the host ${name} stands twice`, at: host };
    seen.add(name);
  }
  const others = routes.get('routes');
  return others && seen.has('*') ? { because: say`${'routes'} stands beside a virtual host for all (${'*'})`, at: others } : undefined;
}

function refusalOfRoutes(routes: ConfigNode): Refusal {
  const owners = [
    { owner: routes, type: 'RouteConfiguration' },
    ...routes.list('virtual_hosts').map((owner) => ({ owner, type: 'VirtualHost' })),
  ];
  for (const { owner, type } of owners) {
    const refused = refusalOfMatcher(owner, `${MESSAGES}.${type}`);
    if (refused) return refused;
  }
  return undefined;
}
