/** A stretch of text that this reader understands and Envoy's does not. */
import type { Span } from '../text/span';

export interface TextRefusal {
  readonly span: Span;
  /** Envoy's reason. */
  readonly message: string;
}
