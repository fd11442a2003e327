/** What `pairs`, `ipairs` and `gmatch` give to a `for`: a native function that knows its steps. */
import type { LuaNative, LuaRun, LuaTable, LuaValue } from './luaValue';

export interface LuaIteration extends LuaNative {
  readonly isIteration: true;
  readonly entries: (run: LuaRun) => readonly (readonly [LuaValue, LuaValue])[];
  /** The table that is walked through: its values are read anew. */
  readonly table?: LuaTable;
  /** The walk has come to its end. */
  readonly finish?: () => void;
}

export function isIterationOf(value: LuaValue): LuaIteration | undefined {
  return typeof value === 'object' && value?.kind === 'native' && 'isIteration' in value ? (value as LuaIteration) : undefined;
}

/** Nobody knows the order: both ends may come first. */
export function inAnyOrder<Entry>(entries: Entry[], run: LuaRun): Entry[] {
  return entries.length > 1 && run.guess('the order of a table') ? entries.reverse() : entries;
}

/** Called by hand it goes on from step to step. */
export function makeIteration(name: string, more: Pick<LuaIteration, 'entries' | 'table' | 'finish'>): LuaIteration {
  let steps: readonly (readonly [LuaValue, LuaValue])[] | undefined;
  let at = 0;
  return {
    kind: 'native',
    name,
    isIteration: true,
    ...more,
    call: (_, run) => {
      steps ??= more.entries(run);
      const step = steps[at++];
      if (!step) more.finish?.();
      return step ?? [null];
    },
  };
}
