/** Which cluster a route leads to. */
import type { ConfigNode } from '../../../schema/configNode';
import type { Sentence } from '../../record/sentence';

export type ClusterChoice =
  /** `name` undefined: the route answers by itself (redirect, direct_response). */
  | {
      readonly kind: 'chosen';
      readonly name: string | undefined;
      readonly because: Sentence;
      readonly at: ConfigNode;
      readonly weight?: ConfigNode;
    }
  | { readonly kind: 'rejected_config'; readonly because: Sentence; readonly at: ConfigNode }
  /** Envoy loads it, and ends at the request. */
  | { readonly kind: 'crash'; readonly because: Sentence; readonly at: ConfigNode }
  | { readonly kind: 'unknown'; readonly missing: Sentence };
