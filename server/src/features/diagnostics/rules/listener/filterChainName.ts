/** With a `filter_chain_matcher` every chain needs a name of its own (filter_chain_manager_impl.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { LISTENER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import { freeName, renameTo } from '../../renameFix';
import type { Problem } from '../../rule';

export const filterChainName = refusalRule('filter-chain-name', {
  [LISTENER]: (listener) => {
    if (!listener.has('filter_chain_matcher')) return [];
    const seen = new Map<string, ConfigNode>();
    return listener.list('filter_chains').map((chain): Problem | undefined => {
      const name = chain.string('name');
      if (name === '')
        return chain.isIncomplete ? undefined : errorAt(chain, 'With a "filter_chain_matcher" every filter chain needs a name.');
      const first = seen.get(name);
      if (!first) seen.set(name, chain);
      const at = chain.get('name') ?? chain;
      return (
        first &&
        errorAt(at, `The name "${name}" is given to two filter chains.`, {
          related: [{ message: 'The first one', at: first.get('name') ?? first }],
          fix: () => renameTo(chain, freeName(name, listener.list('filter_chains'))),
        })
      );
    });
  },
});
