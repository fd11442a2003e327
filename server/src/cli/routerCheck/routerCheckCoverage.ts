/** How much of a route configuration the tests of router_check_tool look at (Envoy: test/tools/router_check/coverage.cc). */
import type { ConfigNode } from '../../schema/configNode';
import { getOrMake } from '../../text/getOrMake';
import type { CheckedRoute } from './routerCheckRoute';

export interface RouterCheckCoverage {
  /** Percentage of the routes of which some test asks anything; each weighted cluster counts as a route. */
  readonly routes: number;
  /** The same by everything that can be asked of a route (`--covall`). */
  readonly fields: number;
  readonly missing: readonly { readonly virtualHost: string; readonly route: ConfigNode }[];
}

/** A route that a test reached, and the fields of it that were as the test expects. */
export interface CoveredRoute {
  readonly checked: CheckedRoute;
  readonly fields: readonly string[];
}

/** What can be asked of a route that forwards; of one that answers by itself. */
const FORWARDING = ['cluster_name', 'virtual_cluster_name', 'virtual_host_name', 'path_rewrite', 'host_rewrite'];
const ANSWERING = ['path_redirect', 'code_redirect'];

export function measureCoverage(routeConfiguration: ConfigNode, covered: readonly CoveredRoute[]): RouterCheckCoverage {
  const routes = routeConfiguration
    .list('virtual_hosts')
    .flatMap((host) => host.list('routes').map((route) => ({ virtualHost: host.string('name'), route })));
  const total = routes.reduce((sum, { route }) => sum + (route.path('route', 'weighted_clusters')?.list('clusters').length ?? 1), 0);
  const percent = (share: number): number => (total === 0 ? 0 : (100 * share) / total);
  const shares = [...sharesOf(covered)];
  const tested = new Set(shares.map(({ route }) => route));
  return {
    routes: percent(shares.length),
    fields: percent(shares.reduce((sum, { fields, of }) => sum + fields.size / of, 0)),
    missing: routes.filter(({ route }) => !tested.has(route.id)),
  };
}

interface Share {
  readonly route: number;
  readonly fields: Set<string>;
  readonly of: number;
}

/** By route and, where it has several, weighted cluster. */
function sharesOf(covered: readonly CoveredRoute[]): Iterable<Share> {
  const shares = new Map<string, Share>();
  for (const { checked, fields } of covered) {
    const { route, clusterWeight } = checked.http;
    const asked = checked.forwards ? FORWARDING : ANSWERING;
    const counted = fields.filter((field) => asked.includes(field));
    if (!route || counted.length === 0) continue;
    const share = getOrMake(shares, `${route.id} ${clusterWeight?.id ?? ''}`, () => ({
      route: route.id,
      fields: new Set(),
      of: asked.length,
    }));
    for (const field of counted) share.fields.add(field);
  }
  return shares.values();
}
