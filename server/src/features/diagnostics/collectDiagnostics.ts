/** All diagnostics of a document: every rule, with its code. */
import { proxiesOf, type Snapshot } from '../../index/buildSnapshot';
import type { DocumentFacts } from '../../index/documentFacts';
import { ConfigNode } from '../../schema/configNode';
import { messagesByType } from './documentMessages';
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
  const facts = snapshot.documents.get(uri);
  if (!facts) return [];
  const contexts = contextsOf(snapshot, facts);
  const found = new Map<string, FoundProblem>();
  const keep = (code: string, problem: Problem): void => {
    const { start, end } = spanOfProblem(problem);
    found.set(`${code} ${start} ${end} ${problem.message}`, { ...problem, code, uri });
  };
  const isWritten = contexts.some(({ proxy }) => proxy?.kind !== 'dump');
  if (isWritten) for (const { code, problem } of checkSchema(facts, RULES.filter(isSchemaRule))) keep(code, problem);
  for (const rule of RULES.filter(isDiagnosticRule))
    for (const context of contexts)
      if (rule.applies === 'always' || context.proxy?.kind !== 'dump') for (const problem of rule.check(context)) keep(rule.code, problem);
  return [...found.values()].sort((a, b) => spanOfProblem(a).start - spanOfProblem(b).start);
}

function contextsOf(snapshot: Snapshot, facts: DocumentFacts): RuleContext[] {
  const messages = (type: string): ConfigNode[] => (messagesByType(facts).get(type) ?? []).map((id) => new ConfigNode(facts.tree, id));
  const proxies = proxiesOf(snapshot, facts.uri);
  return (proxies.length > 0 ? proxies : [undefined]).map((proxy) => ({ snapshot, facts, proxy, messages }));
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
