/** envoy.filters.listener.set_filter_state (Envoy: source/extensions/filters/listener/set_filter_state, filters/common/set_filter_state). */
import { addStep, type Hop, type HopResult } from '../../hop';
import { matchContextOf } from '../../matcher/matchContext';
import { applyFilterState, hidesState } from '../../network/filters/setFilterState';
import { cannotTell } from '../../record/hopRecord';
import { joinSentences, say, words } from '../../record/sentence';
import type { ListenerFilter } from './listenerFilter';

/** Writes the values of `on_accept`: what later listener filters and the choice of the chain read. */
export function setFilterState(hop: Hop, { filter, config }: ListenerFilter): HopResult | undefined {
  if (hidesState(config, 'on_accept'))
    return cannotTell(say`which filter state the listener filter ${filter.string('name')} sets: the file leaves a part of it out`);
  const written = applyFilterState(config.list('on_accept'), hop.connection.filterState, matchContextOf(hop));
  addStep(hop, {
    stage: 'listener_filter',
    decision: say`${filter.string('name')} sets ${written.length > 0 ? words('filter state') : words('nothing')}`,
    because: written.length > 0 ? joinSentences(written) : words('it has no values'),
    at: filter,
  });
  return undefined;
}
