/** Evaluates CEL over what a trace knows; what it does not know stays unknown, and only matters where it decides. */
import { say, words, type Sentence } from '../../record/sentence';
import { compileRegex } from '../regex';
import type { CelExpression } from './celExpression';

/** A JavaScript value, an error of the expression (Envoy treats it as false), or what the files do not tell. */
export type CelValue =
  | { readonly kind: 'value'; readonly value: CelData }
  | { readonly kind: 'error'; readonly because: Sentence }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

export type CelData = string | number | boolean | null | readonly unknown[] | CelMap | Readonly<Record<string, unknown>>;

/** A map whose values are read when asked for; undefined: no such key. */
export interface CelMap {
  readonly lookUp: (key: string) => CelValue | undefined;
}

/** `attribute` gives the top names: `request`, `connection` … */
export function evaluateCel(expression: CelExpression, attribute: (name: string) => CelValue | undefined): CelValue {
  const evaluate = (each: CelExpression): CelValue => evaluateCel(each, attribute);
  switch (expression.kind) {
    case 'literal':
      return known(expression.value);
    case 'name':
      return attribute(expression.name) ?? failed(say`there is no ${expression.name}`);
    case 'field':
      return readField(evaluate(expression.operand), expression.field, expression.test);
    case 'list':
      return mapKnown(expression.items.map(evaluate), (items) => known(items));
    case 'call':
      return callFunction(expression.function, expression.arguments, evaluate);
    case 'unsupported':
      return { kind: 'unknown', missing: say`what a CEL expression with ${words(expression.what)} says` };
  }
}

export function known(value: CelData): CelValue {
  return { kind: 'value', value };
}

export function failed(because: Sentence): CelValue {
  return { kind: 'error', because };
}

function readField(operand: CelValue, field: string, test: boolean): CelValue {
  if (operand.kind !== 'value') return operand;
  const found = lookUp(operand.value, field);
  if (test) return found?.kind === 'unknown' ? found : known(found !== undefined);
  return found ?? failed(say`there is no ${field}`);
}

function lookUp(container: CelData, key: string): CelValue | undefined {
  if (isMap(container)) return container.lookUp(key);
  if (typeof container !== 'object' || container === null || Array.isArray(container)) return undefined;
  return Object.hasOwn(container, key) ? known((container as Record<string, unknown>)[key] as CelData) : undefined;
}

function isMap(value: CelData): value is CelMap {
  return typeof value === 'object' && value !== null && 'lookUp' in value && typeof value.lookUp === 'function';
}

type Evaluate = (expression: CelExpression) => CelValue;

function callFunction(name: string, given: readonly CelExpression[], evaluate: Evaluate): CelValue {
  const [first, second, third] = given;
  if (name === '_&&_' || name === '_||_')
    return first && second ? combine(name === '_&&_', evaluate(first), evaluate(second)) : failed(words('an operand is missing'));
  if (name === '_?_:_') {
    if (!first || !second || !third) return failed(words('an operand is missing'));
    const condition = evaluate(first);
    return condition.kind !== 'value' ? condition : evaluate(condition.value === true ? second : third);
  }
  const strict = STRICT[name];
  if (!strict || !Object.hasOwn(STRICT, name)) return { kind: 'unknown', missing: say`what the CEL function ${name} gives` };
  return mapKnown(given.map(evaluate), strict);
}

/** A false (for and) or a true (for or) decides, whatever the other side is. */
function combine(isAnd: boolean, left: CelValue, right: CelValue): CelValue {
  for (const side of [left, right]) if (side.kind === 'value' && side.value === !isAnd) return known(!isAnd);
  for (const side of [left, right]) if (side.kind === 'unknown') return side;
  for (const side of [left, right]) if (side.kind === 'error') return side;
  return known(isAnd);
}

function mapKnown(values: readonly CelValue[], apply: (values: readonly CelData[]) => CelValue): CelValue {
  const open = values.find(({ kind }) => kind === 'unknown') ?? values.find(({ kind }) => kind === 'error');
  return open ?? apply(values.flatMap((each) => (each.kind === 'value' ? [each.value] : [])));
}

