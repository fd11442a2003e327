/**
 * filter_chain_match: level by level, one branch each, never back (Envoy: source/common/listener_manager/filter_chain_manager_impl.cc
 * findFilterChain). Each level is one function; the chains that it drops have lost by that level's condition.
 */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { memoizeByObject } from '../../text/memoizeByObject';
import { say, type Sentence } from '../record/sentence';
import { ChainGroup } from './chainGroup';
import { criteria } from './criteria';
import type { Criterion } from './criterion';
import { chainName, filterChainTableOf } from './filterChainTable';
import type { FilterChain } from './filterChain';
import type { ChainFacts } from './chainFacts';

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
  | { readonly kind: 'unknown'; readonly missing: Sentence };

const rootOf: (listener: ConfigNode) => ChainGroup = memoizeByNode((listener) => new ChainGroup(filterChainTableOf(listener).chains));

/** What may tell the chains of a group apart: by the other criteria all of them stay. */
const askedOf: (group: ChainGroup) => readonly Criterion[] = memoizeByObject((group: ChainGroup) =>
  criteria.filter(({ field, asks }) => group.chains.some((chain) => asks(chain).length > 0) || group.obscureAt(field) !== undefined),
);

/** Finds the chain; `none` leads to the default chain. */
export function matchFilterChain(listener: ConfigNode, facts: ChainFacts): ChainLookup {
  return descend(rootOf(listener), facts, []);
}

/** One level for each criterion that a chain of the group asks for. */
function descend(group: ChainGroup, facts: ChainFacts, levels: readonly LevelTaken[]): ChainLookup {
  const last = levels.at(-1);
  const passed = last ? criteria.indexOf(last.criterion) : -1;
  const criterion = askedOf(group).find((each) => criteria.indexOf(each) > passed);
  if (!criterion) return group.chains[0] ? { kind: 'chain', chain: group.chains[0], levels } : { kind: 'none', levels };
  const obscure = group.obscureAt(criterion.field);
  if (obscure) return { kind: 'unknown', missing: say`the conditions of filter chain ${chainName(obscure)}, which the file leaves out` };
  const branch = criterion.lookUp(group, facts);
  switch (branch.kind) {
    case 'unknown':
      return branch;
    case 'random': {
      // Where both ways are dead ends, chance does not matter.
      const ways = branch.groups.map((each) => descend(each, facts, levels.concat({ criterion, group: each, value: branch.value })));
      return ways.every(({ kind }) => kind === 'none') && ways[0] ? ways[0] : { kind: 'unknown', missing: branch.missing };
    }
    case 'taken': {
      const taken = levels.concat({ criterion, group: branch.group, value: branch.value });
      return branch.group ? descend(branch.group, facts, taken) : { kind: 'none', levels: taken };
    }
  }
}
