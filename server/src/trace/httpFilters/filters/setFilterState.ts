/** envoy.filters.http.set_filter_state (Envoy: source/extensions/filters/http/set_filter_state/config.cc). */
import type { HopResult } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';
import { applyFilterState, hidesState } from '../../network/filters/setFilterState';
import { joinSentences, say, words, type Sentence } from '../../record/sentence';
import { clearRoute, leaveOpen, pass, tell, type FilterCall } from '../filterCall';
import { routeConfigsOf } from '../perRouteConfig';

/** The filter's own values first, then those of route configuration, virtual host and route. */
export function runSetFilterState(call: FilterCall): HopResult | undefined {
  const { hop, http } = call;
  const configs = [
    call.config,
    ...routeConfigsOf(http, call.name)
      .map(({ node }) => node)
      .reverse(),
  ];
  if (configs.some((config) => hidesState(config, 'on_request_headers')))
    return leaveOpen(call, words('which filter state it sets: the file leaves a part of it out'));
  const written: Sentence[] = [];
  for (const config of configs)
    written.push(...applyFilterState(config.list('on_request_headers'), http.filterState, matchContextOf(hop), hop.connection.filterState));
  if (written.length === 0) return pass(call, { because: words('it has no values') });
  tell(call, say`filter ${call.name} sets filter state`, { because: joinSentences(written) });
  return configs.some((config) => config.bool('clear_route_cache') === true) ? clearRoute(call, words('it is told to')) : undefined;
}
