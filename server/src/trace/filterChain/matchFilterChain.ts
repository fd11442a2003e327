/**
 * filter_chain_match: level by level, one branch each, never back (Envoy: source/common/listener_manager/filter_chain_manager_impl.cc
 * findFilterChain). Each level is one function; the chains that it drops have lost by that level's condition.
 */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import type { ConnectionFacts } from '../facts/connection';
import type { Hop } from '../hop';
import type { Sentence } from '../record/sentence';
import { ChainGroup } from './chainGroup';
import { criteria, type Criterion } from './criteria';
import { filterChainTableOf, type FilterChain } from './filterChainTable';

export interface ChainFacts {
  readonly connection: ConnectionFacts;
  readonly arrival: Pick<Hop['arrival'], 'kind'>;
}

/** What one level decided: the branch, and in words which. */
export interface LevelTaken {
  readonly criterion: Criterion;
  /** Undefined: a dead end. */
  readonly group: ChainGroup | undefined;
  /** The value that was looked up. Example: destination port is `9080` */
  readonly value: Sentence;
}

export type ChainLookup =
  | { readonly kind: 'chain'; readonly chain: FilterChain; readonly levels: readonly LevelTaken[] }
  | { readonly kind: 'none'; readonly levels: readonly LevelTaken[] }
  | { readonly kind: 'unknown'; readonly missing: Sentence; readonly at?: ConfigNode };

const rootOf: (listener: ConfigNode) => ChainGroup = memoizeByNode((listener) => {
  const { chains } = filterChainTableOf(listener);
  return new ChainGroup(chains.filter(({ match }) => !match?.isIncomplete));
});

/** Finds the chain; `none` leads to the default chain. */
export function matchFilterChain(listener: ConfigNode, facts: ChainFacts): ChainLookup {
  const levels: LevelTaken[] = [];
  let group = rootOf(listener);
  for (const criterion of criteria) {
    const branch = criterion.lookUp(group, facts);
    if (branch.kind === 'unknown') return branch;
    levels.push({ criterion, group: branch.group, value: branch.value });
    if (!branch.group) return { kind: 'none', levels };
    group = branch.group;
  }
  const [chain] = group.chains;
  return chain ? { kind: 'chain', chain, levels } : { kind: 'none', levels };
}
