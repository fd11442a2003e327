/** Why each other chain lost: the first level that dropped it. Read from what the lookup has taken, not decided again. */
import type { Rejected, RejectedList } from '../record/hopRecord';
import { lazyRejected } from '../record/rejectedList';
import { say, words, type Sentence } from '../record/sentence';
import { chainName } from './filterChainTable';
import type { LevelTaken } from './matchFilterChain';
import type { FilterChain } from './filterChain';
import type { ChainFacts } from './chainFacts';

/** Why the chains other than `chosen` lost. */
export function rejectedChains(
  chains: readonly FilterChain[],
  { chosen, levels, facts }: { chosen: FilterChain | undefined; levels: readonly LevelTaken[]; facts: ChainFacts },
): RejectedList {
  return lazyRejected(chosen ? chains.length - 1 : chains.length, () =>
    chains.flatMap((chain) => (chain === chosen ? [] : [rejectChain(chain, levels, facts)])),
  );
}

function rejectChain(chain: FilterChain, levels: readonly LevelTaken[], facts: ChainFacts): Rejected {
  const dropped = levels.find(({ group }) => !group?.has(chain));
  if (!dropped)
    return { candidate: chainName(chain), because: words('part of its conditions is left out in the file'), at: chain.match ?? chain.node };
  return {
    candidate: chainName(chain),
    because: reasonOf(chain, dropped, facts),
    at: chain.match?.get(dropped.criterion.field) ?? chain.match ?? chain.node,
  };
}

/** It asks for something else; or it asks for nothing where another chain asks for this very value, and Envoy never looks back. */
function reasonOf(chain: FilterChain, { criterion, group, value }: LevelTaken, facts: ChainFacts): Sentence {
  const asked = criterion.asks(chain);
  const what = words(criterion.what);
  const winner = group?.chains[0];
  if (asked.length === 0)
    return winner ? say`it asks for no ${what}, and ${chainName(winner)} asks for this one: ${value}` : say`it asks for no ${what}`;
  if (winner && criterion.wouldDo?.(chain, facts)) return say`it asks for ${asked}, and ${chainName(winner)} fits better: ${value}`;
  return asked.length === 1 ? say`${value}, must be ${asked[0]}` : say`${value}, must be one of ${asked}`;
}
