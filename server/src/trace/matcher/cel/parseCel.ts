/** Parses the text of a CEL expression, by precedence climbing. What is not understood becomes `unsupported`, never an exception. */
import { MAX_CEL_DEPTH, type CelExpression } from './celExpression';
import { readCelTokens, type CelToken } from './readCelTokens';

export function parseCel(text: string): CelExpression {
  const tokens = readCelTokens(text);
  if (!tokens) return unsupported('text that is no expression');
  const parser: Parser = { tokens, at: 0, depth: 0 };
  const expression = parseTernary(parser);
  return parser.at === tokens.length ? expression : unsupported('text after the expression');
}

interface Parser {
  readonly tokens: readonly CelToken[];
  at: number;
  depth: number;
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
  if (++parser.depth > MAX_CEL_DEPTH) return fail(parser, 'an expression of too many levels');
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
  return token && token.kind !== 'text' && Object.hasOwn(operators, token.text) ? operators[token.text] : undefined;
}

function parseUnary(parser: Parser): CelExpression {
  if (++parser.depth > MAX_CEL_DEPTH) return fail(parser, 'an expression of too many levels');
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
      if (field?.kind !== 'name') return fail(parser, 'a dot without a name');
      left = take(parser, '(')
        ? { kind: 'call', function: field.text, arguments: [left, ...parseList(parser, ')')] }
        : { kind: 'field', operand: left, field: field.text, test: false };
    } else if (take(parser, '[')) {
      left = call('_[_]', left, parseTernary(parser));
      if (!take(parser, ']')) return fail(parser, 'a bracket that is not closed');
    } else return left;
  }
}

const CONSTANTS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

function parsePrimary(parser: Parser): CelExpression {
  const token = parser.tokens[parser.at++];
  if (token?.kind === 'text') return { kind: 'literal', value: token.text };
  if (token?.kind === 'number') return { kind: 'literal', value: Number(token.text) };
  if (token?.kind === 'name') {
    if (Object.hasOwn(CONSTANTS, token.text)) return { kind: 'literal', value: CONSTANTS[token.text] ?? null };
    return take(parser, '(') ? makeCall(token.text, parseList(parser, ')')) : { kind: 'name', name: token.text };
  }
  if (token?.text === '(') {
    const inner = parseTernary(parser);
    return take(parser, ')') ? inner : fail(parser, 'a parenthesis that is not closed');
  }
  if (token?.text === '[') return { kind: 'list', items: parseList(parser, ']') };
  return fail(parser, token ? `what begins with ${token.text}` : 'an expression that ends too early');
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
    items.push(parseTernary(parser));
  }
  return items;
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
  return unsupported(what);
}

function unsupported(what: string): CelExpression {
  return { kind: 'unsupported', what };
}
