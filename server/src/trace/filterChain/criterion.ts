/** One criterion of filter_chain_match: which branch a connection takes by it. */
import type { Sentence } from '../record/sentence';
import type { ChainGroup } from './chainGroup';
import type { FilterChain } from './filterChain';
import type { ChainFacts } from './chainFacts';

export interface Criterion {
  /** Field of FilterChainMatch. */
  readonly field: string;
  /** In words. Example: destination port */
  readonly what: string;
  /** Takes one branch; no group: a dead end. */
  readonly lookUp: (group: ChainGroup, facts: ChainFacts) => Branch;
  /** What the chain asks for; [] where it asks for nothing. */
  readonly asks: (chain: FilterChain) => readonly string[];
  /** One of the values that the chain asks for would do, too: then it lost to one that fits better, or came first. */
  readonly wouldDo?: (chain: FilterChain, facts: ChainFacts) => boolean;
}

export type Branch =
  | { readonly kind: 'taken'; readonly group: ChainGroup | undefined; readonly value: Sentence }
  /** An explicit `/0` beside chains without a range: Envoy keeps one of the two, at random when it starts. */
  | { readonly kind: 'random'; readonly groups: readonly ChainGroup[]; readonly value: Sentence; readonly missing: Sentence }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

export function taken(group: ChainGroup | undefined, value: Sentence): Branch {
  return { kind: 'taken', group, value };
}
