/** All diagnostics of a document: every rule, with its code. */
import { proxiesOf } from '../../index/buildSnapshot';
import type { DocumentFacts } from '../../index/documentFacts';
import { resolveLinksInSteps } from '../../index/links/resolveLinks';
import { ConfigNode } from '../../schema/configNode';
import { finish, type Steps } from '../../text/steps';
import { adviceProblems } from './adviceProblems';
import { RULES } from './allRules';
import { writtenMessagesByType } from './documentMessages';
import type { AdviceRule, DiagnosticRule, Problem, Rule, RuleContext, SchemaRule } from './rule';
import { checkSchema } from './schemaCheck/checkSchema';
import { isLackAroundField } from './loneField';
import { softenUnfilled, templateActionOf } from './placeholder';
import { softenUnused } from './softenUnused';
import type { Snapshot } from '../../index/snapshot';

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
  // Many rules ask for links, which take longer than any of them.
  yield* resolveLinksInSteps(snapshot, uri);
  const found = new Map<string, FoundProblem>();
  const isTemplate = templateActionOf(facts.tree) !== undefined;
  const keep = (code: string, problem: Problem): void => {
    if (isLackAroundField(facts, problem)) return;
    const { start, end } = spanOfProblem(problem);
    found.set(`${code} ${start} ${end} ${problem.message}`, { ...softenUnfilled(softenUnused(code, problem), isTemplate), code, uri });
  };
  for (const { code, problem } of checkSchema(facts, RULES.filter(isSchemaRule))) keep(code, problem);
  for (const { code, problem } of yield* adviceProblems(facts, ADVICE)) keep(code, problem);
  const contexts = contextsOf(snapshot, facts);
  const checks = contexts.flatMap((context) => rulesFor(context).map((rule) => ({ rule, context })));
  for (const [index, { rule, context }] of checks.entries()) {
    yield index / checks.length;
    for (const problem of rule.check(context)) keep(rule.code, problem);
  }
  return [...found.values()].sort((a, b) => spanOfProblem(a).start - spanOfProblem(b).start);
}

function rulesFor({ proxy }: RuleContext): DiagnosticRule[] {
  return RULES.filter(isDiagnosticRule).filter((rule) => rule.applies === 'always' || proxy?.kind !== 'dump');
}

function contextsOf(snapshot: Snapshot, facts: DocumentFacts): RuleContext[] {
  const messages = (type: string) => (writtenMessagesByType(facts).get(type) ?? []).map((id) => new ConfigNode(facts.tree, id));
  const proxies = proxiesOf(snapshot, facts.uri);
  return (proxies.length > 0 ? proxies : [undefined]).map((proxy) => ({ snapshot, facts, proxy, messages }));
}

function isSchemaRule(rule: Rule): rule is SchemaRule {
  return 'visit' in rule;
}

function isDiagnosticRule(rule: Rule): rule is DiagnosticRule {
  return 'check' in rule;
}

const ADVICE = RULES.filter((rule): rule is AdviceRule => 'checks' in rule);

/** What is underlined. */
export function spanOfProblem({ at, span }: Problem): { start: number; end: number } {
  return span ?? at.tree.span(at.id);
}
