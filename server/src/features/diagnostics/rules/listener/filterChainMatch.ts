/** Filter chains that Envoy cannot tell apart, or whose conditions it does not know (filter_chain_manager_impl.cc). */
import { filterChainTableOf } from '../../../../trace/filterChain/filterChainTable';
import { renderSentence } from '../../../../trace/record/sentence';
import { LISTENER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';

export const filterChainMatch = refusalRule('filter-chain-match', {
  [LISTENER]: (listener) => {
    if (listener.has('filter_chain_matcher')) return [];
    const { refused } = filterChainTableOf(listener);
    return [refused && errorAt(refused.at, capitalise(`${renderSentence(refused.because).replace(/`/g, '"')}.`))];
  },
});

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
