/** Parses the text of a CEL expression, by precedence climbing. What is no CEL becomes `malformed`, never an exception. */
import { MAX_CEL_DEPTH, type CelExpression } from './celExpression';
import type { CelBytes, CelUint } from './celValue';
import { readCelTokens, type CelToken } from './readCelTokens';

export function parseCel(text: string): CelExpression {
  const tokens = readCelTokens(text);
  if (!tokens) return malformed('text that is no expression');
  const parser: Parser = { tokens, at: 0, depth: 0, failure: undefined };
  const expression = parseTernary(parser);
  if (parser.failure) return parser.failure;
  return parser.at === tokens.length ? expression : malformed('text after the expression');
}

interface Parser {
  readonly tokens: readonly CelToken[];
  at: number;
  depth: number;
  /** The first thing that is not understood. */
  failure: CelExpression | undefined;
}

/** Loosest first. */
const LEVELS: readonly Readonly<Record<string, string>>[] = [
  { '||': '_||_' },
  { '&&': '_&&_' },
  { '==': '_==_', '!=': '_!=_', '<': '_<_', '<=': '_<=_', '>': '_>_', '>=': '_>=_', in: '@in' },
  { '+': '_+_', '-': '_-_' },
  { '*': '_*_', '/': '_/_', '%': '_%_' },
];

function parseTernary(parser: Parser): CelExpression {
  if (++parser.depth > MAX_CEL_DEPTH) return giveUp(parser);
  let expression = parseLevel(parser, 0);
  if (take(parser, '?')) {
    const yes = parseTernary(parser);
    const otherwise = take(parser, ':') ? parseTernary(parser) : fail(parser, 'a ? without :');
    expression = call('_?_:_', expression, yes, otherwise);
  }
  parser.depth--;
  return expression;
}

function parseLevel(parser: Parser, level: number): CelExpression {
  const operators = LEVELS[level];
  if (!operators) return parseUnary(parser);
  let left = parseLevel(parser, level + 1);
  for (let name = operatorAt(parser, operators); name !== undefined; name = operatorAt(parser, operators)) {
    parser.at++;
    left = call(name, left, parseLevel(parser, level + 1));
  }
  return left;
}

function operatorAt({ tokens, at }: Parser, operators: Readonly<Record<string, string>>): string | undefined {
  const token = tokens[at];
  return token?.kind === 'sign' && Object.hasOwn(operators, token.text) ? operators[token.text] : undefined;
}

function parseUnary(parser: Parser): CelExpression {
  if (++parser.depth > MAX_CEL_DEPTH) return giveUp(parser);
  const expression = take(parser, '!')
    ? call('!_', parseUnary(parser))
    : take(parser, '-')
      ? call('-_', parseUnary(parser))
      : parseMember(parser);
  parser.depth--;
  return expression;
}

function parseMember(parser: Parser): CelExpression {
  let left = parsePrimary(parser);
  for (;;) {
    if (take(parser, '.')) {
      const field = parser.tokens[parser.at++];
      if (field?.kind !== 'name' && field?.kind !== 'quoted_name') return fail(parser, 'a dot without a name');
      left = take(parser, '(')
        ? makeMethod(left, field.text, parseList(parser, ')'))
        : { kind: 'field', operand: left, field: field.text, test: false };
    } else if (take(parser, '[')) {
      left = call('_[_]', left, parseTernary(parser));
      if (!take(parser, ']')) return fail(parser, 'a bracket that is not closed');
    } else if (take(parser, '{')) left = makeMessage(parser, left);
    else return left;
  }
}

/** Functions whose name has a dot. */
const NAMESPACES: ReadonlySet<string> = new Set(['re', 'cel', 'math']);

/** Words that CEL keeps for later (github.com/google/cel-spec, doc/langdef.md). */
const RESERVED: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

/** `google.protobuf.Duration{seconds: 1}`: only messages that come with CEL are known. */
function makeMessage(parser: Parser, type: CelExpression): CelExpression {
  parseEntries(parser);
  const name = nameOfType(type);
  if (parser.failure) return parser.failure;
  return name.startsWith('google.') ? { kind: 'unsupported', what: 'a message' } : fail(parser, `the unknown message ${name.slice(0, 60)}`);
}

function nameOfType(type: CelExpression): string {
  const parts: string[] = [];
  let at = type;
  for (; at.kind === 'field'; at = at.operand) parts.unshift(at.field);
  return at.kind === 'name' ? [at.name, ...parts].join('.') : '';
}

const CONSTANTS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

