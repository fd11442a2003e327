/** Filter chains that Envoy cannot tell apart, or whose conditions it does not know (filter_chain_manager_impl.cc). */
import { canonicalIp } from '../../../../model/address';
import type { ConfigNode } from '../../../../schema/configNode';
import { filterChainTableOf } from '../../../../trace/filterChain/filterChainTable';
import { renderSentence } from '../../../../trace/record/sentence';
import { LISTENER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

export const filterChainMatch = refusalRule('filter-chain-match', {
  [LISTENER]: (listener) => {
    if (listener.has('filter_chain_matcher')) return [];
    const { refused } = filterChainTableOf(listener);
    return [refused && errorAt(refused.at, capitalise(`${renderSentence(refused.because).replace(/`/g, '"')}.`)), ...listener.list('filter_chains').flatMap(wrongRanges)];
  },
});

const RANGES = ['prefix_ranges', 'source_prefix_ranges', 'direct_source_prefix_ranges'];

function wrongRanges(chain: ConfigNode): Problem[] {
  const match = chain.get('filter_chain_match');
  return RANGES.flatMap((field) => match?.list(field) ?? []).flatMap((range) => {
    const prefix = range.get('address_prefix');
    const text = prefix?.asString() ?? '';
    return prefix && text !== '' && canonicalIp(text) === undefined ? [errorAt(prefix, `Malformed IP address: "${text.slice(0, 80)}".`)] : [];
  });
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
