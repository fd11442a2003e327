/** Reads Lua's expressions by precedence climbing. */
import type { LuaReader } from './luaReader';
import type { LuaExpression, LuaFunctionExpression, LuaStatement, LuaTableEntry } from './luaSyntax';

/** Reads the statements of a function up to its `end`. */
export type ReadBody = (reader: LuaReader) => LuaStatement[];

const NIL: LuaExpression = { kind: 'constant', value: null };

/** How tightly an operator binds to its left and to its right; `..` and `^` group to the right. */
const PRIORITIES: Readonly<Record<string, readonly [left: number, right: number]>> = {
  or: [1, 1],
  and: [2, 2],
  '<': [3, 3],
  '>': [3, 3],
  '<=': [3, 3],
  '>=': [3, 3],
  '~=': [3, 3],
  '==': [3, 3],
  '..': [5, 4],
  '+': [6, 6],
  '-': [6, 6],
  '*': [7, 7],
  '/': [7, 7],
  '%': [7, 7],
  '^': [10, 9],
};
const UNARY_PRIORITY = 8;

/** `readBody` reads the statements of functions. */
export class LuaExpressionReader {
  constructor(private readonly readBody: ReadBody) {}

  readList(reader: LuaReader): LuaExpression[] {
    const list = [this.read(reader)];
    while (reader.take(',')) list.push(this.read(reader));
    return list;
  }

  read(reader: LuaReader, limit = 0): LuaExpression {
    return reader.nested(() => {
      let left = this.readOperand(reader);
      for (let operator = operatorAt(reader, limit); operator !== undefined; operator = operatorAt(reader, limit)) {
        reader.next();
        left = { kind: 'binary', operator, left, right: this.read(reader, PRIORITIES[operator]?.[1] ?? 0) };
      }
      return left;
    });
  }

  /** A name or something in brackets, and what follows: `.x`, `[x]`, `:method(…)`, `(…)`. */
  readSuffixed(reader: LuaReader): LuaExpression {
    let expression: LuaExpression;
    if (reader.take('(')) {
      expression = { kind: 'first', inner: this.read(reader) };
      reader.expect(')');
    } else expression = { kind: 'name', name: reader.name() };
    while (!reader.hasFailed) {
      if (reader.take('.')) expression = { kind: 'index', target: expression, key: { kind: 'constant', value: reader.name() } };
      else if (reader.take('[')) {
        expression = { kind: 'index', target: expression, key: this.read(reader) };
        reader.expect(']');
      } else if (reader.take(':'))
        expression = { kind: 'method', target: expression, name: reader.name(), arguments: this.readArguments(reader) };
      else if (reader.is('(') || reader.is('{') || reader.peek()?.kind === 'string')
        expression = { kind: 'call', target: expression, arguments: this.readArguments(reader) };
      else break;
    }
    return expression;
  }

  /** From the parameters on; `self`: written with a colon. */
  readFunctionBody(reader: LuaReader, self = false): LuaFunctionExpression {
    const parameters: string[] = self ? ['self'] : [];
    let isVariadic = false;
    reader.expect('(');
    if (!reader.is(')'))
      do {
        if (reader.take('...')) isVariadic = true;
        else parameters.push(reader.name());
      } while (!isVariadic && reader.take(','));
    reader.expect(')');
    return { kind: 'function', parameters, isVariadic, body: this.readBody(reader) };
  }

  private readOperand(reader: LuaReader): LuaExpression {
    for (const operator of ['not', '#', '-'])
      if (reader.take(operator)) return { kind: 'unary', operator, operand: this.read(reader, UNARY_PRIORITY) };
    if (reader.take('function')) return this.readFunctionBody(reader);
    if (reader.is('{')) return this.readTable(reader);
    const token = reader.peek();
    if (token?.kind === 'string' || token?.kind === 'number') {
      reader.next();
      return { kind: 'constant', value: token.kind === 'string' ? token.text : Number(token.text) };
    }
    if (reader.take('nil')) return NIL;
    if (reader.take('true')) return { kind: 'constant', value: true };
    if (reader.take('false')) return { kind: 'constant', value: false };
    return reader.take('...') ? { kind: 'vararg' } : this.readSuffixed(reader);
  }

  private readArguments(reader: LuaReader): LuaExpression[] {
    const token = reader.peek();
    if (token?.kind === 'string') {
      reader.next();
      return [{ kind: 'constant', value: token.text }];
    }
    if (reader.is('{')) return [this.readTable(reader)];
    reader.expect('(');
    if (reader.take(')')) return [];
    const list = this.readList(reader);
    reader.expect(')');
    return list;
  }

  private readTable(reader: LuaReader): LuaExpression {
    const entries: LuaTableEntry[] = [];
    reader.expect('{');
    while (!reader.hasFailed && !reader.is('}')) {
      entries.push(this.readEntry(reader));
      if (!reader.take(',') && !reader.take(';')) break;
    }
    reader.expect('}');
    return { kind: 'table', entries };
  }

  private readEntry(reader: LuaReader): LuaTableEntry {
    if (reader.take('[')) {
      const key = this.read(reader);
      reader.expect(']');
      reader.expect('=');
      return { key, value: this.read(reader) };
    }
    const following = reader.peek(1);
    if (reader.peek()?.kind === 'name' && following?.kind === 'mark' && following.text === '=') {
      const key: LuaExpression = { kind: 'constant', value: reader.name() };
      reader.expect('=');
      return { key, value: this.read(reader) };
    }
    return { key: undefined, value: this.read(reader) };
  }
}

function operatorAt(reader: LuaReader, limit: number): string | undefined {
  const token = reader.peek();
  if (!token || token.kind === 'string' || !Object.hasOwn(PRIORITIES, token.text)) return undefined;
  return (PRIORITIES[token.text]?.[0] ?? 0) > limit ? token.text : undefined;
}
