/** Reads a Lua script. What is no Lua is said to be so. */
import { findSharedNames } from './findSharedNames';
import { LuaReader } from './luaReader';
import type { LuaBranch, LuaExpression, LuaScript, LuaStatement } from './luaSyntax';
import { LuaExpressionReader } from './parseLuaExpression';
import { readLuaTokens } from './readLuaTokens';

/** Undefined where the script is not understood. */
export function parseLua(text: string): LuaScript | undefined {
  const tokens = readLuaTokens(text);
  if (!tokens) return undefined;
  const reader = new LuaReader(tokens);
  const body = readBlock(reader);
  return reader.hasFailed || !reader.isAtEnd ? undefined : { body, shared: findSharedNames(body) };
}

const expressions = new LuaExpressionReader((reader) => reader.within('function', () => readBody(reader)));

const BLOCK_ENDS: ReadonlySet<string> = new Set(['end', 'else', 'elseif', 'until']);

function readBlock(reader: LuaReader): LuaStatement[] {
  const statements: LuaStatement[] = [];
  reader.nested(() => {
    while (!isBlockEnd(reader)) {
      if (reader.take(';')) continue;
      const statement = readStatement(reader);
      statements.push(statement);
      if (statement.kind !== 'return') continue;
      // Nothing may follow it in its block.
      reader.take(';');
      if (!isBlockEnd(reader)) reader.fail();
    }
  });
  return statements;
}

function isBlockEnd(reader: LuaReader): boolean {
  const token = reader.peek();
  return !token || (token.kind === 'name' && BLOCK_ENDS.has(token.text));
}

function readBody(reader: LuaReader): LuaStatement[] {
  const body = readBlock(reader);
  reader.expect('end');
  return body;
}

function readStatement(reader: LuaReader): LuaStatement {
  if (reader.take('::')) return readLabel(reader);
  const token = reader.peek();
  const read = token?.kind === 'name' && Object.hasOwn(STATEMENTS, token.text) ? STATEMENTS[token.text] : undefined;
  if (!read) return readAssignmentOrCall(reader);
  reader.next();
  return read(reader);
}

function readLabel(reader: LuaReader): LuaStatement {
  const label = reader.name();
  reader.expect('::');
  return { kind: 'label', label };
}

const STATEMENTS: Readonly<Record<string, (reader: LuaReader) => LuaStatement>> = {
  local: (reader) => (reader.take('function') ? readLocalFunction(reader) : readLocal(reader)),
  function: readFunction,
  if: readIf,
  do: (reader) => ({ kind: 'do', body: readBody(reader) }),
  while: readWhile,
  repeat: readRepeat,
  for: readFor,
  goto: (reader) => ({ kind: 'goto', label: reader.name() }),
  break: readBreak,
  return: (reader) => ({ kind: 'return', values: isBlockEnd(reader) || reader.is(';') ? [] : expressions.readList(reader) }),
};

function readBreak(reader: LuaReader): LuaStatement {
  if (!reader.mayBreak) reader.fail();
  return { kind: 'break' };
}

function readLoop(reader: LuaReader): LuaStatement[] {
  return reader.within('loop', () => readBody(reader));
}

function readLocalFunction(reader: LuaReader): LuaStatement {
  return { kind: 'localFunction', name: reader.name(), value: expressions.readFunctionBody(reader) };
}

function readLocal(reader: LuaReader): LuaStatement {
  const names = [reader.name()];
  while (reader.take(',')) names.push(reader.name());
  return { kind: 'local', names, values: reader.take('=') ? expressions.readList(reader) : [] };
}

/** `function a.b:c() … end` */
function readFunction(reader: LuaReader): LuaStatement {
  let target: LuaExpression = { kind: 'name', name: reader.name() };
  while (reader.take('.')) target = { kind: 'index', target, key: { kind: 'constant', value: reader.name() } };
  const isMethod = reader.take(':');
  if (isMethod) target = { kind: 'index', target, key: { kind: 'constant', value: reader.name() } };
  return { kind: 'assign', targets: [target], values: [expressions.readFunctionBody(reader, isMethod)] };
}

function readIf(reader: LuaReader): LuaStatement {
  const branches: LuaBranch[] = [];
  do {
    const condition = expressions.read(reader);
    reader.expect('then');
    branches.push({ condition, body: readBlock(reader) });
  } while (reader.take('elseif'));
  if (reader.take('else')) branches.push({ condition: undefined, body: readBlock(reader) });
  reader.expect('end');
  return { kind: 'if', branches };
}

function readWhile(reader: LuaReader): LuaStatement {
  const condition = expressions.read(reader);
  reader.expect('do');
  return { kind: 'while', condition, body: readLoop(reader) };
}

function readRepeat(reader: LuaReader): LuaStatement {
  const body = reader.within('loop', () => readBlock(reader));
  reader.expect('until');
  return { kind: 'repeat', body, condition: expressions.read(reader) };
}

function readFor(reader: LuaReader): LuaStatement {
  const names = [reader.name()];
  if (reader.take('=')) {
    const limits = expressions.readList(reader);
    if (limits.length < 2 || limits.length > 3) reader.fail();
    reader.expect('do');
    return { kind: 'count', name: names[0] ?? '', limits, body: readLoop(reader) };
  }
  while (reader.take(',')) names.push(reader.name());
  reader.expect('in');
  const values = expressions.readList(reader);
  reader.expect('do');
  return { kind: 'each', names, values, body: readLoop(reader) };
}

function readAssignmentOrCall(reader: LuaReader): LuaStatement {
  const targets = [expressions.readSuffixed(reader)];
  while (reader.take(',')) targets.push(expressions.readSuffixed(reader));
  const [first] = targets;
  if (reader.take('=')) {
    if (targets.some(({ kind }) => kind !== 'name' && kind !== 'index')) reader.fail();
    return { kind: 'assign', targets, values: expressions.readList(reader) };
  }
  if (!first || targets.length > 1 || (first.kind !== 'call' && first.kind !== 'method')) reader.fail();
  return { kind: 'call', call: first ?? { kind: 'vararg' } };
}
