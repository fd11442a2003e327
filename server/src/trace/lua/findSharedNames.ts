/** Which variables of a Lua script live longer than a request: functions write to them, though they are declared outside. */
import type { LuaExpression, LuaStatement } from './luaSyntax';

/** Names of globals and of locals of the script itself that some function assigns, or whose fields it sets. */
export function findSharedNames(script: readonly LuaStatement[]): ReadonlySet<string> {
  const shared = new Set<string>();
  walkBlock(script, { own: undefined, shared });
  return shared;
}

interface Place {
  /** Locals of the functions around; undefined: at the script's top level, where everything is outside. */
  readonly own: Block | undefined;
  readonly shared: Set<string>;
}

interface Block {
  readonly names: Set<string>;
  readonly outer: Block | undefined;
}

function walkBlock(statements: readonly LuaStatement[], place: Place, names: readonly string[] = []): void {
  const here = place.own ? { ...place, own: { names: new Set(names), outer: place.own } } : place;
  for (const statement of statements) walkStatement(statement, here);
}

function declare({ own }: Place, names: readonly string[]): void {
  for (const name of names) own?.names.add(name);
}

function isOwn(block: Block | undefined, name: string): boolean {
  for (let each = block; each; each = each.outer) if (each.names.has(name)) return true;
  return false;
}

function walkStatement(statement: LuaStatement, place: Place): void {
  switch (statement.kind) {
    case 'local':
      walkAll(statement.values, place);
      return declare(place, statement.names);
    case 'localFunction':
      declare(place, [statement.name]);
      return walkExpression(statement.value, place);
    case 'assign':
      walkAll([...statement.values, ...statement.targets], place);
      for (const target of statement.targets) noteWrite(target, place);
      return;
    case 'call':
      walkExpression(statement.call, place);
      return;
    case 'return':
      walkAll(statement.values, place);
      return;
    case 'if':
      for (const { condition, body } of statement.branches) {
        if (condition) walkExpression(condition, place);
        walkBlock(body, place);
      }
      return;
    case 'do':
      walkBlock(statement.body, place);
      return;
    case 'while':
    case 'repeat':
      walkExpression(statement.condition, place);
      walkBlock(statement.body, place);
      return;
    case 'count':
      walkAll(statement.limits, place);
      walkBlock(statement.body, place, [statement.name]);
      return;
    case 'each':
      walkAll(statement.values, place);
      walkBlock(statement.body, place, statement.names);
      return;
    case 'break':
    case 'goto':
    case 'label':
      return;
  }
}

function walkAll(expressions: readonly LuaExpression[], place: Place): void {
  for (const each of expressions) walkExpression(each, place);
}

function walkExpression(expression: LuaExpression, place: Place): void {
  switch (expression.kind) {
    case 'function':
      walkBlock(expression.body, { ...place, own: { names: new Set(expression.parameters), outer: place.own } });
      return;
    case 'table':
      for (const { key, value } of expression.entries) walkAll(key ? [key, value] : [value], place);
      return;
    case 'binary':
      walkAll([expression.left, expression.right], place);
      return;
    case 'unary':
      walkExpression(expression.operand, place);
      return;
    case 'index':
      walkAll([expression.target, expression.key], place);
      return;
    case 'first':
      walkExpression(expression.inner, place);
      return;
    case 'call':
      noteTableFunction(expression, place);
      walkAll([expression.target, ...expression.arguments], place);
      return;
    case 'method':
      walkAll([expression.target, ...expression.arguments], place);
      return;
    case 'constant':
    case 'name':
    case 'vararg':
      return;
  }
}

const WRITERS: ReadonlySet<unknown> = new Set(['insert', 'remove', 'sort', 'rawset', 'setmetatable']);

/** `table.insert(t, …)` writes to `t`. */
function noteTableFunction({ target, arguments: given }: Extract<LuaExpression, { kind: 'call' }>, place: Place): void {
  const name = target.kind === 'name' ? target.name : target.kind === 'index' && target.key.kind === 'constant' ? target.key.value : '';
  const [table] = given;
  if (table && WRITERS.has(name)) noteWrite(table, place);
}

/** The variable at the root of what is written: `a` of `a.b[c] = …`. */
function noteWrite(target: LuaExpression, { own, shared }: Place): void {
  let root = target;
  while (root.kind === 'index' || root.kind === 'first') root = root.kind === 'index' ? root.target : root.inner;
  if (own && root.kind === 'name' && !isOwn(own, root.name)) shared.add(root.name);
}
