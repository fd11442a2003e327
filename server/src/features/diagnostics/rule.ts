/** What a diagnostic rule is: one file, one stable code, one page in docs/diagnostics/. */
import type { DocumentFacts } from '../../index/documentFacts';
import type { ProxyScope } from '../../index/proxyScope';
import type { ConfigNode } from '../../schema/configNode';
import type { MessageType } from '../../schema/table/messageType';
import type { NodeId } from '../../syntax/tree/syntaxTree';
import type { TextChange } from '../writing/textChanges';
import type { Span } from '../../text/span';
import type { Field } from '../../schema/table/messageDescription';
import type { Snapshot } from '../../index/snapshot';

export type ProblemSeverity = 'error' | 'warning' | 'information' | 'hint';

export interface Problem {
  readonly severity: ProblemSeverity;
  /** The place: the node (its value), or a span of its own. */
  readonly at: ConfigNode;
  readonly span?: Span;
  readonly message: string;
  /** Envoy finds it when it takes the message up, not while it reads the text. */
  readonly isLate?: boolean;
  /** Greyed out (unreachable) or struck through (deprecated). */
  readonly tag?: 'unnecessary' | 'deprecated';
  readonly related?: readonly { readonly message: string; readonly at: ConfigNode }[];
  /** What would put it right, where that is certain; undefined where the text does not allow it. */
  readonly fix?: () => ProblemFix | undefined;
}

export interface ProblemFix {
  /** Example: `Change to "connect_timeout"` */
  readonly title: string;
  readonly changes: readonly TextChange[];
}

/** What a rule looks at: one document, in each of the proxies that it belongs to. */
export interface RuleContext {
  readonly snapshot: Snapshot;
  readonly facts: DocumentFacts;
  /** Undefined for documents that belong to no proxy (istioctl's text tables). */
  readonly proxy: ProxyScope | undefined;
  /** All messages of a type that people wrote in the document, by full name, in document order. */
  messages(type: string): readonly ConfigNode[];
}

interface RuleName {
  /** Stable. Example: `dangling-reference` */
  readonly code: string;
  /** `always`: hand-written files and dumps; `written`: only what people write (a running proxy has accepted its dump). */
  readonly applies: 'always' | 'written';
}

/**
 * A rule on hand-written files and dumps alike that looks at one message at a time, by the full name of its type, and at nothing around
 * it but messages of its own resource: what it found there holds until that is edited. What it found in an inner message (a virtual host, a
 * filter chain) holds until that is edited, or its resource outside of these.
 */
export interface AdviceRule extends RuleName {
  readonly applies: 'always';
  /** Where a control plane writes so of its own accord, nobody who reads the dump can mend it. */
  readonly severityInDumps?: ProblemSeverity;
  readonly checks: Readonly<Record<string, (message: ConfigNode) => readonly (Problem | undefined)[]>>;
}

export interface DiagnosticRule extends RuleName {
  check(context: RuleContext): readonly Problem[];
}

/** A rule that looks at every field or message of what is written by hand; all of them share one walk. */
export interface SchemaRule extends RuleName {
  readonly applies: 'written';
  visit(report: SchemaReport): SchemaVisitor;
}

export interface SchemaReport {
  /** Envoy takes it from an xDS file all the same: what it does not know there is left out with a warning. */
  readonly isDelivered: boolean;
  /** A whole bootstrap, which today's Envoy would read as it stands; lists and fragments may stem from an older one. */
  readonly isBootstrap: boolean;
  /** A bootstrap, or the one resource of its file: no list that a proxy may have printed. */
  readonly isAlone: boolean;
  add(problem: Problem): void;
}

export interface SchemaVisitor {
  /** A message with the fields that are set in it (null counts as unset). */
  message?(message: ConfigNode, type: MessageType, fields: readonly SetField[]): void;
  /** One value: of a list or a map each item. */
  value?(value: ConfigNode, field: Field, owner: MessageType): void;
  field?(value: ConfigNode, field: Field, owner: MessageType): void;
  unknownField?(value: ConfigNode, owner: MessageType): void;
  unknownType?(node: ConfigNode, messageName: string): void;
}

export interface SetField {
  readonly field: Field;
  readonly value: NodeId;
}

export type Rule = DiagnosticRule | AdviceRule | SchemaRule;
