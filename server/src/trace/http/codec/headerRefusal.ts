/** What a codec refuses. */
import type { ConfigNode } from '../../../schema/configNode';
import type { Sentence } from '../../record/sentence';

/** What HTTP/1 alone can have. */
type Http1Trouble = 'characters' | 'syntax' | 'length_and_chunked' | 'transfer_encoding' | 'body';

export interface HeaderRefusal {
  readonly kind: 'underscore' | 'too_many' | 'too_large' | 'connection' | 'field' | Http1Trouble;
  readonly because: Sentence;
  readonly at: ConfigNode;
}
