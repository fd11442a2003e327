/** The answer of a unified matcher. */
import type { ConfigNode } from '../../schema/configNode';
import type { RejectedList } from '../record/hopRecord';
import type { Sentence } from '../record/sentence';

export type MatcherResult = MatcherMatch | MatcherMiss | MatcherUnknown;

export interface MatcherMatch {
  readonly kind: 'match';
  /** OnMatch.action: `{name, typed_config}`. */
  readonly action: ConfigNode;
  /** The conditions that held, outermost first. Example: destination port is `9080` */
  readonly conditions: readonly Sentence[];
  /** The same in one sentence. */
  readonly because: Sentence;
  readonly rejected: RejectedList;
  /** Actions that were found but passed over by keep_matching. */
  readonly skipped: readonly ConfigNode[];
}

export interface MatcherMiss {
  readonly kind: 'no_match';
  readonly because: Sentence;
  readonly rejected: RejectedList;
  readonly skipped: readonly ConfigNode[];
  /** Envoy itself lacked an input ("insufficient data"); every caller in Envoy treats that as no match. */
  readonly insufficientData?: boolean;
}

/** What is taken does nothing: Envoy has lost it (see `lostActions.ts`). */
export interface MatcherLoss {
  readonly kind: 'lost';
  readonly because: Sentence;
  readonly at: ConfigNode;
  readonly rejected: RejectedList;
}

/** The files cannot tell. */
export interface MatcherUnknown {
  readonly kind: 'insufficient';
  readonly missing: Sentence;
  readonly rejected: RejectedList;
  readonly skipped: readonly ConfigNode[];
}
