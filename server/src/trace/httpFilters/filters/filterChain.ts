/** envoy.filters.http.filter_chain: filters in the place of one, to which routes add (Envoy: source/extensions/filters/http/filter_chain; observed with Envoy 1.40). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HopResult } from '../../hop';
import { say, words } from '../../record/sentence';
import { pass, runInnerFilters, tell, type FilterCall, type InnerFilters } from '../filterCall';
import { wrapperConfigsOf } from '../perRouteConfig';

/** Its own filters, then those of the route configuration, the virtual host and the route: a name of a later list drops it from the earlier ones. */
export function runFilterChain(call: FilterCall, inner: InnerFilters): HopResult | undefined {
  const perRoute = wrapperConfigsOf(call.http, call.name).map(({ node }) => node.get('filter_chain'));
  const levels = [call.config.get('default_filter_chain'), ...perRoute.reverse()].map((chain) => chain?.list('filters') ?? []);
  const filters = levels.flatMap((list, index) => withoutNames(list, levels.slice(index + 1)));
  if (filters.length === 0) return pass(call, { because: words('it has no filters for this route') });
  const names = filters.map((each) => each.string('name'));
  tell(call, say`filter ${call.name} runs ${names}`, { because: words("they are its own and the route's") });
  return runInnerFilters(call, filters, inner);
}

function withoutNames(list: readonly ConfigNode[], later: readonly (readonly ConfigNode[])[]): readonly ConfigNode[] {
  const names = new Set(later.flat().map((filter) => filter.string('name')));
  return list.filter((filter) => !names.has(filter.string('name')));
}
