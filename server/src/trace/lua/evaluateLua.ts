/** Lua's expressions: what each gives, of calls and `...` all values. */
import { applyLuaOperator, invertLua } from './applyLuaOperator';
import type { LuaExpression } from './luaSyntax';
import {
  type LuaHost,
  isTable,
  isTrue,
  isUnknown,
  LuaError,
  LuaStop,
  newTable,
  setField,
  textOfLua,
  unknownButTrue,
  unknownValue,
  type LuaNative,
  type LuaRun,
  type LuaScope,
  type LuaTable,
  type LuaValue,
} from './luaValue';
import { stringLibrary } from './luaStrings';

/** The first value. */
export function evaluateLua(expression: LuaExpression, scope: LuaScope, run: LuaRun): LuaValue {
  return evaluateAll(expression, scope, run)[0] ?? null;
}

/** The values of a list of expressions: of the last one all. */
export function evaluateList(expressions: readonly LuaExpression[], scope: LuaScope, run: LuaRun): LuaValue[] {
  const values: LuaValue[] = [];
  expressions.forEach((expression, index) => {
    if (index < expressions.length - 1) values.push(evaluateLua(expression, scope, run));
    else values.push(...evaluateAll(expression, scope, run));
  });
  return values;
}

function evaluateAll(expression: LuaExpression, scope: LuaScope, run: LuaRun): readonly LuaValue[] {
  run.step();
  switch (expression.kind) {
    case 'constant':
      return [expression.value];
    case 'name':
      return [readVariable(expression.name, scope)];
    case 'vararg':
      return restOf(scope);
    case 'first':
      return [evaluateLua(expression.inner, scope, run)];
    case 'function':
      return [{ kind: 'function', definition: expression, scope }];
    case 'table':
      return [makeTable(expression, scope, run)];
    case 'unary':
      return [invertLua(expression.operator, evaluateLua(expression.operand, scope, run))];
    case 'binary':
      return [evaluateBinary(expression, scope, run)];
    case 'index':
      return [readIndex(evaluateLua(expression.target, scope, run), evaluateLua(expression.key, scope, run), run)];
    case 'call':
      return run.call(evaluateLua(expression.target, scope, run), evaluateList(expression.arguments, scope, run));
    case 'method':
      return callMethod(expression, scope, run);
  }
}

/** The innermost scope that has the name; undefined for what is nowhere set. */
export function findScope(name: string, scope: LuaScope): LuaScope | undefined {
  for (let each: LuaScope | undefined = scope; each; each = each.outer) if (each.names.has(name)) return each;
  return undefined;
}

/** A global that nobody has set is nil. */
function readVariable(name: string, scope: LuaScope): LuaValue {
  return findScope(name, scope)?.names.get(name) ?? null;
}

function restOf(scope: LuaScope): readonly LuaValue[] {
  for (let each: LuaScope | undefined = scope; each; each = each.outer) if (each.rest) return each.rest;
  return [];
}

function makeTable({ entries }: Extract<LuaExpression, { kind: 'table' }>, scope: LuaScope, run: LuaRun): LuaTable {
  const table = newTable([], run.isLoading());
  let next = 1;
  entries.forEach(({ key, value }, index) => {
    if (key) {
      writeIndex(table, evaluateLua(key, scope, run), evaluateLua(value, scope, run), run);
      return;
    }
    const values = index === entries.length - 1 ? evaluateAll(value, scope, run) : [evaluateLua(value, scope, run)];
    for (const each of values) writeIndex(table, next++, each, run);
  });
  return table;
}

function evaluateBinary({ operator, left, right }: Extract<LuaExpression, { kind: 'binary' }>, scope: LuaScope, run: LuaRun): LuaValue {
  const first = evaluateLua(left, scope, run);
  if (operator !== 'and' && operator !== 'or') return applyLuaOperator(operator, first, evaluateLua(right, scope, run));
  const truth = isTrue(first) ?? run.guess(isUnknown(first) ? first.what : 'a condition');
  if (truth === (operator === 'and')) return evaluateLua(right, scope, run);
  // The left side is the value, of which now is known whether it is true.
  return isUnknown(first) ? (truth ? unknownButTrue(first.what) : null) : first;
}

const MAX_META = 50;

/** `table[key]`, through `__index`. */
export function readIndex(target: LuaValue, key: LuaValue, run: LuaRun, depth = 0): LuaValue {
  if (isUnknown(target)) return unknownValue(target.what);
  if (typeof target === 'string') return typeof key === 'string' ? (stringLibrary.get(key) ?? null) : null;
  if (typeof target === 'object' && target?.kind === 'host') return readMethod(target, textOfLua(key) ?? '');
  if (!isTable(target)) throw new LuaError(`attempt to index ${textOfLua(key) ?? 'a value'}`);
  if (isUnknown(key)) return unknownValue(key.what);
  const found = key === null ? undefined : target.entries.get(key);
  if (found !== undefined) return found;
  const index = target.meta?.entries.get('__index');
  if (index === undefined || depth > MAX_META) return null;
  return isTable(index) ? readIndex(index, key, run, depth + 1) : (run.call(index, [target, key])[0] ?? null);
}

/** `handle.headers`: to be called with the object; nil where it has none of that name. */
function readMethod(host: LuaHost, name: string): LuaValue {
  if (!host.has(name)) return null;
  const call: LuaNative['call'] = ([object = null, ...given], run) => {
    const returned = typeof object === 'object' && object?.kind === 'host' ? object.call(name, given, run) : undefined;
    if (!returned) throw new LuaError('attempt to call a nil value');
    return returned;
  };
  return { kind: 'native', name, call };
}

/** `table[key] = value`; nil takes the key out. */
export function writeIndex(target: LuaValue, key: LuaValue, value: LuaValue, run: LuaRun): void {
  if (isUnknown(target) || isUnknown(key)) throw new LuaStop(isUnknown(target) ? target.what : isUnknown(key) ? key.what : '');
  if (!isTable(target) || key === null || Number.isNaN(key)) throw new LuaError('attempt to index a value');
  if (target.meta?.entries.has('__newindex')) throw new LuaStop('a table with __newindex');
  if (target.isLasting && !run.isLoading()) throw new LuaStop('a table that requests before have changed');
  setField(target, key, value);
}

function callMethod(
  { target, name, arguments: given }: Extract<LuaExpression, { kind: 'method' }>,
  scope: LuaScope,
  run: LuaRun,
): readonly LuaValue[] {
  const object = evaluateLua(target, scope, run);
  const values = evaluateList(given, scope, run);
  if (isUnknown(object)) return [unknownValue(object.what)];
  if (typeof object === 'object' && object?.kind === 'host') {
    const returned = object.call(name, values, run);
    if (!returned) throw new LuaError(`attempt to call method '${name}' (a nil value)`);
    return returned;
  }
  return run.call(readIndex(object, name, run), [object, ...values]);
}
