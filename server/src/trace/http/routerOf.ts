/** The router filter's configuration: the last HTTP filter. */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';

const ROUTER = 'envoy.extensions.filters.http.router.v3.Router';

export const routerOf: (manager: ConfigNode) => ConfigNode | undefined = memoizeByNode((manager) =>
  routerAmong(manager.list('http_filters')),
);

export function routerAmong(filters: readonly ConfigNode[]): ConfigNode | undefined {
  for (const filter of filters) {
    const typed = filter.typed();
    if (typed?.type === ROUTER) return typed.node;
  }
  return undefined;
}

/** The router filter's `suppress_envoy_headers`. */
export function suppressesEnvoyHeaders(manager: ConfigNode): boolean {
  return routerOf(manager)?.bool('suppress_envoy_headers') === true;
}