const STRICT: Readonly<Record<string, (given: readonly CelData[]) => CelValue>> = {
  '_==_': ([a, b]) => known(sameData(a, b)),
  '_!=_': ([a, b]) => known(!sameData(a, b)),
  '_<_': ([a, b]) => compare(a, b, (order) => order < 0),
  '_<=_': ([a, b]) => compare(a, b, (order) => order <= 0),
  '_>_': ([a, b]) => compare(a, b, (order) => order > 0),
  '_>=_': ([a, b]) => compare(a, b, (order) => order >= 0),
  '@in': ([item, container]) => contains(container, item),
  _in_: ([item, container]) => contains(container, item),
  in: ([item, container]) => contains(container, item),
  '!_': ([a]) => (typeof a === 'boolean' ? known(!a) : failed(words('! needs a boolean'))),
  '-_': ([a]) => (typeof a === 'number' ? known(-a) : failed(words('- needs a number'))),
  '_+_': ([a, b]) => add(a, b),
  '_-_': ([a, b]) => (typeof a === 'number' && typeof b === 'number' ? known(a - b) : failed(words('- needs numbers'))),
  '_*_': ([a, b]) => (typeof a === 'number' && typeof b === 'number' ? known(a * b) : failed(words('* needs numbers'))),
  '_%_': ([a, b]) => (typeof a === 'number' && typeof b === 'number' && b !== 0 ? known(a % b) : failed(words('% needs numbers'))),
  '_[_]': ([container, key]) => index(container, key),
  size: ([a]) =>
    typeof a === 'string'
      ? known(Array.from(a).length)
      : Array.isArray(a)
        ? known(a.length)
        : { kind: 'unknown', missing: words('the size of a map') },
  string: ([a]) => (typeof a === 'string' || typeof a === 'number' || typeof a === 'boolean' ? known(String(a)) : failed(words('no text'))),
  int: ([a]) =>
    typeof a === 'number' || (typeof a === 'string' && /^-?\d+$/.test(a)) ? known(Math.trunc(Number(a))) : failed(words('no number')),
  startsWith: ([a, b]) => testTexts(a, b, (text, part) => text.startsWith(part)),
  endsWith: ([a, b]) => testTexts(a, b, (text, part) => text.endsWith(part)),
  contains: ([a, b]) => testTexts(a, b, (text, part) => text.includes(part)),
  matches: ([a, b]) => testTexts(a, b, findRegex),
  lowerAscii: ([a]) => (typeof a === 'string' ? known(a.toLowerCase()) : failed(words('no text'))),
  upperAscii: ([a]) => (typeof a === 'string' ? known(a.toUpperCase()) : failed(words('no text'))),
};

/** CEL's `matches` looks anywhere in the text (RE2::PartialMatch). */
function findRegex(text: string, pattern: string): boolean {
  const regex = compileRegex(pattern);
  return regex.kind === 'regex' && regex.pattern.matcher(text).find();
}

function testTexts(a: CelData | undefined, b: CelData | undefined, test: (text: string, part: string) => boolean): CelValue {
  return typeof a === 'string' && typeof b === 'string' ? known(test(a, b)) : failed(words('the function needs texts'));
}

function sameData(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => sameData(item, b[at]));
  return a === b;
}

function compare(a: CelData | undefined, b: CelData | undefined, test: (order: number) => boolean): CelValue {
  if (typeof a === 'number' && typeof b === 'number') return known(test(a - b));
  if (typeof a === 'string' && typeof b === 'string') return known(test(a < b ? -1 : a > b ? 1 : 0));
  return failed(words('the two cannot be compared'));
}

function contains(container: CelData | undefined, item: CelData | undefined): CelValue {
  if (Array.isArray(container)) return known(container.some((each) => sameData(each, item)));
  if (container === undefined || typeof item !== 'string') return failed(words('in needs a list or a map'));
  const found = lookUp(container, item);
  return found?.kind === 'unknown' ? found : known(found !== undefined);
}

function add(a: CelData | undefined, b: CelData | undefined): CelValue {
  if (typeof a === 'number' && typeof b === 'number') return known(a + b);
  if (typeof a === 'string' && typeof b === 'string') return known(a + b);
  return failed(words('+ needs two numbers or two texts'));
}

function index(container: CelData | undefined, key: CelData | undefined): CelValue {
  if (Array.isArray(container) && typeof key === 'number') {
    const items: readonly unknown[] = container;
    return key in items ? known(items[key] as CelData) : failed(words('the list is not that long'));
  }
  const found = container === undefined || typeof key !== 'string' ? undefined : lookUp(container, key);
  return found ?? failed(typeof key === 'string' ? say`there is no ${key}` : words('there is no such key'));
}
