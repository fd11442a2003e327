/** Reads a Lua script without loops: what filters of a few lines are made of. Anything else is not understood, and said to be so. */
import type { LuaBranch, LuaExpression, LuaScript, LuaStatement, LuaTableEntry } from './luaSyntax';
import { readLuaTokens, type LuaToken } from './readLuaTokens';

/** Undefined where the script has loops, gotos, or anything that is not understood. */
export function parseLua(text: string): LuaScript | undefined {
  const tokens = readLuaTokens(text);
  if (!tokens) return undefined;
  const reader = new LuaReader(tokens);
  const body = readBlock(reader);
  return reader.hasFailed || !reader.isAtEnd ? undefined : { body, assigned: reader.assigned };
}

const MAX_DEPTH = 100;

/** A place in the tokens. After a failure everything reads as the end. */
class LuaReader {
  hasFailed = false;
  readonly assigned = new Set<string>();
  functionDepth = 0;
  private depth = 0;
  private at = 0;

  constructor(private readonly tokens: readonly LuaToken[]) {}

  get isAtEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  peek(offset = 0): LuaToken | undefined {
    return this.hasFailed ? undefined : this.tokens[this.at + offset];
  }

  /** A mark or keyword. */
  is(text: string): boolean {
    const token = this.peek();
    return token !== undefined && token.text === text && token.kind !== 'string';
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail();
  }

  next(): LuaToken | undefined {
    const token = this.peek();
    if (token) this.at++;
    return token;
  }

  name(): string {
    const token = this.next();
    if (token?.kind === 'name' && !KEYWORDS.has(token.text)) return token.text;
    this.fail();
    return '';
  }

  fail(): void {
    this.hasFailed = true;
  }

  nested<Value>(read: () => Value): Value {
    if (++this.depth > MAX_DEPTH) this.fail();
    const value = read();
    this.depth--;
    return value;
  }
}

const KEYWORDS: ReadonlySet<string> = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(' '),
);
const BLOCK_ENDS: ReadonlySet<string> = new Set(['end', 'else', 'elseif']);
const NIL: LuaExpression = { kind: 'constant', value: null };

function readBlock(reader: LuaReader): LuaStatement[] {
  const statements: LuaStatement[] = [];
  reader.nested(() => {
    for (let token = reader.peek(); token && !(token.kind === 'name' && BLOCK_ENDS.has(token.text)); token = reader.peek()) {
      if (reader.take(';')) continue;
      statements.push(...readStatement(reader));
    }
  });
  return statements;
}

function readStatement(reader: LuaReader): LuaStatement[] {
  if (reader.take('local')) return [reader.take('function') ? readLocalFunction(reader) : readLocal(reader)];
  if (reader.take('function')) return [readFunction(reader)];
  if (reader.take('if')) return [readIf(reader)];
  if (reader.take('do')) return [{ kind: 'if', branches: [{ condition: undefined, body: readBody(reader) }] }];
  if (reader.take('return')) return [{ kind: 'return', value: isBlockEnd(reader) ? undefined : readExpression(reader) }];
  return [readAssignmentOrCall(reader)];
}

function isBlockEnd(reader: LuaReader): boolean {
  const token = reader.peek();
  return !token || token.text === ';' || (token.kind === 'name' && BLOCK_ENDS.has(token.text));
}

function readBody(reader: LuaReader): LuaStatement[] {
  const body = readBlock(reader);
  reader.expect('end');
  return body;
}

function readLocalFunction(reader: LuaReader): LuaStatement {
  const name = reader.name();
  return { kind: 'local', names: [name], values: [readFunctionBody(reader)] };
}

function readLocal(reader: LuaReader): LuaStatement {
  const names = [reader.name()];
  while (reader.take(',')) names.push(reader.name());
  return { kind: 'local', names, values: reader.take('=') ? readList(reader) : [] };
}

function readFunction(reader: LuaReader): LuaStatement {
  const target: LuaExpression = { kind: 'name', name: reader.name() };
  return { kind: 'assign', target, value: readFunctionBody(reader) };
}

function readFunctionBody(reader: LuaReader): LuaExpression {
  const parameters: string[] = [];
  reader.expect('(');
  if (!reader.is(')'))
    do parameters.push(reader.name());
    while (reader.take(','));
  reader.expect(')');
  reader.functionDepth++;
  const body = readBody(reader);
  reader.functionDepth--;
  return { kind: 'function', parameters, body };
}

function readIf(reader: LuaReader): LuaStatement {
  const branches: LuaBranch[] = [];
  do {
    const condition = readExpression(reader);
    reader.expect('then');
    branches.push({ condition, body: readBlock(reader) });
  } while (reader.take('elseif'));
  if (reader.take('else')) branches.push({ condition: undefined, body: readBlock(reader) });
  reader.expect('end');
  return { kind: 'if', branches };
}

