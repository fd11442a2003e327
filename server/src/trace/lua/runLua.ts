/** Runs a Lua script: its top level, then the function that is asked for. Where a value that is not known decides, both ways are tried: only if they differ it matters. */
import { luaGlobals } from './luaGlobals';
import { runBlock } from './runBlock';
import type { LuaScript } from './luaSyntax';
import {
  isTable,
  isUnknown,
  LuaAnswered,
  LuaError,
  LuaStop,
  unknownValue,
  type LuaFunction,
  type LuaRun,
  type LuaScope,
  type LuaValue,
} from './luaValue';

export type LuaOutcome =
  | { readonly kind: 'finished'; readonly error?: boolean; readonly returned?: readonly LuaValue[] }
  | { readonly kind: 'unknown'; readonly what: string }
  /** The script has no such function. */
  | { readonly kind: 'absent' };

const MAX_STEPS = 50_000;
const MAX_DEPTH = 50;

/** Runs the script's top level, then its function `entry` with one argument. `guess` answers what is not known. */
export function runLua(script: LuaScript, entry: string, argument: LuaValue, guess: (what: string) => boolean): LuaOutcome {
  const machine = new LuaMachine(guess);
  try {
    const globals: LuaScope = { names: luaGlobals(), outer: undefined };
    const chunk: LuaScope = { names: new Map(), outer: globals, rest: [] };
    machine.scopes.push(globals, chunk);
    runBlock(script.body, chunk, machine);
    const value = globals.names.get(entry) ?? null;
    if (value === null) return { kind: 'absent' };
    machine.startRequest(script.shared);
    return { kind: 'finished', returned: machine.call(value, [argument]) };
  } catch (error) {
    if (error instanceof LuaAnswered) return { kind: 'finished' };
    if (error instanceof LuaError) return { kind: 'finished', error: true };
    if (error instanceof LuaStop) return { kind: 'unknown', what: error.message };
    throw error;
  }
}

class LuaMachine implements LuaRun {
  readonly scopes: LuaScope[] = [];
  private steps = 0;
  private depth = 0;
  private loading = true;

  constructor(readonly guess: (what: string) => boolean) {}

  /** Variables that functions write to have the values of requests before. */
  startRequest(shared: ReadonlySet<string>): void {
    for (const { names } of this.scopes)
      for (const name of names.keys()) if (shared.has(name)) names.set(name, unknownValue(`${name}, which requests before have set`));
    const [globals] = this.scopes;
    for (const name of shared)
      if (!globals?.names.has(name)) globals?.names.set(name, unknownValue(`${name}, which requests before may have set`));
    this.loading = false;
  }

  isLoading(): boolean {
    return this.loading;
  }

  step(count = 1): void {
    this.steps += count;
    if (this.steps > MAX_STEPS) throw new LuaStop('a script of so many steps');
  }

  call(value: LuaValue, given: readonly LuaValue[]): readonly LuaValue[] {
    if (isUnknown(value)) throw new LuaStop(value.what);
    if (typeof value === 'object' && value?.kind === 'native') return value.call(given, this);
    if (typeof value === 'object' && value?.kind === 'function') return this.callFunction(value, given);
    const meta = isTable(value) ? value.meta?.entries.get('__call') : undefined;
    if (meta !== undefined) return this.call(meta, [value, ...given]);
    throw new LuaError('attempt to call a value');
  }

  private callFunction({ definition, scope }: LuaFunction, given: readonly LuaValue[]): readonly LuaValue[] {
    const { parameters, isVariadic, body } = definition;
    const names = new Map(parameters.map((name, index) => [name, given[index] ?? null] as const));
    if (++this.depth > MAX_DEPTH) throw new LuaStop('functions that call themselves so often');
    const left = runBlock(body, { names, outer: scope, rest: isVariadic ? given.slice(parameters.length) : [] }, this);
    this.depth--;
    return left?.kind === 'return' ? left.values : [];
  }
}
