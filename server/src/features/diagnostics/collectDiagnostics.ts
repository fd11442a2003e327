/** All diagnostics of a document: every rule, with its code. */
import { proxiesOf, type Snapshot } from '../../index/buildSnapshot';
import type { DiagnosticRule, Problem, RuleContext } from './rule';
import { danglingReference } from './rules/danglingReference';
import { textTable } from './rules/textTable';

export const RULES: readonly DiagnosticRule[] = [danglingReference, textTable];

export interface FoundProblem extends Problem {
  readonly code: string;
  readonly uri: string;
}

/** Problems of one document in document order; a problem that several proxies share is told once. */
export function collectDiagnostics(snapshot: Snapshot, uri: string): FoundProblem[] {
  const facts = snapshot.documents.get(uri);
  if (!facts) return [];
  const proxies = proxiesOf(snapshot, uri);
  const contexts: RuleContext[] =
    proxies.length > 0 ? proxies.map((proxy) => ({ snapshot, facts, proxy })) : [{ snapshot, facts, proxy: undefined }];
  const found = new Map<string, FoundProblem>();
  for (const rule of RULES)
    for (const context of contexts) {
      if (rule.applies === 'written' && context.proxy?.kind === 'dump') continue;
      for (const problem of rule.check(context)) {
        const { start, end } = spanOfProblem(problem);
        found.set(`${rule.code} ${start} ${end} ${problem.message}`, { ...problem, code: rule.code, uri });
      }
    }
  return [...found.values()].sort((a, b) => spanOfProblem(a).start - spanOfProblem(b).start);
}

export function spanOfProblem({ at, span }: Problem): { start: number; end: number } {
  return span ?? at.tree.span(at.id);
}
