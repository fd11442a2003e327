/** Applies every quick fix that lint offers for an error, and asks Envoy again: the problem must be gone, and no other may have come. */
import { collectDiagnostics, type FoundProblem } from '../../server/src/features/diagnostics/collectDiagnostics';
import type { TextChange } from '../../server/src/features/writing/textChanges';
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import type { Spelling } from './judge';
import { validateAll, type EnvoyVerdict } from './validate';

/** A text with one fix applied to it. */
interface Fixed extends Spelling {
  readonly problem: string;
  readonly title: string;
  /** Errors that were there before, and those that are there now. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What is wrong with a fix, in words. */
export interface Lie {
  readonly problem: string;
  readonly title: string;
  readonly reason: string;
}

export async function findLies(envoy: string, folder: string, texts: readonly Spelling[]): Promise<{ fixes: number; lies: Lie[] }> {
  const fixed = texts.flatMap(fixesOf);
  const verdicts = await validateAll(envoy, folder, fixed);
  const lies = fixed.flatMap((each, index): Lie[] => {
    const reason = wrongOf(each, verdicts[index]);
    return reason === undefined ? [] : [{ problem: each.problem, title: each.title, reason }];
  });
  return { fixes: fixed.length, lies };
}

function fixesOf(spelling: Spelling): Fixed[] {
  const problems = errorsOf(spelling);
  return problems.flatMap((problem) => {
    const fix = problem.fix?.();
    if (!fix || fix.changes.length === 0) return [];
    const text = applied(spelling.text, fix.changes);
    const after = errorsOf({ text, language: spelling.language }).map(({ message }) => message);
    return [
      {
        text,
        language: spelling.language,
        problem: problem.message,
        title: fix.title,
        before: problems.map(({ message }) => message),
        after,
      },
    ];
  });
}

function applied(text: string, changes: readonly TextChange[]): string {
  const fromTheEnd = [...changes].sort((a, b) => b.span.start - a.span.start);
  return fromTheEnd.reduce((before, change) => before.slice(0, change.span.start) + change.text + before.slice(change.span.end), text);
}

function errorsOf({ text, language }: Spelling): FoundProblem[] {
  const uri = `lab:/bootstrap.${language}`;
  return collectDiagnostics(buildSnapshot([{ uri, text, languageId: language }]), uri).filter(({ severity }) => severity === 'error');
}

/** Of a text with other errors Envoy tells the first alone: its verdict counts where lint finds none any more. */
function wrongOf({ problem, before, after }: Fixed, verdict: EnvoyVerdict | undefined): string | undefined {
  const countOf = (messages: readonly string[]): number => messages.filter((message) => message === problem).length;
  if (countOf(after) >= countOf(before)) return 'the problem is still there';
  const added = after.find((message) => !before.includes(message));
  if (added !== undefined) return `there is a new one: ${added}`;
  return after.length === 0 && verdict?.kind === 'refused' ? `Envoy says: ${verdict.reason}` : undefined;
}
