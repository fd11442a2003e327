/** What a diagnostic rule is: one file, one stable code, one page in docs/diagnostics/. */
import type { Snapshot } from '../../index/buildSnapshot';
import type { DocumentFacts } from '../../index/documentFacts';
import type { ProxyScope } from '../../index/proxyScope';
import type { ConfigNode } from '../../schema/configNode';
import type { Span } from '../../text/span';

export type ProblemSeverity = 'error' | 'warning' | 'information' | 'hint';

export interface Problem {
  readonly severity: ProblemSeverity;
  /** The place: the node (its value), or a span of its own. */
  readonly at: ConfigNode;
  readonly span?: Span;
  readonly message: string;
  /** Greyed out (unreachable) or struck through (deprecated). */
  readonly tag?: 'unnecessary' | 'deprecated';
  readonly related?: readonly { readonly message: string; readonly at: ConfigNode }[];
}

/** What a rule looks at: one document, in each of the proxies that it belongs to. */
export interface RuleContext {
  readonly snapshot: Snapshot;
  readonly facts: DocumentFacts;
  /** Undefined for documents that belong to no proxy (istioctl's text tables). */
  readonly proxy: ProxyScope | undefined;
}

export interface DiagnosticRule {
  /** Stable. Example: `dangling-reference` */
  readonly code: string;
  /** `always`: hand-written files and dumps; `written`: only what people write (a running proxy has accepted its dump). */
  readonly applies: 'always' | 'written';
  check(context: RuleContext): readonly Problem[];
}