function parsePrimary(parser: Parser): CelExpression {
  const token = parser.tokens[parser.at++];
  if (token?.kind === 'int' && BigInt(token.text) > MAX_INT) return fail(parser, 'a number that is too large');
  const literal = token && literalOf(token);
  if (literal !== undefined) return { kind: 'literal', value: literal };
  if (token?.kind === 'name') {
    if (RESERVED.has(token.text)) return fail(parser, `the reserved word ${token.text}`);
    if (Object.hasOwn(CONSTANTS, token.text)) return { kind: 'literal', value: CONSTANTS[token.text] ?? null };
    return take(parser, '(') ? makeCall(token.text, parseList(parser, ')')) : { kind: 'name', name: token.text };
  }
  if (token?.text === '(') {
    const inner = parseTernary(parser);
    return take(parser, ')') ? inner : fail(parser, 'a parenthesis that is not closed');
  }
  if (token?.text === '[') return { kind: 'list', items: parseList(parser, ']') };
  if (token?.text === '{') return { kind: 'map', entries: parseEntries(parser) };
  if (token?.text === '.') return parsePrimary(parser);
  return fail(parser, token ? `what begins with ${token.text}` : 'an expression that ends too early');
}

function literalOf({ kind, text }: CelToken): string | bigint | number | CelUint | CelBytes | undefined {
  switch (kind) {
    case 'text':
      return text;
    case 'bytes':
      return { bytes: text };
    case 'int':
      return BigInt(text);
    case 'uint':
      return { uint: BigInt(text) };
    case 'double':
      return Number(text);
    default:
      return undefined;
  }
}

/** The largest int; the smallest is written with a minus of its own. */
const MAX_INT = 2n ** 63n;

const COMPREHENSIONS: Readonly<Record<string, readonly number[]>> = { all: [2], exists: [2], exists_one: [2], filter: [2], map: [2, 3] };

/** `list.exists(x, …)` is a macro that unfolds into a comprehension. */
function makeMethod(target: CelExpression, name: string, given: readonly CelExpression[]): CelExpression {
  if (target.kind === 'name' && NAMESPACES.has(target.name)) return { kind: 'call', function: `${target.name}.${name}`, arguments: given };
  const isMacro = Object.hasOwn(COMPREHENSIONS, name) && COMPREHENSIONS[name]?.includes(given.length) === true;
  return isMacro ? { kind: 'comprehension' } : { kind: 'call', function: name, arguments: [target, ...given] };
}

/** `has(a.b)` is a macro: it tests the field instead of reading it. */
function makeCall(name: string, given: readonly CelExpression[]): CelExpression {
  const field = given[0];
  if (name === 'has' && field?.kind === 'field') return { ...field, test: true };
  return { kind: 'call', function: name, arguments: given };
}

function parseList(parser: Parser, close: string): CelExpression[] {
  const items: CelExpression[] = [];
  while (!take(parser, close)) {
    if (items.length > 0 && !take(parser, ',')) return [fail(parser, 'a list that is not closed')];
    // A list may end with a comma, the arguments of a call may not.
    if (items.length > 0 && close === ']' && take(parser, close)) return items;
    items.push(parseTernary(parser));
  }
  return items;
}

function parseEntries(parser: Parser): [CelExpression, CelExpression][] {
  const entries: [CelExpression, CelExpression][] = [];
  while (!take(parser, '}')) {
    if (entries.length > 0 && !take(parser, ',')) fail(parser, 'a map that is not closed');
    if (entries.length > 0 && take(parser, '}')) return entries;
    const key = parseTernary(parser);
    if (!take(parser, ':')) fail(parser, 'a key without a value');
    if (parser.failure) return [];
    entries.push([key, parseTernary(parser)]);
  }
  return entries;
}

function take(parser: Parser, text: string): boolean {
  const token = parser.tokens[parser.at];
  if (token?.kind !== 'sign' || token.text !== text) return false;
  parser.at++;
  return true;
}

function call(name: string, ...given: CelExpression[]): CelExpression {
  return { kind: 'call', function: name, arguments: given };
}

/** Ends the parse: nothing after this is read. */
function fail(parser: Parser, what: string): CelExpression {
  parser.at = parser.tokens.length;
  return (parser.failure ??= malformed(what));
}

/** Not Envoy's limit, but ours. */
function giveUp(parser: Parser): CelExpression {
  parser.at = parser.tokens.length;
  return (parser.failure ??= { kind: 'unsupported', what: 'so many levels' });
}

function malformed(what: string): CelExpression {
  return { kind: 'malformed', what };
}