function readAssignmentOrCall(reader: LuaReader): LuaStatement {
  const target = readSuffixed(reader);
  if (reader.take('=')) {
    if (target.kind === 'name' && reader.functionDepth > 0) reader.assigned.add(target.name);
    return { kind: 'assign', target, value: readExpression(reader) };
  }
  if (target.kind !== 'call' && target.kind !== 'method') reader.fail();
  return { kind: 'call', call: target };
}

function readList(reader: LuaReader): LuaExpression[] {
  const list = [readExpression(reader)];
  while (reader.take(',')) list.push(readExpression(reader));
  return list;
}

const PRIORITIES: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  '<': 3,
  '>': 3,
  '<=': 3,
  '>=': 3,
  '~=': 3,
  '==': 3,
  '..': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
};
const UNARY_PRIORITY = 7;

function readExpression(reader: LuaReader, limit = 0): LuaExpression {
  return reader.nested(() => {
    let left = readOperand(reader);
    for (let operator = operatorAt(reader, limit); operator !== undefined; operator = operatorAt(reader, limit)) {
      reader.next();
      const priority = PRIORITIES[operator] ?? 0;
      // `..` binds to the right, which is the same for texts.
      left = { kind: 'binary', operator, left, right: readExpression(reader, priority) };
    }
    return left;
  });
}

function operatorAt(reader: LuaReader, limit: number): string | undefined {
  const token = reader.peek();
  if (!token || token.kind === 'string' || !Object.hasOwn(PRIORITIES, token.text)) return undefined;
  return (PRIORITIES[token.text] ?? 0) > limit ? token.text : undefined;
}

function readOperand(reader: LuaReader): LuaExpression {
  for (const operator of ['not', '#', '-'])
    if (reader.take(operator)) return { kind: 'unary', operator, operand: readExpression(reader, UNARY_PRIORITY) };
  if (reader.take('function')) return readFunctionBody(reader);
  if (reader.is('{')) return readTable(reader);
  const token = reader.peek();
  if (token?.kind === 'string' || token?.kind === 'number') {
    reader.next();
    return { kind: 'constant', value: token.kind === 'string' ? token.text : Number(token.text) };
  }
  if (reader.take('nil')) return NIL;
  if (reader.take('true')) return { kind: 'constant', value: true };
  if (reader.take('false')) return { kind: 'constant', value: false };
  return readSuffixed(reader);
}

/** A name or something in brackets, and what follows: `.x`, `[x]`, `:method(…)`, `(…)`. */
function readSuffixed(reader: LuaReader): LuaExpression {
  let expression: LuaExpression;
  if (reader.take('(')) {
    expression = readExpression(reader);
    reader.expect(')');
  } else expression = { kind: 'name', name: reader.name() };
  while (!reader.hasFailed) {
    if (reader.take('.')) expression = { kind: 'index', target: expression, key: { kind: 'constant', value: reader.name() } };
    else if (reader.take('[')) {
      expression = { kind: 'index', target: expression, key: readExpression(reader) };
      reader.expect(']');
    } else if (reader.take(':')) expression = { kind: 'method', target: expression, name: reader.name(), arguments: readArguments(reader) };
    else if (reader.is('(') || reader.is('{') || reader.peek()?.kind === 'string')
      expression = { kind: 'call', target: expression, arguments: readArguments(reader) };
    else break;
  }
  return expression;
}

function readArguments(reader: LuaReader): LuaExpression[] {
  const token = reader.peek();
  if (token?.kind === 'string') {
    reader.next();
    return [{ kind: 'constant', value: token.text }];
  }
  if (reader.is('{')) return [readTable(reader)];
  reader.expect('(');
  if (reader.take(')')) return [];
  const list = readList(reader);
  reader.expect(')');
  return list;
}

function readTable(reader: LuaReader): LuaExpression {
  const entries: LuaTableEntry[] = [];
  reader.expect('{');
  while (!reader.hasFailed && !reader.is('}')) {
    entries.push(readEntry(reader));
    if (!reader.take(',') && !reader.take(';')) break;
  }
  reader.expect('}');
  return { kind: 'table', entries };
}

function readEntry(reader: LuaReader): LuaTableEntry {
  if (reader.take('[')) {
    const key = readExpression(reader);
    reader.expect(']');
    reader.expect('=');
    return { key, value: readExpression(reader) };
  }
  const following = reader.peek(1);
  if (reader.peek()?.kind === 'name' && following?.kind === 'mark' && following.text === '=') {
    const key: LuaExpression = { kind: 'constant', value: reader.name() };
    reader.expect('=');
    return { key, value: readExpression(reader) };
  }
  return { key: undefined, value: readExpression(reader) };
}
