/** Follows a Lua script statement by statement. Where a value that is not known decides, both ways are tried: only if they differ it matters. */
import { evaluateList, evaluateLua, findScope, readIndex, writeIndex } from './evaluateLua';
import { luaGlobals } from './luaGlobals';
import { isIterationOf, type LuaIteration } from './luaIteration';
import type { LuaScript, LuaStatement } from './luaSyntax';
import {
  isTable,
  isTrue,
  isUnknown,
  LuaAnswered,
  LuaError,
  LuaStop,
  numberOfLua,
  unknownValue,
  type LuaFunction,
  type LuaHost,
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

/** Runs the script's top level, then its function `entry` with `handle`. `guess` answers what is not known. */
export function runLua(script: LuaScript, entry: string, handle: LuaHost, guess: (what: string) => boolean): LuaOutcome {
  const machine = new LuaMachine(guess);
  try {
    const globals: LuaScope = { names: luaGlobals(), outer: undefined };
    const chunk: LuaScope = { names: new Map(), outer: globals, rest: [] };
    machine.scopes.push(globals, chunk);
    runBlock(script.body, chunk, machine);
    const value = globals.names.get(entry) ?? null;
    if (value === null) return { kind: 'absent' };
    machine.startRequest(script.shared);
    return { kind: 'finished', returned: machine.call(value, [handle]) };
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

/** How a block ends before its end. */
type Left =
  | { readonly kind: 'return'; readonly values: readonly LuaValue[] }
  | { readonly kind: 'break' }
  | { readonly kind: 'goto'; readonly label: string };

function runInner(statements: readonly LuaStatement[], outer: LuaScope, run: LuaRun, names: [string, LuaValue][] = []): Left | undefined {
  const scope: LuaScope = { names: new Map(names), outer };
  if (run.isLoading()) run.scopes.push(scope);
  return runBlock(statements, scope, run);
}

function runBlock(statements: readonly LuaStatement[], scope: LuaScope, run: LuaRun): Left | undefined {
  for (let at = 0; at < statements.length; at++) {
    const statement = statements[at];
    if (!statement) break;
    run.step();
    const left = runStatement(statement, scope, run);
    if (left?.kind === 'goto') {
      const label = statements.findIndex((each) => each.kind === 'label' && each.label === left.label);
      if (label < 0) return left;
      at = label;
    } else if (left) return left;
  }
  return undefined;
}

function runStatement(statement: LuaStatement, scope: LuaScope, run: LuaRun): Left | undefined {
  switch (statement.kind) {
    case 'local': {
      const values = evaluateList(statement.values, scope, run);
      statement.names.forEach((name, index) => scope.names.set(name, values[index] ?? null));
      return undefined;
    }
    case 'localFunction':
      scope.names.set(statement.name, null);
      scope.names.set(statement.name, evaluateLua(statement.value, scope, run));
      return undefined;
    case 'assign':
      return assign(statement, scope, run);
    case 'call':
      evaluateLua(statement.call, scope, run);
      return undefined;
    case 'return':
      return { kind: 'return', values: evaluateList(statement.values, scope, run) };
    case 'break':
      return { kind: 'break' };
    case 'goto':
      return { kind: 'goto', label: statement.label };
    case 'label':
      return undefined;
    case 'if': {
      const taken = statement.branches.find(({ condition }) => !condition || decide(evaluateLua(condition, scope, run), run));
      return taken && runInner(taken.body, scope, run);
    }
    case 'do':
      return runInner(statement.body, scope, run);
    case 'while':
      return runWhile(statement, scope, run);
    case 'repeat':
      return runRepeat(statement, scope, run);
    case 'count':
      return runCount(statement, scope, run);
    case 'each':
      return runEach(statement, scope, run);
  }
}

function decide(value: LuaValue, run: LuaRun): boolean {
  return isTrue(value) ?? run.guess(isUnknown(value) ? value.what : 'a condition');
}

function assign({ targets, values }: Extract<LuaStatement, { kind: 'assign' }>, scope: LuaScope, run: LuaRun): undefined {
  const places = targets.map((target) =>
    target.kind === 'index' ? ([evaluateLua(target.target, scope, run), evaluateLua(target.key, scope, run)] as const) : target,
  );
  const given = evaluateList(values, scope, run);
  places.forEach((place, index) => {
    const value = given[index] ?? null;
    if (!('kind' in place)) writeIndex(place[0], place[1], value, run);
    else if (place.kind === 'name') (findScope(place.name, scope) ?? run.scopes[0] ?? scope).names.set(place.name, value);
  });
}

function runWhile({ condition, body }: Extract<LuaStatement, { kind: 'while' }>, scope: LuaScope, run: LuaRun): Left | undefined {
  while (decide(evaluateLua(condition, scope, run), run)) {
    const left = runInner(body, scope, run);
    if (left) return left.kind === 'break' ? undefined : left;
  }
  return undefined;
}

/** The condition sees the locals of the body. */
function runRepeat({ condition, body }: Extract<LuaStatement, { kind: 'repeat' }>, outer: LuaScope, run: LuaRun): Left | undefined {
  for (;;) {
    const scope: LuaScope = { names: new Map(), outer };
    const left = runBlock(body, scope, run);
    if (left) return left.kind === 'break' ? undefined : left;
    if (decide(evaluateLua(condition, scope, run), run)) return undefined;
  }
}

function runCount({ name, limits, body }: Extract<LuaStatement, { kind: 'count' }>, scope: LuaScope, run: LuaRun): Left | undefined {
  const given = limits.map((limit) => evaluateLua(limit, scope, run));
  const open = given.find(isUnknown);
  if (open) throw new LuaStop(open.what);
  const [from, to, step = 1] = given.map(numberOfLua);
  if (from === undefined || to === undefined || step === 0) throw new LuaError("'for' limit must be a number");
  for (let value = from; step > 0 ? value <= to : value >= to; value += step) {
    const left = runInner(body, scope, run, [[name, value]]);
    run.step();
    if (left) return left.kind === 'break' ? undefined : left;
  }
  return undefined;
}

function runEach(statement: Extract<LuaStatement, { kind: 'each' }>, scope: LuaScope, run: LuaRun): Left | undefined {
  const [iterator = null, state = null, first = null] = evaluateList(statement.values, scope, run);
  const iteration = isIterationOf(iterator);
  if (iteration) return runIteration(statement, iteration, { scope, run });
  let control = first;
  for (;;) {
    run.step();
    const values = run.call(iterator, [state, control]);
    control = values[0] ?? null;
    if (isUnknown(control)) throw new LuaStop(control.what);
    if (control === null) return undefined;
    const left = runInner(
      statement.body,
      scope,
      run,
      statement.names.map((name, index) => [name, values[index] ?? null]),
    );
    if (left) return left.kind === 'break' ? undefined : left;
  }
}

/** `pairs` and `ipairs`: through what there was at the beginning, without what has gone meanwhile. */
function runIteration(
  { names, body }: Extract<LuaStatement, { kind: 'each' }>,
  iteration: LuaIteration,
  { scope, run }: { scope: LuaScope; run: LuaRun },
): Left | undefined {
  const [first = '', second = ''] = names;
  for (const [key, value] of iteration.entries(run)) {
    run.step();
    const now = iteration.table ? readIndex(iteration.table, key, run) : value;
    if (now === null) continue;
    const left = runInner(body, scope, run, [
      [first, key],
      [second, now],
    ]);
    if (left) return left.kind === 'break' ? undefined : left;
  }
  iteration.finish?.();
  return undefined;
}
