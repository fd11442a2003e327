/** A place in the tokens of a Lua script. After a failure everything reads as the end. */
import type { LuaToken } from './readLuaTokens';

const MAX_DEPTH = 100;

const KEYWORDS: ReadonlySet<string> = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(' '),
);

export class LuaReader {
  hasFailed = false;
  /** In a loop of the function that is being read: `break` leaves it. */
  private isInLoop = false;
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

  get mayBreak(): boolean {
    return this.isInLoop;
  }

  /** Reads the body of a loop, or of a function, where the loops around it cannot be left. */
  within<Value>(kind: 'loop' | 'function', read: () => Value): Value {
    const outer = this.isInLoop;
    this.isInLoop = kind === 'loop';
    const value = read();
    this.isInLoop = outer;
    return value;
  }

  nested<Value>(read: () => Value): Value {
    if (++this.depth > MAX_DEPTH) this.fail();
    const value = read();
    this.depth--;
    return value;
  }
}
