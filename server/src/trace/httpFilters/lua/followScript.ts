/** Follows a script of the Lua filter: what becomes of the request, or of the answer. */
import type { StreamAnswer } from '../../httpStream';
import type { FilterCall } from '../filterCall';
import { explorePasses } from '../../lua/explorePasses';
import type { LuaScript } from '../../lua/luaSyntax';
import { runLua } from '../../lua/runLua';
import { draftStream, summariseDraft, takeDraft, takeUncertain, type ScriptEffects } from './scriptStream';
import { answerHandle, streamHandle } from './streamHandle';

export type ScriptFate =
  | { readonly kind: 'done'; readonly effects: ScriptEffects; readonly error: boolean }
  | { readonly kind: 'unknown'; readonly what: string }
  | { readonly kind: 'absent' };

/** Runs `entry` of the script; the request (or the answer, which is given then) is changed where its fate is certain. */
export function followScript(script: LuaScript, entry: string, call: FilterCall, answered?: StreamAnswer): ScriptFate {
  const found = explorePasses((guess) => {
    const stream = draftStream(call, answered);
    const outcome = runLua(script, entry, answered ? answerHandle(stream) : streamHandle(stream), guess);
    return { stream, outcome, summary: summariseDraft(stream) };
  });
  if (found.kind === 'unknown' && answered && found.passes) takeUncertain(found.passes[0].stream, found.passes[1].stream);
  if (found.kind !== 'done') return found;
  const { stream } = found.pass;
  takeDraft(stream);
  if (answered && stream.answer) answered.code = stream.answer.code;
  return { kind: 'done', effects: stream.effects, error: found.outcome.error === true };
}
