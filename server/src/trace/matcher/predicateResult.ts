/** What a predicate of a matcher says. */
import type { ConfigNode } from '../../schema/configNode';
import type { Sentence } from '../record/sentence';

/** As a Verdict, but a yes has its reason too, and Envoy's own lack of data is told apart from ours. */
export type PredicateResult =
  | { readonly kind: 'yes'; readonly because: Sentence }
  | { readonly kind: 'no'; readonly because: Sentence; readonly at?: ConfigNode }
  | { readonly kind: 'unknown'; readonly missing: Sentence }
  | { readonly kind: 'not_available'; readonly because: Sentence };
