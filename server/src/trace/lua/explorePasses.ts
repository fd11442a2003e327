/** Runs a script through every answer that what is not known could give: only if the answers lead to different fates it matters. */
import type { LuaOutcome } from './runLua';

export interface LuaPass {
  readonly outcome: LuaOutcome;
  /** Equal texts, equal fates. */
  readonly summary: string;
}

type Finished = Extract<LuaOutcome, { kind: 'finished' }>;

export type Exploration<Pass extends LuaPass> =
  | { readonly kind: 'done'; readonly pass: Pass; readonly outcome: Finished }
  | { readonly kind: 'absent' }
  /** `passes`: two with different fates. */
  | { readonly kind: 'unknown'; readonly what: string; readonly passes?: readonly [Pass, Pass] };

const MAX_PASSES = 64;

/** `runPass` runs the script once; its `guess` gives the answers to what is not known, and no where none is given. */
export function explorePasses<Pass extends LuaPass>(runPass: (guess: (what: string) => boolean) => Pass): Exploration<Pass> {
  const open: (readonly boolean[])[] = [[]];
  let first: (Pass & Asked) | undefined;
  for (let passes = 1; ; passes++) {
    const given = open.pop();
    if (!given) break;
    const pass = askAlong(runPass, given);
    if (pass.outcome.kind !== 'finished') return pass.outcome;
    if (passes > MAX_PASSES) return { kind: 'unknown', what: pass.asked[0] ?? 'what the script does' };
    first ??= pass;
    if (first.summary !== pass.summary) return { kind: 'unknown', what: questionBetween(first, pass), passes: [first, pass] };
    for (let index = given.length; index < pass.answers.length; index++) open.push([...pass.answers.slice(0, index), true]);
  }
  return first?.outcome.kind === 'finished' ? { kind: 'done', pass: first, outcome: first.outcome } : { kind: 'absent' };
}

interface Asked {
  readonly asked: readonly string[];
  readonly answers: readonly boolean[];
}

function askAlong<Pass extends LuaPass>(runPass: (guess: (what: string) => boolean) => Pass, given: readonly boolean[]): Pass & Asked {
  const asked: string[] = [];
  const answers: boolean[] = [];
  const pass = runPass((what) => {
    const answer = given[answers.length] ?? false;
    asked.push(what);
    answers.push(answer);
    return answer;
  });
  return { ...pass, asked, answers };
}

/** Where the two passes went different ways. */
function questionBetween(one: Asked, other: Asked): string {
  const at = other.answers.findIndex((answer, index) => answer !== one.answers[index]);
  return other.asked[Math.max(0, at)] ?? 'what the script does';
}
