/** A filter chain without filters closes every connection. */
import { FILTER_CHAIN } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { warningAt } from '../../problem';

export const emptyFilterChain = refusalRule('empty-filter-chain', {
  [FILTER_CHAIN]: (chain) => {
    if (chain.list('filters').length > 0 || chain.isIncomplete || chain.get('filters')?.isIncomplete) return [];
    return [warningAt(chain, 'This filter chain has no filters: Envoy closes every connection that takes it.')];
  },
});
