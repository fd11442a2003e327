/** The statements of a Lua block, one after the other, and how loops repeat theirs. */
import { evaluateList, evaluateLua, findScope, readIndex, writeIndex } from './evaluateLua';
import { isIterationOf, type LuaIteration } from './luaIteration';
import type { LuaStatement } from './luaSyntax';
import { isTrue, isUnknown, LuaError, LuaStop, numberOfLua, type LuaRun, type LuaScope, type LuaValue } from './luaValue';

/** How a block ends before its end. */
export type Left =
  | { readonly kind: 'return'; readonly values: readonly LuaValue[] }
  | { readonly kind: 'break' }
  | { readonly kind: 'goto'; readonly label: string };

function runInner(statements: readonly LuaStatement[], outer: LuaScope, run: LuaRun, names: [string, LuaValue][] = []): Left | undefined {
  const scope: LuaScope = { names: new Map(names), outer };
  if (run.isLoading()) run.scopes.push(scope);
  return runBlock(statements, scope, run);
}

/** Runs in a scope that is there; undefined: it has run to its end. */
export function runBlock(statements: readonly LuaStatement[], scope: LuaScope, run: LuaRun): Left | undefined {
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
  const [from, to, step] = [...given, 1].map(numberOfLua);
  if (from === undefined || to === undefined || step === undefined) throw new LuaError("'for' limit must be a number");
  for (let value = from; step >= 0 ? value <= to : value >= to; value += step) {
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
