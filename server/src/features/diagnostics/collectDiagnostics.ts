/** All diagnostics of a document: every rule, with its code. */
import { proxiesOf, type Snapshot } from '../../index/buildSnapshot';
import type { DocumentFacts } from '../../index/documentFacts';
import { ConfigNode } from '../../schema/configNode';
import type { ProxyScope } from '../../index/proxyScope';
import { finish, type Steps } from '../../text/steps';
import { messagesByType, writtenMessagesByType, type MessageIndex } from './documentMessages';
import { RULES } from './allRules';
import type { DiagnosticRule, Problem, RuleContext, SchemaRule } from './rule';
import { checkSchema } from './schemaCheck/checkSchema';

export { RULES };

export interface FoundProblem extends Problem {
  readonly code: string;
  readonly uri: string;
}

/** Problems of one document in document order; a problem that several proxies share is told once. */
export function collectDiagnostics(snapshot: Snapshot, uri: string): FoundProblem[] {
  return finish(collectDiagnosticsInSteps(snapshot, uri));
}

/** The same, rule by rule: of a large dump one of them takes some ten milliseconds. */
export function* collectDiagnosticsInSteps(snapshot: Snapshot, uri: string): Steps<FoundProblem[]> {
  const facts = snapshot.documents.get(uri);
  if (!facts) return [];
  const found = new Map<string, FoundProblem>();
  const keep = (code: string, problem: Problem): void => {
    const { start, end } = spanOfProblem(problem);
    found.set(`${code} ${start} ${end} ${problem.message}`, { ...problem, code, uri });
  };
  for (const { code, problem } of checkSchema(facts, RULES.filter(isSchemaRule))) keep(code, problem);
  const checks = contextsOf(snapshot, facts).flatMap(rulesFor);
  for (const [index, { rule, context }] of checks.entries()) {
    yield index / checks.length;
    for (const problem of rule.check(context)) keep(rule.code, problem);
  }
  return [...found.values()].sort((a, b) => spanOfProblem(a).start - spanOfProblem(b).start);
}

function rulesFor({ proxy, all, written }: ProxyContexts): { rule: DiagnosticRule; context: RuleContext }[] {
  return RULES.filter(isDiagnosticRule)
    .filter((rule) => rule.applies === 'always' || proxy?.kind !== 'dump')
    .map((rule) => ({ rule, context: rule.applies === 'always' ? all : written }));
}

interface ProxyContexts {
  readonly proxy: ProxyScope | undefined;
  readonly all: RuleContext;
  readonly written: RuleContext;
}

function contextsOf(snapshot: Snapshot, facts: DocumentFacts): ProxyContexts[] {
  const lookUp = (index: (of: DocumentFacts) => MessageIndex) => (type: string) =>
    (index(facts).get(type) ?? []).map((id) => new ConfigNode(facts.tree, id));
  const [all, written] = [lookUp(messagesByType), lookUp(writtenMessagesByType)];
  const proxies = proxiesOf(snapshot, facts.uri);
  return (proxies.length > 0 ? proxies : [undefined]).map((proxy) => ({
    proxy,
    all: { snapshot, facts, proxy, messages: all },
    written: { snapshot, facts, proxy, messages: written },
  }));
}

function isSchemaRule(rule: DiagnosticRule | SchemaRule): rule is SchemaRule {
  return 'visit' in rule;
}

function isDiagnosticRule(rule: DiagnosticRule | SchemaRule): rule is DiagnosticRule {
  return 'check' in rule;
}

export function spanOfProblem({ at, span }: Problem): { start: number; end: number } {
  return span ?? at.tree.span(at.id);
}
