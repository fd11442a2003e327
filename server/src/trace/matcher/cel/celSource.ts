/** A CEL expression as text, to be shown in a reason. What is deep or long is cut. */
import type { CelExpression } from './celExpression';
import { printCel } from './printCel';

const MAX_LENGTH = 160;

/** Example: `request.headers['x-user'] == 'bob'` */
export function celSource(expression: CelExpression): string {
  const text = write(expression, 0);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

const MAX_DEPTH = 12;

function write(expression: CelExpression, depth: number): string {
  const inner = (each: CelExpression): string => write(each, depth + 1);
  if (depth > MAX_DEPTH) return '…';
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'string' ? `'${expression.value}'` : (printCel(expression.value) ?? '…');
    case 'name':
      return expression.name;
    case 'field':
      return expression.test ? `has(${inner(expression.operand)}.${expression.field})` : `${inner(expression.operand)}.${expression.field}`;
    case 'list':
      return `[${expression.items.map(inner).join(', ')}]`;
    case 'map':
      return `{${expression.entries.map(([key, value]) => `${inner(key)}: ${inner(value)}`).join(', ')}}`;
    case 'call':
      return writeCall(expression.function, expression.arguments.map(inner));
    case 'comprehension':
    case 'malformed':
    case 'unsupported':
      return '…';
  }
}

/** The names of operators hold their operands' places: `_==_`, `!_`, `_[_]`, `@in`. */
function writeCall(name: string, operands: readonly string[]): string {
  const [first = '', second = '', third = ''] = operands;
  if (name === '_[_]') return `${first}[${second}]`;
  if (name === '_?_:_') return `${first} ? ${second} : ${third}`;
  if (name === '@in') return `${first} in ${second}`;
  const infix = /^_(.+)_$/.exec(name)?.[1];
  if (infix !== undefined) return `${first} ${infix} ${second}`;
  if (name === '!_' || name === '-_') return `${name.charAt(0)}${first}`;
  return METHODS.has(name) ? `${first}.${name}(${operands.slice(1).join(', ')})` : `${name}(${operands.join(', ')})`;
}

const METHODS: ReadonlySet<string> = new Set([
  'startsWith',
  'endsWith',
  'contains',
  'matches',
  'lowerAscii',
  'upperAscii',
  'replace',
  'split',
]);
