/** Follows a script through every answer that what is not known could give: only if the answers lead to different fates it matters. */
import type { StreamAnswer } from '../../http/httpStream';
import type { FilterCall } from '../filterCall';
import type { LuaScript } from './luaSyntax';
import { runLua } from './runLua';
import { draftStream, summariseDraft, takeDraft, type ScriptEffects } from './scriptStream';
import { answerHandle, streamHandle } from './streamHandle';

export type ScriptFate =
  | { readonly kind: 'done'; readonly effects: ScriptEffects; readonly error: boolean }
  | { readonly kind: 'unknown'; readonly what: string }
  | { readonly kind: 'absent' };

const MAX_PASSES = 64;

/** Runs `entry` of the script; the request (or the answer, which is given then) is changed where its fate is certain. */
export function followScript(script: LuaScript, entry: string, call: FilterCall, answered?: StreamAnswer): ScriptFate {
  const open: (readonly boolean[])[] = [[]];
  let first: Pass | undefined;
  for (let passes = 1; ; passes++) {
    const answers = open.pop();
    if (!answers) break;
    const pass = runPass(script, entry, { call, answers, answered });
    if (pass.outcome.kind !== 'finished') return pass.outcome;
    if (passes > MAX_PASSES) return { kind: 'unknown', what: pass.asked[0] ?? 'what the script does' };
    first ??= pass;
    if (first.summary !== pass.summary) return { kind: 'unknown', what: questionBetween(first, pass) };
    for (let index = answers.length; index < pass.answers.length; index++) open.push([...pass.answers.slice(0, index), true]);
  }
  if (!first) return { kind: 'absent' };
  takeDraft(first.stream);
  if (answered && first.stream.answer) answered.code = first.stream.answer.code;
  return { kind: 'done', effects: first.stream.effects, error: first.outcome.kind === 'finished' && first.outcome.error === true };
}

type Pass = ReturnType<typeof runPass>;

interface Attempt {
  readonly call: FilterCall;
  /** Answers that are not given are no. */
  readonly answers: readonly boolean[];
  readonly answered: StreamAnswer | undefined;
}

function runPass(script: LuaScript, entry: string, { call, answers: given, answered }: Attempt) {
  const stream = draftStream(call, answered);
  const asked: string[] = [];
  const answers: boolean[] = [];
  const handle = answered ? answerHandle(stream) : streamHandle(stream);
  const outcome = runLua(script, entry, handle, (what) => {
    const answer = given[answers.length] ?? false;
    asked.push(what);
    answers.push(answer);
    return answer;
  });
  return { stream, asked, answers, outcome, summary: summariseDraft(stream) };
}

/** Where the two passes went different ways. */
function questionBetween(one: Pass, other: Pass): string {
  const at = other.answers.findIndex((answer, index) => answer !== one.answers[index]);
  return other.asked[Math.max(0, at)] ?? 'what the script does';
}
