/** Why each other chain lost: the first level that dropped it. Read from what the lookup has taken, not decided again. */
import type { Rejected, RejectedList } from '../record/hopRecord';
import { lazyRejected } from '../record/rejectedList';
import { say, words, type Sentence } from '../record/sentence';
import { chainName } from './filterChainTable';
import type { LevelTaken } from './matchFilterChain';
import type { FilterChain } from './filterChain';
import type { ChainFacts } from './chainFacts';

/** Why the chains other than `chosen` lost: those first that came furthest through the levels, for they lack the least. */
export function rejectedChains(
  chains: readonly FilterChain[],
  { chosen, levels, facts }: { chosen: FilterChain | undefined; levels: readonly LevelTaken[]; facts: ChainFacts },
): RejectedList {
  return lazyRejected(chosen ? chains.length - 1 : chains.length, () => {
    const lost = chains.filter((chain) => chain !== chosen).map((chain) => ({ chain, passed: levelsPassed(chain, levels) }));
    return lost.sort((one, other) => other.passed - one.passed).map(({ chain, passed }) => rejectChain(chain, levels[passed], facts));
  });
}

function levelsPassed(chain: FilterChain, levels: readonly LevelTaken[]): number {
  const dropped = levels.findIndex(({ group }) => group?.has(chain) !== true);
  return dropped < 0 ? levels.length : dropped;
}

function rejectChain(chain: FilterChain, dropped: LevelTaken | undefined, facts: ChainFacts): Rejected {
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
