/** What is found in the tree of a matcher. */
import type { ConfigNode } from '../../../schema/configNode';
import type { RejectedList } from '../../record/hopRecord';
import type { Sentence } from '../../record/sentence';

export interface FoundBranches {
  readonly kind: 'found';
  /** Best first. */
  readonly branches: readonly { readonly onMatch: ConfigNode; readonly because: Sentence }[];
  readonly rejected: RejectedList;
  /** Why none of them, or nothing, was found. */
  readonly missed: Sentence;
  /** What holds the entries. */
  readonly container: ConfigNode;
  /** Tries the next branch after a nested miss in every version. */
  readonly retriesByItself: boolean;
}

export type TreeLookup =
  FoundBranches | { readonly kind: 'not_available'; readonly because: Sentence } | { readonly kind: 'unknown'; readonly missing: Sentence };
