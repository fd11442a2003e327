/** Follows a Lua script statement by statement; stops where a decision depends on what is not known. */
import type { LuaExpression, LuaScript, LuaStatement } from './luaSyntax';
import { applyLuaOperator, invertLua } from './applyLuaOperator';
import { isTrue, isUnknown, textOfLua, unknownValue, type LuaHost, type LuaScope, type LuaValue } from './luaValue';

export type LuaOutcome = { readonly kind: 'finished' } | { readonly kind: 'unknown'; readonly what: string };

/** The script cannot be followed further. */
export class LuaStop extends Error {}

const MAX_STEPS = 20_000;
const MAX_DEPTH = 50;

/** Runs the script's top level, then its function `entry` with `handle`. Envoy's objects say what happens to the request. */
export function runLua(script: LuaScript, entry: string, handle: LuaHost): LuaOutcome {
  const run: Run = { steps: 0, depth: 0, assigned: script.assigned };
  const globals: LuaScope = { names: new Map(), outer: undefined };
  try {
    runStatements(script.body, globals, run);
    const value = globals.names.get(entry);
    if (value === undefined || typeof value !== 'object' || value?.kind !== 'function')
      return { kind: 'unknown', what: `the function ${entry}` };
    callValue(value, [handle], run);
    return { kind: 'finished' };
  } catch (error) {
    if (error instanceof LuaAnswered) return { kind: 'finished' };
    if (error instanceof LuaStop) return { kind: 'unknown', what: error.message };
    throw error;
  }
}

/** `respond` ends the script. */
export class LuaAnswered extends Error {}

interface Run {
  steps: number;
  /** Of calls of the script's own functions. */
  depth: number;
  readonly assigned: ReadonlySet<string>;
}

interface Returned {
  readonly value: LuaValue;
}

function runBlock(statements: readonly LuaStatement[], outer: LuaScope, run: Run): Returned | undefined {
  return runStatements(statements, { names: new Map(), outer }, run);
}

function runStatements(statements: readonly LuaStatement[], scope: LuaScope, run: Run): Returned | undefined {
  for (const statement of statements) {
    const returned = runStatement(statement, scope, run);
    if (returned) return returned;
  }
  return undefined;
}

function runStatement(statement: LuaStatement, scope: LuaScope, run: Run): Returned | undefined {
  if (++run.steps > MAX_STEPS) throw new LuaStop('a script of that length');
  switch (statement.kind) {
    case 'local':
      statement.names.forEach((name, index) => scope.names.set(name, valueAt(statement.values, index, scope, run)));
      return undefined;
    case 'assign':
      assign(statement.target, evaluate(statement.value, scope, run), scope, run);
      return undefined;
    case 'call':
      evaluate(statement.call, scope, run);
      return undefined;
    case 'return':
      return { value: statement.value ? evaluate(statement.value, scope, run) : null };
    case 'if':
      for (const { condition, body } of statement.branches) {
        if (condition && !decide(evaluate(condition, scope, run))) continue;
        return runBlock(body, scope, run);
      }
      return undefined;
  }
}

function valueAt(values: readonly LuaExpression[], index: number, scope: LuaScope, run: Run): LuaValue {
  const expression = values[index];
  if (expression) return evaluate(expression, scope, run);
  const last = values.at(-1);
  // A call may return several values.
  return last && (last.kind === 'call' || last.kind === 'method') ? unknownValue('what a call returns besides its first value') : null;
}

function decide(value: LuaValue): boolean {
  const truth = isTrue(value);
  if (truth === undefined) throw new LuaStop(isUnknown(value) ? value.what : 'a condition');
  return truth;
}

function assign(target: LuaExpression, value: LuaValue, scope: LuaScope, run: Run): void {
  if (target.kind === 'name') {
    const holder = findScope(target.name, scope);
    const globals = rootOf(scope);
    (holder ?? globals).names.set(target.name, value);
    return;
  }
  if (target.kind !== 'index') throw new LuaStop('an assignment');
  const table = evaluate(target.target, scope, run);
  const key = evaluate(target.key, scope, run);
  if (typeof table !== 'object' || table?.kind !== 'table' || (typeof key !== 'string' && typeof key !== 'number'))
    throw new LuaStop('an assignment to a table');
  table.entries.set(key, value);
}

function findScope(name: string, scope: LuaScope): LuaScope | undefined {
  for (let each: LuaScope | undefined = scope; each; each = each.outer) if (each.names.has(name)) return each;
  return undefined;
}

function rootOf(scope: LuaScope): LuaScope {
  return scope.outer ? rootOf(scope.outer) : scope;
}

