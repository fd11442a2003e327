/** What a format string is written with, and what comes of it. */
import type { Sentence } from '../record/sentence';
import type { MatchContext } from '../matcher/matchContext';

export type FormatResult = { readonly kind: 'text'; readonly value: string } | { readonly kind: 'unknown'; readonly missing: Sentence };

export interface FormatContext extends MatchContext {
  /** What stands for a value that is absent: `-`, or nothing where the configuration omits empty values (default). */
  readonly absentAs?: '' | '-';
  /** The answer of Envoy's own whose body is made. */
  readonly reply?: ReplyFacts;
}

export interface ReplyFacts {
  readonly code: number;
  /** Without one the body is empty. */
  readonly body?: string;
  /** It stands in a file, or in the environment. */
  readonly isBodyUnknown?: boolean;
  readonly details?: string;
  readonly flags?: readonly string[];
}
