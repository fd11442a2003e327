/** A value that only the running Envoy knows (in dynamic metadata, of a header): it stands where the value would. */
import type { Sentence } from '../record/sentence';

export class NotKnown {
  constructor(readonly missing: Sentence) {}

  /** Shown as a value that is absent. */
  toJSON(): null {
    return null;
  }
}
