/** Quick fixes: what would put a diagnostic right, where that is certain. */
import { CodeActionKind, type CodeAction, type Range, type TextEdit } from 'vscode-languageserver-types';
import { spanOfProblem, type FoundProblem } from './diagnostics/collectDiagnostics';
import { rangeOfSpan, isBefore } from './place/place';

/** The fixes of those of a document's problems that touch the range, in document order; equal ones (one inspector serves several chains) once. */
export function findQuickFixes(problems: readonly FoundProblem[], range: Range): CodeAction[] {
  const actions = problems
    .filter((problem) => problem.fix !== undefined && touches(rangeOfSpan(problem.at.tree, spanOfProblem(problem)), range))
    .flatMap(toAction);
  return actions.filter(
    (action, index) => actions.findIndex((other) => JSON.stringify(other.edit) === JSON.stringify(action.edit)) === index,
  );
}

/** The kind under which an editor asks for all fixes of a document, as on save. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.envoyLens`;

/** One action for all problems of a document that have a fix; of fixes that touch the same text the first. [] where there is none. */
export function findFixAll(problems: readonly FoundProblem[]): CodeAction[] {
  const edits: TextEdit[] = [];
  const uri = problems[0]?.uri ?? '';
  for (const problem of problems) {
    const [action] = problem.fix ? toAction(problem) : [];
    const own = action?.edit?.changes?.[uri] ?? [];
    if (own.every((edit) => !edits.some((other) => touches(edit.range, other.range)))) edits.push(...own);
  }
  return edits.length === 0 ? [] : [{ title: 'Fix all that Envoy Lens can', kind: FIX_ALL, edit: { changes: { [uri]: edits } } }];
}

function toAction(problem: FoundProblem): CodeAction[] {
  const { uri, at } = problem;
  const fix = problem.fix?.();
  if (!fix || fix.changes.length === 0) return [];
  const edits = fix.changes.map(({ span, text }) => ({ range: rangeOfSpan(at.tree, span), newText: text }));
  return [{ title: fix.title, kind: CodeActionKind.QuickFix, isPreferred: true, edit: { changes: { [uri]: edits } } }];
}

function touches(a: Range, b: Range): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}
