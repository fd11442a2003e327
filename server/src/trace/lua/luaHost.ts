/** Envoy's objects in a script: methods by name. What a script got before it had to wait is dead afterwards. */
import { LuaError, type LuaHost, type LuaRun, type LuaValue } from './luaValue';

/** What all objects of one script know of it. */
export interface LuaLife {
  /** How often the script has waited: for the body, or for an answer. */
  waits: number;
}

export type LuaMethod = (given: readonly LuaValue[], run: LuaRun) => readonly LuaValue[];

/** The handle itself lives on; give it no life. */
export function makeHost(life: LuaLife | undefined, methods: Readonly<Record<string, LuaMethod>>, more: Partial<LuaHost> = {}): LuaHost {
  const born = life?.waits ?? 0;
  return {
    kind: 'host',
    has: (name) => Object.hasOwn(methods, name),
    call: (name, given, run) => {
      if (life && life.waits !== born) throw new LuaError('object used outside of proper scope');
      const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
      return method?.(given, run);
    },
    ...more,
  };
}
