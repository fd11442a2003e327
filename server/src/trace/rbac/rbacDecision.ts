/** What role-based access control looks at, and what it says. */
import type { ConfigNode } from '../../schema/configNode';
import type { MatchContext } from '../matcher/matchContext';
import type { RejectedList } from '../record/hopRecord';
import type { Sentence } from '../record/sentence';

/** Made by `matchContextOf(hop)`: with `http` for the HTTP filter, without it for the network filter (no headers, no path). */
export type RbacContext = MatchContext;

/** What the rules of a filter say. */
export interface RbacOutcome {
  /** Undefined: the filter has neither rules nor a matcher, so it lets everything pass. */
  readonly enforced: RbacDecision | undefined;
  /** What the shadow rules would say; they never change the outcome. */
  readonly shadow: RbacDecision | undefined;
}

export type RbacDecision = RbacVerdict & {
  /** The policies (or matcher actions) that did not match, each with its first condition that failed. */
  readonly rejected: RejectedList;
};

export type RbacVerdict =
  | (Decided & { readonly kind: 'allow' })
  | (Decided & { readonly kind: 'deny'; readonly details: string | undefined })
  | { readonly kind: 'unknown'; readonly missing: Sentence; readonly at: ConfigNode }
  /** Envoy does not load it: a header rule in a network filter, an empty range of ports. */
  | { readonly kind: 'refused'; readonly because: Sentence; readonly at: ConfigNode };

interface Decided {
  readonly because: Sentence;
  readonly at: ConfigNode;
  /** The policy (or the matcher's action) that matched first; '' for none; undefined where it is not known which. */
  readonly policy: string | undefined;
}