function evaluate(expression: LuaExpression, scope: LuaScope, run: Run): LuaValue {
  if (++run.steps > MAX_STEPS) throw new LuaStop('a script of that length');
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'name':
      return readName(expression.name, scope, run);
    case 'function':
      return { kind: 'function', definition: expression, scope };
    case 'table':
      return makeTable(expression.entries, scope, run);
    case 'unary':
      return invertLua(expression.operator, evaluate(expression.operand, scope, run));
    case 'binary':
      return evaluateBinary(expression, scope, run);
    case 'index':
      return readIndex(evaluate(expression.target, scope, run), evaluate(expression.key, scope, run));
    case 'call':
      return callValue(
        evaluate(expression.target, scope, run),
        expression.arguments.map((each) => evaluate(each, scope, run)),
        run,
        expression.target,
      );
    case 'method':
      return callMethod(
        evaluate(expression.target, scope, run),
        expression.name,
        expression.arguments.map((each) => evaluate(each, scope, run)),
      );
  }
}

/** A global that functions assign has the value of an earlier request. */
function readName(name: string, scope: LuaScope, run: Run): LuaValue {
  const holder = findScope(name, scope);
  const isGlobal = !holder || holder.outer === undefined;
  if (isGlobal && run.assigned.has(name)) return unknownValue(`the global ${name}, which requests before have set`);
  return holder?.names.get(name) ?? (holder ? null : unknownValue(`the global ${name}`));
}

function makeTable(entries: Extract<LuaExpression, { kind: 'table' }>['entries'], scope: LuaScope, run: Run): LuaValue {
  const table = new Map<string | number, LuaValue>();
  let next = 1;
  for (const { key, value } of entries) {
    const name = key ? evaluate(key, scope, run) : next++;
    if (typeof name !== 'string' && typeof name !== 'number') throw new LuaStop('the keys of a table');
    table.set(name, evaluate(value, scope, run));
  }
  return { kind: 'table', entries: table };
}

function evaluateBinary({ operator, left, right }: Extract<LuaExpression, { kind: 'binary' }>, scope: LuaScope, run: Run): LuaValue {
  const first = evaluate(left, scope, run);
  if (operator !== 'and' && operator !== 'or') return applyLuaOperator(operator, first, evaluate(right, scope, run));
  const truth = isTrue(first);
  if (truth === undefined) return first;
  return truth === (operator === 'and') ? evaluate(right, scope, run) : first;
}

function readIndex(table: LuaValue, key: LuaValue): LuaValue {
  if (typeof table === 'object' && table?.kind === 'table' && (typeof key === 'string' || typeof key === 'number'))
    return table.entries.get(key) ?? null;
  return unknownValue(`the field ${textOfLua(key) ?? ''}`);
}

function callValue(value: LuaValue, parameters: readonly LuaValue[], run: Run, target?: LuaExpression): LuaValue {
  if (typeof value === 'object' && value?.kind === 'function') {
    const names = new Map(value.definition.parameters.map((name, index) => [name, parameters[index] ?? null] as const));
    if (++run.depth > MAX_DEPTH) throw new LuaStop('functions that call themselves');
    const returned = runStatements(value.definition.body, { names, outer: value.scope }, run);
    run.depth--;
    return returned?.value ?? null;
  }
  const name = target?.kind === 'name' ? target.name : '';
  if (name === 'tostring') return textOfLua(parameters[0]) ?? unknownValue('what tostring gives');
  if (name === 'tonumber') return toNumber(parameters[0]);
  // A script that hands its handle to a function outside may do anything with it.
  if (parameters.some((each) => typeof each === 'object' && each?.kind === 'host')) throw new LuaStop(`the function ${name}`);
  if (name === 'error') throw new LuaStop('an error of the script');
  return unknownValue(`what the function ${name || 'of a library'} returns`);
}

function toNumber(value: LuaValue | undefined): LuaValue {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return value === null ? null : unknownValue('what tonumber gives');
  const number = Number(value.trim());
  return value.trim() === '' || Number.isNaN(number) ? null : number;
}

function callMethod(target: LuaValue, name: string, parameters: readonly LuaValue[]): LuaValue {
  if (typeof target === 'object' && target?.kind === 'host') return target.call(name, parameters);
  if (typeof target === 'string' && name === 'lower') return target.toLowerCase();
  if (typeof target === 'string' && name === 'upper') return target.toUpperCase();
  if (typeof target === 'string' && name === 'len') return target.length;
  if (target === null) throw new LuaStop(`an error: ${name} of nil`);
  return unknownValue(isUnknown(target) ? target.what : `what ${name} returns`);
}
